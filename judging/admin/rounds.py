"""Rounds with their progress, assignments, and the slots of a defence."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import ScopedModelAdmin, ScopedRelatedFilter, ScopedTabularInline
from common.readable import ReadableTexts
from judging.admin import distributing, live
from judging.admin.common import act_with_reason
from judging.blind import entries_that_name_the_applicant
from judging.forms.back_office import AssignmentForm, SlotForm
from judging.forms.rubrics import RoundForm
from judging.models import (
    Assignment,
    Calibration,
    DefenceSlot,
    JuryKind,
    PanelWeight,
    Round,
    Scorecard,
    ScorecardStatus,
    Trial,
)
from judging.progress import RoundProgress, progress_of
from judging.services import (
    assign,
    plan_defence,
    withdraw_assignment,
)

LOCKED_BY_WORK = (
    "season",
    "rubric",
    "entrants",
    "nominations",
    "way",
    "one_list",
    "ties_allowed",
    "comment_on_no",
    "budget",
    "most_points",
    "comparisons_each",
)


def lacks_weights(round_: Round) -> bool:
    """Whether experts and the public judge together without weights, or one jury alone has none."""
    juries = list(round_.juries.exclude(kind=JuryKind.REVIEW))
    weighed = set(round_.panel_weights.values_list("jury", flat=True))
    mixed = len({one.kind == JuryKind.PUBLIC for one in juries}) > 1
    return any(one.pk not in weighed for one in juries) if weighed else mixed


class PanelWeightInline(ScopedTabularInline):
    """What each jury of a round weighs; none: all scorecards of experts count alike."""

    model = PanelWeight
    fields = ("jury", "weight")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "jury":
            field.queryset = field.queryset.select_related("season")
        return field


@admin.register(Round)
class RoundAdmin(ReadableTexts, ScopedModelAdmin):
    """Rounds of judging, and how far each is."""

    form = RoundForm
    list_display = (
        "name",
        "season",
        "stage",
        "assigned",
        "started",
        "submitted",
        "with_quorum",
        "distribute_link",
    )
    list_filter = (("season", ScopedRelatedFilter),)
    list_select_related = ("season", "stage__season")
    fields = (
        "name",
        "season",
        "slug",
        "stage",
        "entrants",
        "rubric",
        ("weight", "quorum"),
        "shows",
        "calibration",
        ("see_others", "others_named"),
        "discussion_until",
        "juries",
        "nominations",
        "asks_preferences",
        "way",
        "question",
        ("one_list", "ties_allowed", "comment_on_no"),
        ("budget", "most_points", "comparisons_each"),
    )
    inlines = (PanelWeightInline,)
    filter_horizontal = ("juries", "nominations")
    actions = ("distribute_entries", "assign_to_everybody", "list_named")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Say at once that juries still lack their weights."""
        super().save_related(request, form, formsets, change)
        if lacks_weights(form.instance):
            messages.warning(
                request,
                _(
                    "Nothing says what each jury of this round weighs. Give every jury a weight "
                    "here, or name each as a part of the outcome: otherwise no result is computed."
                ),
            )

    def get_urls(self) -> list[URLPattern]:
        return [*distributing.urls(self.admin_site), *super().get_urls()]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Count for the page's rows at once."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        progress = progress_of(rows, request.user)  # type: ignore[arg-type]
        for row in rows:
            row.progress = progress[row.pk]
        changelist.result_list = rows
        return changelist

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.inlines, *live.inlines_for(request, obj)]

    @admin.action(
        description=gettext_lazy("Give every entry to every judge"), permissions=["change"]
    )
    def assign_to_everybody(self, request: HttpRequest, rows: Any) -> None:
        """As a jury hears every defence; conflicts are left out."""
        live.give_to_everybody(request, rows)  # type: ignore[arg-type]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Once somebody has begun to score, by what and what stands still."""
        begun = obj is not None and Scorecard.objects.filter(assignment__round=obj).exists()
        if begun:
            return LOCKED_BY_WORK
        answered = obj is not None and Trial.objects.filter(sample__round=obj).exists()
        return ("season", "rubric", "way") if answered else ()

    @admin.display(description=gettext_lazy("assigned"))
    def assigned(self, round_: Any) -> int:
        """Active assignments."""
        return int(round_.progress.assigned)

    @admin.display(description=gettext_lazy("started"))
    def started(self, round_: Any) -> int:
        """Scorecards begun and not submitted."""
        return int(round_.progress.started)

    @admin.display(description=gettext_lazy("submitted"))
    def submitted(self, round_: Any) -> int:
        """Scorecards that count."""
        return int(round_.progress.submitted)

    @admin.display(description=gettext_lazy("entries with a quorum"))
    def with_quorum(self, round_: Any) -> str:
        """Entries with enough scorecards, of those assigned."""
        progress: RoundProgress = round_.progress
        return f"{progress.with_quorum} / {progress.entries}"

    @admin.display(description="")
    def distribute_link(self, round_: Round) -> str:
        """The way to the distribution page, and to the plan of a defence."""
        url = reverse("admin:judging_round_distribute", args=[round_.pk])
        links = [(url, _("Distribute entries…"))]
        if round_.has_defence:
            links.append((reverse("judging:plan", args=[round_.pk]), _("Plan the defence")))
        if round_.calibration != Calibration.NONE:
            links.append(
                (reverse("judging:calibration_judges", args=[round_.pk]), _("Calibration"))
            )
        return format_html_join(" · ", '<a class="underline" href="{}">{}</a>', links)

    @admin.action(description=gettext_lazy("Distribute entries…"), permissions=["change"])
    def distribute_entries(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """Go to the page that shows who would get what."""
        if rows.count() != 1:
            messages.warning(request, _("Choose one round."))
            return None
        return redirect("admin:judging_round_distribute", rows.get().pk)

    @admin.action(
        description=gettext_lazy("List entries that name their applicant…"), permissions=["view"]
    )
    def list_named(self, request: HttpRequest, rows: Any) -> HttpResponse:
        """What a blind jury could still read the applicant from: for a look before judging begins."""
        found = [
            (one, entries_that_name_the_applicant(one, request.user))
            for one in rows
            if one.hides_applicant
        ]
        context = {
            **admin.site.each_context(request),
            "title": _("Entries that name their applicant"),
            "found": found,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "admin/judging/named.html", context)


class WorkFilter(admin.SimpleListFilter):
    """How far the judge is."""

    title = gettext_lazy("scorecard")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("none", gettext_lazy("not started")),
            (ScorecardStatus.DRAFT.value, gettext_lazy("started")),
            (ScorecardStatus.SUBMITTED.value, gettext_lazy("submitted")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "none":
            return queryset.filter(scorecard=None)
        return queryset.filter(scorecard__status=self.value()) if self.value() else queryset


@admin.register(Assignment)
class AssignmentAdmin(ScopedModelAdmin):
    """Who scores what, and how far they are."""

    form = AssignmentForm
    list_display = ("entry", "judge", "round", "status", "work", "reason", "assigned_at")
    list_filter = (
        ("round", ScopedRelatedFilter),
        "status",
        WorkFilter,
        ("judge", ScopedRelatedFilter),
    )
    list_select_related = (
        "entry__organisation",
        "judge__user",
        "round__season",
        "scorecard",
    )
    search_fields = ("entry__number", "entry__organisation__name", "judge__user__full_name")
    actions = ("withdraw",)
    may_change = False

    @admin.display(description=gettext_lazy("scorecard"))
    def work(self, row: Assignment) -> str:
        """Not started, started or submitted."""
        scorecard = getattr(row, "scorecard", None)
        return scorecard.get_status_display() if scorecard else _("not started")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("round", "entry_number", "judge")
        return ("round", "entry", "judge", "status", "reason", "assigned_at", "assigned_by")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["fields"] = ("round", "judge") if obj is None else ()
        made = super().get_form(request, obj, **kwargs)
        return type("AssignmentFormOfOrganiser", (made,), {"organiser": request.user})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "judge":
            field.queryset = field.queryset.active().select_related("user", "jury__season")
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = assign(obj.round, obj.judge, form.cleaned_data["entry_number"], by=request.user)  # type: ignore[arg-type]
        obj.pk, obj.entry = made.pk, made.entry

    @admin.action(description=gettext_lazy("Withdraw from the judge…"), permissions=["view"])
    def withdraw(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """Take entries back; what was marked stays on record."""
        return act_with_reason(
            self,
            request,
            rows.select_related("entry", "judge__user"),
            action="withdraw",
            title=_("Withdraw from the judge"),
            text=_(
                "The judge loses access at once; what they marked stays on record and does not count."
            ),
            act=lambda row, reason: withdraw_assignment(row, by=request.user, reason=reason),  # type: ignore[arg-type]
            done=gettext_lazy("Withdrawn: %(count)d."),
        )


@admin.register(DefenceSlot)
class DefenceSlotAdmin(ScopedModelAdmin):
    """When finalists present; each change is mailed to the nominee."""

    form = SlotForm
    list_display = ("starts_at", "minutes", "entry", "round", "place", "video_link")
    list_filter = (("round", ScopedRelatedFilter),)
    list_select_related = ("entry__organisation", "round__season")
    search_fields = ("entry__number", "entry__organisation__name")
    season_path = "round.season"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        entry = "entry_number" if obj is None else "entry"
        return ("round", entry, "starts_at", "minutes", "place", "video_link")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("round", "entry")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        fields = ("starts_at", "minutes", "place", "video_link")
        kwargs["fields"] = ("round", *fields) if obj is None else fields
        made = super().get_form(request, obj, **kwargs)
        attributes: dict[str, Any] = {"organiser": request.user}
        if obj is not None:
            attributes["entry_number"] = None
        return type("SlotFormOfOrganiser", (made,), attributes)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "round":
            field.queryset = field.queryset.select_related("season")
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        entry = obj.entry if change else form.cleaned_data["entry_number"]
        made = plan_defence(
            obj.round,
            entry,
            by=request.user,  # type: ignore[arg-type]
            starts_at=obj.starts_at,
            minutes=obj.minutes,
            place=obj.place,
            video_link=obj.video_link,
        )
        obj.pk, obj.entry = made.pk, made.entry
