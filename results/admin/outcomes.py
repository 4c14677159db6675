"""The console of an outcome: rank, decide, release."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.admin import ScopedModelAdmin, ScopedTabularInline, scopes
from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from nominations.barriers import barred
from nominations.content import as_submitted
from nominations.models import Entry
from results.admin.lists import of_seasons
from results.admin.standings import (
    ResultPartFormSet,
    protocol_json,
    protocol_pdf,
    rank,
    rules,
)
from results.forms.console import DecisionForm, OutcomeForm, ReasonForm, ReleaseForm
from results.glance import glances, name
from results.industries import by_industry
from results.insight import picture_of
from results.models import (
    ENDED,
    OutcomeRule,
    Release,
    ReleaseState,
    ResultPart,
    RunState,
    StandingRun,
)
from results.overview import (
    NominationShown,
    current_release,
    nomination_shown,
    release_shown,
    waiting_retraction,
)
from results.permissions import is_second_person, why_barred, without_interest
from results.services import (
    arm_release,
    ask_standings,
    cancel_release,
    confirm_outcomes,
    confirm_proposals,
    confirm_release,
    latest_run,
)
from results.services.decisions import proposed_again
from results.services.outdated import changed_since, decided_on_older

scopes[OutcomeRule] = of_seasons("season")
scopes[ResultPart] = of_seasons("rule__season")
View = Callable[..., HttpResponseBase]
# What other files of the console add: route, view, name.
more_views: list[tuple[str, View, str]] = []
PER_PAGE, MOST_LEADERS = 50, 3


def rule_for(request: HttpRequest, pk: int) -> OutcomeRule:
    """The outcome, if it is of a season the person runs."""
    rules = scopes[OutcomeRule](OutcomeRule.objects.all(), request.user)
    standing = Release.objects.filter(rule=OuterRef("pk")).exclude(state__in=ENDED)
    found: OutcomeRule | None = (
        rules.filter(pk=pk)
        .select_related("season__programme", "stage", "priority")
        .annotate(has_release=Exists(standing))
        .first()
    )
    if found is None:
        raise Http404
    return found


def page(
    request: HttpRequest,
    template: str,
    rule: OutcomeRule,
    title: str,
    *,
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """A page of the console inside the back office."""
    return TemplateResponse(
        request,
        f"admin/results/{template}.html",
        {
            **admin.site.each_context(request),
            "title": title,
            "rule": rule,
            "season": rule.season,
            "outcome": rule.get_kind_display(),
            "console_url": reverse("admin:results_outcomerule_console", args=[rule.pk]),
            **context,
        },
        status=status,
    )


def to_console(rule: OutcomeRule) -> HttpResponseRedirect:
    """Back to the overview of the outcome."""
    return redirect("admin:results_outcomerule_console", rule.pk)


def title_of(rule: OutcomeRule) -> str:
    """Season and outcome, in words."""
    return f"{rule.season} · {rule.get_kind_display()}"


@policy(STAFF)
@require_safe
def console(request: UserRequest, pk: int) -> HttpResponse:
    """Every nomination at a glance, and the release."""
    rule = rule_for(request, pk)
    shown = glances(rule, request.user)
    release = current_release(rule)
    with_entries = [one for one in shown if one.entries]
    pages = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    name(pages.object_list, lambda one: one.leaders[:MOST_LEADERS])
    return page(
        request,
        "console",
        rule,
        title_of(rule),
        nominations=list(pages.object_list),
        pages=pages,
        release=release,
        may_confirm=release is not None and is_second_person(request.user, release),
        retraction=waiting_retraction(rule) if release and release.taken_back else None,
        partly_public=release is not None and release.partly_public,
        run=latest_run(rule),
        own_release=release is not None and release.armed_by_id == request.user.pk,
        with_entries=len(with_entries),
        computed=sum(one.standing is not None for one in with_entries),
        changed=sum(one.changed for one in shown),
        contested=sum(one.contested > 0 for one in shown),
        departing=sum(one.departs for one in shown),
        decided=sum(bool(one.decided) for one in with_entries),
        lacking=sum(one.lacking for one in shown),
    )


def shown_for(
    request: UserRequest, rule: OutcomeRule, number: int, *, decisions: bool = True
) -> NominationShown:
    """One nomination of the season as the person may see it."""
    shown = nomination_shown(rule, request.user, number, decisions=decisions)
    if shown is None:
        raise Http404
    as_submitted(row.entry for row in shown.rows)
    return shown


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def nomination(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """The table of one nomination, with boxes to confirm who gets the outcome."""
    rule = rule_for(request, pk)
    shown = shown_for(request, rule, number)
    form = DecisionForm(request.POST or None, shown=shown)
    if request.method == "POST" and form.is_valid():
        chosen = Entry.objects.organised_by(request.user).filter(pk__in=form.chosen())
        try:
            confirm_outcomes(
                rule, shown.nomination, chosen, by=request.user, reasons=form.reasons()
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(
                request,
                _("Confirmed: %(nomination)s.") % {"nomination": shown.nomination},
            )
            return to_console(rule)
    return page(
        request,
        "nomination",
        rule,
        str(shown.nomination),
        shown=shown,
        form=form,
        ticked=form.ticked(),
        frozen=rule.has_release,
        older=shown.decided_earlier,
        run=latest_run(rule, shown.nomination),
        rounds=[part.round for part in shown.rows[0].parts] if shown.rows else [],
        picture=picture_of(shown, rule),
        industries=by_industry(shown, rule, request.user),
    )


@policy(STAFF)
@require_POST
def compute_one(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Compute the standing of one nomination."""
    rule = rule_for(request, pk)
    shown = shown_for(request, rule, number, decisions=False)
    run = ask_standings(rule, by=request.user, nomination=shown.nomination)
    say(request, run, _("The standing is computed."))
    return redirect("admin:results_outcomerule_nomination", rule.pk, number)


