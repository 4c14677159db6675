"""Appeals in the back office: admissible or not, who scores anew, what is decided, by two people."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.admin import ScopedRelatedFilter, scopes
from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from judging.models import AssignmentStatus, JuryKind, Purpose, ScorecardStatus
from judging.services.late import independent_judges
from nominations.content import as_submitted
from nominations.models import Entry
from results.admin.lists import ReadOnlyAdmin
from results.forms.appeals import LookForm, PanelForm, VerdictForm
from results.forms.console import ReasonForm
from results.models import Appeal, AppealReview, AppealStatus, OutcomeRule, StandingRow
from results.services.appeals import (
    LEAST_REVIEWS,
    ask_panel,
    concerned_by,
    confirm_decision,
    current_holders,
    keeps_from_deciding,
    look_at,
    propose_decision,
    return_decision,
    reviews_given,
)
from results.services.ranking import latest_standing


def of_appeals(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Appeals about entries the person runs and no conflict hides."""
    return rows.filter(pk__in=Appeal.objects.organised_by(user).values("pk"))


scopes[Appeal] = of_appeals


def appeal_for(request: HttpRequest, pk: int) -> Appeal:
    """One appeal with what its page shows."""
    found = (
        Appeal.objects.organised_by(request.user)
        .filter(pk=pk)
        .select_related(
            "rule__season__programme",
            "entry__organisation",
            "entry__nomination",
            "filed_by",
            "looked_at_by",
            "proposed_by",
            "confirmed_by",
        )
        .first()
    )
    if found is None:
        raise Http404
    as_submitted([found.entry])
    return found


