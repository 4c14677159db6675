"""Scorecards, for reading: of the organiser's seasons, and never across a conflict."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedRelatedFilter, ScopedTabularInline
from judging.admin.common import ReadOnlyAdmin, act_with_reason
from judging.admin.corrections import CorrectionInline, LeaveInline
from judging.models import Mark, Quote, Scorecard, Verdict
from judging.services import give_leave
from judging.services.public_jury import strike_ballot


class MarkInline(ScopedTabularInline):
    """The marks, criterion by criterion."""

    model = Mark
    fields = ("criterion", "value", "abstained", "comment", "changed_at")
    readonly_fields = fields
    may_add = False
    may_change = False
    may_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return (
            super()
            .get_queryset(request)
            .select_related("criterion")
            .order_by("criterion__dimension__position", "criterion__position")
        )


class VerdictInline(ScopedTabularInline):
    """A word, a place or points, where the round is not judged by scorecards."""

    model = Verdict
    fields = ("answer", "place", "points", "of")
    readonly_fields = fields
    may_add = False
    may_change = False
    may_delete = False


class QuoteInline(ScopedTabularInline):
    """What the judge quoted from the essay, by criterion."""

    model = Quote
    fields = ("criterion", "text", "prompt", "made_at")
    readonly_fields = fields
    may_add = False
    may_change = False
    may_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("criterion")


@admin.register(Scorecard)
class ScorecardAdmin(ReadOnlyAdmin):
    """What judges gave; a submitted scorecard is locked in the database itself."""

    list_display = ("entry", "judge", "round", "status", "points", "time_spent", "submitted_at")
    list_filter = (
        ("assignment__round", ScopedRelatedFilter),
        "status",
        ("assignment__judge", ScopedRelatedFilter),
    )
    list_select_related = (
        "assignment__entry__organisation",
        "assignment__judge__user",
        "assignment__round__season",
    )
    search_fields = (
        "assignment__entry__number",
        "assignment__entry__organisation__name",
        "assignment__judge__user__full_name",
    )
    fields = (
        "entry",
        ("judge", "round"),
        ("status", "total"),
        ("started_at", "submitted_at", "time_spent"),
        "revision",
        "comment",
        "private_note",
    )
    readonly_fields = ("entry", "judge", "round", "time_spent")
    inlines = (MarkInline, QuoteInline, VerdictInline, CorrectionInline, LeaveInline)
    ordering = ("-pk",)
    actions = ("let_correct", "strike")

    def has_act_permission(self, request: HttpRequest) -> bool:
        """The rows are for reading, and still there is one thing to do with them."""
        return self.has_view_permission(request)

    @admin.action(description=_("Let the judge correct…"), permissions=["act"])
    def let_correct(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """What was submitted stays; the judge may put new marks beside it, once."""
        return act_with_reason(
            self,
            request,
            rows,
            action="let_correct",
            title=_("Let the judge correct"),
            text=_(
                "The judge may put new marks beside the submitted ones, once and with a reason. Both"
                " stand in the ledger; the new ones count."
            ),
            act=lambda card, reason: give_leave(card, by=request.user, reason=reason),  # type: ignore[arg-type]
            done=_("Allowed: %(count)d."),
        )

    @admin.action(description=_("Strike ballots of a public jury…"), permissions=["act"])
    def strike(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """They no longer count; how many were struck is public."""
        return act_with_reason(
            self,
            request,
            rows.filter(status="submitted", assignment__judge__jury__kind="public"),
            action="strike",
            title=_("Strike ballots"),
            text=_(
                "They stay on record and in the ledger and no longer count. Each member reads the"
                " reason; how many were struck is public once the round is over."
            ),
            act=lambda card, reason: strike_ballot(card, by=request.user, reason=reason),  # type: ignore[arg-type]
            done=_("Struck: %(count)d."),
        )

    @admin.display(description=_("total of 100"), ordering="total")
    def points(self, scorecard: Scorecard) -> str:
        """Hundredths are enough to look at; the ledger has the rest."""
        return "–" if scorecard.total is None else number_format(scorecard.total, 2)

    @admin.display(description=_("time spent"), ordering="active_seconds")
    def time_spent(self, scorecard: Scorecard) -> str:
        """Minutes with the page in sight and in use."""
        return str(_("%(count)d min") % {"count": round(scorecard.active_seconds / 60)})

    @admin.display(description=_("entry"), ordering="assignment__entry__number")
    def entry(self, scorecard: Scorecard) -> str:
        """Number and name."""
        return str(scorecard.assignment.entry)

    @admin.display(description=_("judge"), ordering="assignment__judge__user__full_name")
    def judge(self, scorecard: Scorecard) -> str:
        """Who gave the marks."""
        return str(scorecard.assignment.judge)

    @admin.display(description=_("round"))
    def round(self, scorecard: Scorecard) -> str:
        """In which round."""
        return str(scorecard.assignment.round)
