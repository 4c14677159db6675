"""Correcting a submitted scorecard: a new row beside it, in a consensus meeting or by leave."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.bands import shown
from judging.corrections import CurrentMark, current_marks
from judging.models import (
    Assignment,
    CorrectedMark,
    Correction,
    CorrectionKind,
    CorrectionLeave,
    Criterion,
    Mark,
    Meeting,
    Scorecard,
    ScorecardStatus,
)
from judging.permissions import check_may_organise, in_competition, is_own
from judging.services.ledger import append_scorecard
from judging.services.scorecards import check_by_scorecard, locked
from judging.totals import scored_of, total_of

# A mark, or None for an abstention, by criterion.
NewMarks = Mapping[int, Decimal | None]


@transaction.atomic
def give_leave(scorecard: Scorecard, *, by: User, reason: str) -> CorrectionLeave:
    """Let the judge correct a submitted scorecard once."""
    assignment = locked(scorecard.assignment_id)
    check_may_organise(by, assignment.round.season, assignment.entry)
    check_by_scorecard(assignment.round)
    if assignment.judge.user_id == by.pk:
        raise DomainError(_("Somebody else must let you correct your own scorecard."))
    if not reason.strip():
        raise DomainError(_("Say why the scorecard may be corrected."), field="reason")
    if scorecard.status != ScorecardStatus.SUBMITTED:
        raise DomainError(_("Only a submitted scorecard is corrected."))
    open_leave = CorrectionLeave.objects.unused().filter(scorecard=scorecard).first()
    if open_leave is not None:
        return open_leave
    leave = CorrectionLeave.objects.create(
        scorecard=scorecard, reason=reason.strip(), given_by=by, given_at=timezone.now()
    )
    record(
        "correction.allowed",
        by=by,
        about=scorecard,
        season=assignment.round.season.slug,
        data={"assignment": assignment.pk, "reason": leave.reason},
    )
    return leave


def way_to_correct(assignment: Assignment) -> Meeting | CorrectionLeave | None:
    """What lets the judge of an assignment correct now: an open meeting, else a leave."""
    if not Mark.objects.filter(scorecard__assignment=assignment).exists():
        return None
    meeting = Meeting.objects.open().filter(round=assignment.round, entry=assignment.entry)
    leave = CorrectionLeave.objects.unused().filter(scorecard__assignment=assignment)
    return meeting.first() or leave.first()


def can_correct(user: User, assignment: Assignment) -> bool:
    """Whether the judge may put new marks beside the own submitted scorecard now."""
    return (
        is_own(user, assignment)
        and in_competition(assignment)
        and Scorecard.objects.filter(
            assignment=assignment, status=ScorecardStatus.SUBMITTED
        ).exists()
        and way_to_correct(assignment) is not None
    )


@transaction.atomic
def correct_scorecard(
    scorecard: Scorecard, *, by: User, marks: NewMarks, reason: str
) -> Correction:
    """Put new marks beside a submitted scorecard, for a reason; the ledger gets another leaf."""
    assignment = locked(scorecard.assignment_id)
    scorecard = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    scorecard.assignment = assignment
    if not is_own(by, assignment):
        raise DomainError(_("This entry is not yours to score."))
    if not in_competition(assignment):
        raise DomainError(_("This entry is no longer in the competition."))
    if scorecard.status != ScorecardStatus.SUBMITTED:
        raise DomainError(_("Only a submitted scorecard is corrected."))
    check_by_scorecard(assignment.round)
    way = hold_way(assignment)
    if not reason.strip():
        raise DomainError(_("Say why the mark is changed."), field="reason")
    criteria = (
        Criterion.objects.filter(dimension__rubric=assignment.round.rubric_id)
        .select_related("phase")
        .order_by("dimension__position", "position", "pk")
    )
    before = current_marks([scorecard.pk]).get(scorecard.pk, {})
    if any(one.pk not in before for one in criteria):
        raise DomainError(_("This round is not judged by marks, so there is no mark to change."))
    after = {one: new_value(one, marks, before[one.pk]) for one in criteria}
    if all(value == before[one.pk].value for one, value in after.items()):
        raise DomainError(_("No mark is different from what stands there."))
    total = total_of(scored_of(after, {one.pk: value for one, value in after.items()}))
    if total is None:
        raise DomainError(_("At least one criterion must keep a mark."))
    correction = Correction.objects.create(
        scorecard=scorecard,
        number=scorecard.corrections.count() + 1,
        kind=CorrectionKind.CONSENSUS if isinstance(way, Meeting) else CorrectionKind.CORRECTION,
        total=total,
        reason=reason.strip(),
        by=by,
        made_at=timezone.now(),
        meeting=way if isinstance(way, Meeting) else None,
        leave=way if isinstance(way, CorrectionLeave) else None,
    )
    CorrectedMark.objects.bulk_create(
        CorrectedMark(correction=correction, criterion=one, value=value, abstained=value is None)
        for one, value in after.items()
    )
    append_scorecard(
        scorecard,
        by=by,
        verb="scorecard.corrected",
        data={"number": correction.number, "kind": correction.kind},
    )
    return correction


def hold_way(assignment: Assignment) -> Meeting | CorrectionLeave:
    """Hold what lets the judge correct, so that nobody closes the meeting meanwhile."""
    way = way_to_correct(assignment)
    if isinstance(way, Meeting):
        held = Meeting.objects.select_for_update().get(pk=way.pk)
        way = held if held.closed_at is None else None
    if way is None:
        raise DomainError(
            _("A submitted scorecard changes in a consensus meeting, or by leave of an organiser.")
        )
    return way


def new_value(criterion: Criterion, marks: NewMarks, before: CurrentMark) -> Decimal | None:
    """The mark asked for, if the criterion allows it; what is not named stays."""
    if criterion.pk not in marks:
        return before.value
    value = marks[criterion.pk]
    if value is not None and not (value.is_finite() and criterion.allows(value)):
        raise DomainError(
            _("Give a mark from 0 to %(maximum)s in steps of %(step)s.")
            % {"maximum": shown(criterion.maximum), "step": shown(criterion.step)},
            field=f"mark-{criterion.pk}",
        )
    return value