def look(request: UserRequest, appeal: Appeal, data: Any) -> LookForm:
    """Whether it is admissible."""
    form = LookForm(data)
    if form.is_bound and form.is_valid():
        try:
            look_at(
                appeal,
                admit=form.cleaned_data["verdict"] == "admit",
                answer=form.cleaned_data["answer"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return form


def panel(request: UserRequest, appeal: Appeal, data: Any) -> PanelForm:
    """Who scores the entry anew."""
    rounds = list(appeal.rule.rounds.select_related("season").order_by("stage__opens_at"))
    judges = independent_judges(rounds[0], appeal.entry, Purpose.APPEAL) if rounds else []
    form = PanelForm(data, rounds=rounds, judges=judges, zone=appeal.rule.season.zone)
    if form.is_bound and form.is_valid():
        try:
            ask_panel(
                appeal,
                form.rounds[form.cleaned_data["round"]],
                form.chosen(),
                until=form.cleaned_data["until"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return form


def verdict(request: UserRequest, appeal: Appeal, data: Any) -> VerdictForm:
    """What is decided."""
    entries = choices(request, appeal)
    held = current_holders(appeal.rule, appeal.entry.nomination)
    preset = [str(one.pk) for one in entries if one.pk in held]
    form = VerdictForm(data, entries=entries, initial={"holders": preset})
    if form.is_bound and form.is_valid():
        try:
            propose_decision(
                appeal,
                changes=form.cleaned_data["changes"] == "yes",
                reasons=form.cleaned_data["reasons"],
                holders=form.chosen(),
                by=request.user,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return form


def choices(request: HttpRequest, appeal: Appeal) -> list[Entry]:
    """Entries that are ranked or hold the outcome, as far as the person may see them.

    A holder who fell out of the standing is among them, so that somebody takes the outcome away.
    """
    concerned = concerned_by(appeal.rule, appeal.entry.nomination)
    shown = list(
        Entry.objects.organised_by(request.user)
        .filter(pk__in=concerned)
        .select_related("organisation")
        .order_by("number")
    )
    as_submitted(shown)
    return shown


def second(request: UserRequest, appeal: Appeal, data: Any) -> ReasonForm:
    """The second person confirms, or gives the decision back with a reason."""
    if data is not None and data.get("act") == "confirm":
        form = ReasonForm()
        try:
            confirm_decision(appeal, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        return form
    form = ReasonForm(data)
    if form.is_bound and form.is_valid():
        try:
            return_decision(appeal, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return form


STEPS = {"look": look, "panel": panel, "verdict": verdict, "second": second}
OPEN_STEPS = {
    AppealStatus.FILED: ["look"],
    AppealStatus.ADMITTED: ["panel", "verdict"],
    AppealStatus.PROPOSED: ["second"],
}
DECIDING = {"verdict", "second"}


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def handle(request: UserRequest, pk: int) -> HttpResponse:
    """Everything about one appeal, and the step it waits for."""
    appeal = appeal_for(request, pk)
    before = appeal.status
    sent = request.POST.get("step") if request.method == "POST" else None
    steps = OPEN_STEPS.get(AppealStatus(appeal.status), [])
    kept_out = not DECIDING.isdisjoint(steps) and keeps_from_deciding(appeal, request.user)
    if kept_out:
        steps = [one for one in steps if one not in DECIDING]
    forms = {
        name: STEPS[name](request, appeal, request.POST if sent == name else None) for name in steps
    }
    bound = forms.get(sent or "")
    if request.method == "POST" and (bound is None or not bound.is_bound or not bound.errors):
        again = appeal_for(request, pk)
        if again.status != before or (bound is not None and bound.is_bound):
            messages.success(request, _("Done."))
        return redirect("admin:results_appeal_handle", pk)
    return TemplateResponse(
        request,
        "admin/results/appeal.html",
        {
            **admin.site.each_context(request),
            **about(request, appeal),
            "title": _("Appeal about %(number)s") % {"number": appeal.entry.number},
            "forms": forms,
            "kept_out": kept_out,
        },
        status=422 if sent else 200,
    )


def about(request: UserRequest, appeal: Appeal) -> dict[str, Any]:
    """What the page shows of the appeal, its reviews and the ranking."""
    entries = choices(request, appeal)
    standings = list(
        appeal.rule.standings.filter(
            nomination=appeal.entry.nomination_id, computed_at__lte=appeal.filed_at
        ).order_by("-computed_at", "-pk")[:1]
    )
    latest = latest_standing(appeal.rule, appeal.entry.nomination)
    reviews = list(
        appeal.reviews.select_related(
            "assignment__judge__user", "assignment__round", "assignment__scorecard"
        )
    )
    return {
        "appeal": appeal,
        "season": appeal.rule.season,
        "rule": appeal.rule,
        "files": list(appeal.files.all()),
        "reviews": [
            {
                "judge": one.assignment.judge,
                "round": one.assignment.round.name,
                "until": one.assignment.until,
                "status": one.assignment.get_status_display()
                if one.assignment.status != AssignmentStatus.ACTIVE
                else "",
                "total": one.assignment.scorecard.total
                if getattr(one.assignment, "scorecard", None) is not None
                and one.assignment.scorecard.status == ScorecardStatus.SUBMITTED
                else None,
            }
            for one in reviews
        ],
        "asked": given_by_round(appeal, reviews),
        "least": LEAST_REVIEWS,
        "has_panel": appeal.rule.season.juries.filter(kind=JuryKind.REVIEW).exists(),
        "table": table(entries, standings[0] if standings else None, latest, appeal),
        "stale": latest is None or (standings and latest == standings[0]),
        "own_decision": appeal.proposed_by_id == request.user.pk
        and appeal.rule.season.two_person_release,
        "holders": [one for one in entries if one.pk in set(appeal.holders)],
        "nomination_url": reverse(
            "admin:results_outcomerule_nomination",
            args=[appeal.rule_id, appeal.entry.nomination.number],
        ),
    }


def given_by_round(appeal: Appeal, reviews: list[AppealReview]) -> list[tuple[str, int]]:
    """How many independent scorecards are in, for each round somebody was asked about."""
    given = reviews_given(appeal)
    rounds = {one.assignment.round_id: str(one.assignment.round.name) for one in reviews}
    return [(name, given.get(pk, 0)) for pk, name in rounds.items()]


def table(entries: list[Entry], before: Any, after: Any, appeal: Appeal) -> list[dict[str, Any]]:
    """Places and scores before the appeal and with the new scores, for entries one may see."""
    standings = [one for one in (before, after) if one is not None]
    rows = {
        (row.standing_id, row.entry_id): row
        for row in StandingRow.objects.filter(standing__in=standings, entry__in=entries)
    }
    held = current_holders(appeal.rule, appeal.entry.nomination)
    shown = [
        {
            "entry": entry,
            "own": entry.pk == appeal.entry_id,
            "before": rows.get((before.pk, entry.pk)) if before else None,
            "after": rows.get((after.pk, entry.pk)) if after else None,
            "below": is_below(rows.get((after.pk, entry.pk)) if after else None, appeal.rule),
            "held": entry.pk in held,
        }
        for entry in entries
    ]
    return sorted(
        shown,
        key=lambda one: (
            one["after"] is None or one["after"].place is None,
            one["after"].place or 0 if one["after"] else 0,
            one["entry"].number,
        ),
    )


def is_below(row: StandingRow | None, rule: OutcomeRule) -> bool:
    """Whether the score is under the least one that is proposed."""
    return (
        row is not None
        and row.score is not None
        and rule.least_score is not None
        and row.score < rule.least_score
    )


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    """Appeals of one's seasons, those that wait first in the filter."""

    list_display = ["to_handle", "rule", "ground", "status", "filed_at", "decided_at"]
    list_filter = ["status", "ground", ("rule", ScopedRelatedFilter)]
    list_select_related = ["entry__organisation", "rule__season"]
    search_fields = ["entry__number", "entry__organisation__name"]
    fields = ["entry", "rule", "ground", "text", "status", "filed_at", "reasons", "decided_at"]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/handle/",
                self.admin_site.admin_view(handle),
                name="results_appeal_handle",
            )
        ]
        standard: list[URLPattern] = super().get_urls()
        return own + standard

    @admin.display(description=gettext_lazy("entry"), ordering="entry__number")
    def to_handle(self, appeal: Appeal) -> str:
        return format_html(
            '<a class="font-semibold" href="{}">{}</a>',
            reverse("admin:results_appeal_handle", args=[appeal.pk]),
            appeal.entry.number,
        )