@policy(STAFF)
@require_POST
def compute_every(request: UserRequest, pk: int) -> HttpResponse:
    """Compute the standings of all nominations that have entries."""
    rule = rule_for(request, pk)
    run = ask_standings(rule, by=request.user)
    say(request, run, _("All standings are computed."))
    return to_console(rule)


def say(request: UserRequest, run: StandingRun, done: str) -> None:
    """What became of a computation; a small portal does also a large one at once."""
    run.refresh_from_db()
    if run.state == RunState.WAITING:
        messages.info(request, _("The standings are being computed; this page says how far."))
    elif run.state == RunState.DONE and not run.refused:
        messages.success(request, done)
    for number, why in run.refused:
        one = number is None or run.nomination_id is not None
        where = "" if one else _("Nomination %(number)d: ") % {"number": number}
        messages.error(request, f"{where}{why}")


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_every(request: UserRequest, pk: int) -> HttpResponse:
    """Confirm the proposals of all nominations nobody has decided."""
    rule = rule_for(request, pk)
    if request.method == "POST":
        try:
            done, refused = confirm_proposals(rule, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return to_console(rule)
        if done:
            messages.success(
                request,
                _("Confirmed nominations: %(numbers)s.")
                % {"numbers": ", ".join(str(one.number) for one in done)},
            )
        for one, why in refused:
            messages.warning(request, f"{one}: {why}")
        if not done and not refused:
            messages.info(request, _("There was nothing to confirm."))
        return to_console(rule)
    waiting = [one for one in glances(rule, request.user) if one.proposed and not one.decided]
    name(waiting, lambda one: one.proposed)
    hidden = Entry.objects.filter(barred(request.user)).values("nomination")
    return page(
        request,
        "confirm_all",
        rule,
        _("Confirm all proposals"),
        waiting=waiting,
        again=[] if rule.has_release else proposed_again(rule).exclude(pk__in=hidden),
    )


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: UserRequest, pk: int) -> HttpResponse:
    """Prepare the release: what it will publish and send, and when."""
    rule = rule_for(request, pk)
    form = ReleaseForm(request.POST or None, rule=rule)
    if request.method == "POST" and form.is_valid():
        try:
            arm_release(
                rule,
                by=request.user,
                not_before=form.cleaned_data["not_before"],
                by_ceremony=form.cleaned_data["by_ceremony"],
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("The release is prepared."))
            return to_console(rule)
    release = current_release(rule)
    barred = why_barred(request.user, rule.season)
    return page(
        request,
        "release",
        rule,
        _("Prepare the release"),
        form=form,
        release=release,
        barred=barred,
        older=[] if release or barred else decided_on_older(rule),
        others=without_interest(rule.season, besides=[request.user]),
        preview=release_shown(rule, request.user),
    )


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: UserRequest, pk: int) -> HttpResponse:
    """Confirm what somebody else prepared."""
    rule = rule_for(request, pk)
    release = current_release(rule)
    if release is None:
        messages.info(request, _("No release is prepared."))
        return to_console(rule)
    if request.method == "POST":
        try:
            confirm_release(release, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The release is confirmed."))
        return to_console(rule)
    first = release.armed_by if release.two_people else None
    barred = why_barred(request.user, rule.season, first=first)
    waits = release.state == ReleaseState.ARMED and not barred
    return page(
        request,
        "release_confirm",
        rule,
        _("Confirm the release"),
        release=release,
        barred=barred,
        older=[] if barred else sorted(map(int, release.older)),
        changed=changed_since(release) if waits else [],
        may_confirm=is_second_person(request.user, release),
        preview=release_shown(rule, request.user),
    )


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Take a release back before it happens."""
    rule = rule_for(request, pk)
    release = current_release(rule)
    if release is None or release.state == ReleaseState.RELEASED:
        messages.info(request, _("There is nothing to cancel."))
        return to_console(rule)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_release(release, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("The release is cancelled."))
            return to_console(rule)
    return page(
        request, "release_cancel", rule, _("Cancel the release"), form=form, release=release
    )


RULES = ("least_score", "method", "missing", "ties", "priority", "quota_mode", "seed")


class ResultPartInline(ScopedTabularInline):
    """The tree of a result; without parts the rounds count by their own weights."""

    model = ResultPart
    formset = ResultPartFormSet
    fields = [
        "slug",
        "under",
        "name",
        "weight",
        "round",
        "jury",
        "scale",
        "method",
        "quorum",
        "decimals",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None and obj.decisions.exists() else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.queryset = field.queryset.select_related("season")
        return field


@admin.register(OutcomeRule)
class OutcomeRuleAdmin(ScopedModelAdmin):
    """How outcomes come about, each with its console."""

    form = OutcomeForm
    list_display = ["to_console", "stage", "quota", "diploma", "state"]
    list_display_links = None
    list_select_related = ["season", "stage"]
    change_form_outer_before_template = "admin/results/_to_console.html"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "season",
                    "kind",
                    "stage",
                    "rounds",
                    "quota",
                    "least_score",
                    "diploma",
                    "appeal_days",
                ]
            },
        ),
        (
            gettext_lazy("How places come about"),
            {"fields": ["method", "missing", "ties", "priority", "quota_mode", "seed"]},
        ),
    ]
    inlines = [ResultPartInline]

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, View, str]] = [
            ("<int:pk>/console/", console, "console"),
            ("<int:pk>/nominations/<int:number>/", nomination, "nomination"),
            ("<int:pk>/nominations/<int:number>/compute/", compute_one, "compute_one"),
            ("<int:pk>/nominations/<int:number>/protocol.json", protocol_json, "protocol_json"),
            ("<int:pk>/nominations/<int:number>/protocol.pdf", protocol_pdf, "protocol_pdf"),
            ("<int:pk>/compute/", compute_every, "compute_all"),
            ("<int:pk>/rules/", rules, "rules"),
            ("rank/", rank, "rank"),
            ("<int:pk>/confirm/", confirm_every, "confirm_all"),
            ("<int:pk>/release/", prepare, "release"),
            ("<int:pk>/release/confirm/", confirm, "release_confirm"),
            ("<int:pk>/release/cancel/", cancel, "release_cancel"),
        ]
        own = [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"results_outcomerule_{name}",
            )
            for route, view, name in [*views, *more_views]
        ]
        standard: list[URLPattern] = super().get_urls()
        return own + standard

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OutcomeRule]:
        return super().get_queryset(request).prefetch_related("releases")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Fixed rules and frozen standings stay, and the outcome with them."""
        frozen_rows = obj is not None and (obj.locks.exists() or obj.standings.exists())
        return super().has_delete_permission(request, obj) and not frozen_rows

    def get_readonly_fields(self, request: HttpRequest, obj: OutcomeRule | None = None) -> Any:
        """Once somebody has decided, the rule by which stands still."""
        if obj is None:
            return ()
        if obj.decisions.exists():
            return ("season", "kind", "rounds", "quota", "diploma", *RULES)
        return ("season", "kind")

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "rounds":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("outcome"), ordering="kind")
    def to_console(self, rule: OutcomeRule) -> str:
        return format_html(
            '<a class="font-semibold" href="{}">{}</a>',
            reverse("admin:results_outcomerule_console", args=[rule.pk]),
            title_of(rule),
        )

    @admin.display(description=gettext_lazy("release"))
    def state(self, rule: OutcomeRule) -> str:
        standing = [one for one in rule.releases.all() if one.state not in ENDED]
        return str(standing[0].get_state_display()) if standing else "—"
