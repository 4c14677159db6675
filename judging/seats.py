"""What somebody may do at the jury's table of an entry: one answer for pages and services."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from judging.barriers import is_barred
from judging.models import Assignment, Round, ScorecardStatus, SeeOthers
from judging.permissions import can_organise, is_calibrated, is_chair
from nominations.models import Entry, EntryStatus


@dataclass(frozen=True)
class Seat:
    """A person's place at the table of one entry in a round."""

    round: Round
    entry: Entry
    assignment: Assignment | None
    submitted: bool
    """Whether the own scorecard of the entry is submitted."""
    chairs: bool
    organises: bool
    unfinished: bool
    """Whether the person has still to score something in the round."""
    competes: bool

    @property
    def is_free(self) -> bool:
        """Nothing the person has still to mark here could be coloured by what others gave."""
        return self.submitted if self.assignment is not None else not self.unfinished

    @property
    def sees_others(self) -> bool:
        """Whether marks and comments of others are shown now."""
        if self.organises and self.assignment is None and not self.unfinished:
            return True
        if self.assignment is None and not self.chairs:
            return False
        policy = self.round.see_others
        if policy == SeeOthers.CLOSE:
            # Whoever is asked for a late review of the entry comes to it as everybody did.
            late = self.assignment is not None and not self.submitted and self.assignment.is_late
            return timezone.now() >= self.round.stage.closes_for() and not late
        return policy == SeeOthers.OWN and self.is_free

    @property
    def reads_discussion(self) -> bool:
        """Whether the discussion is shown: to those who have nothing left to mark here."""
        return self.round.discussion_until is not None and self.is_free

    @property
    def may_say(self) -> bool:
        """Whether the person may say something now."""
        until = self.round.discussion_until
        return (
            until is not None
            and timezone.now() < until
            and self.is_free
            and (self.submitted or self.chairs)
            and self.competes
        )

    @property
    def reads_meetings(self) -> bool:
        """Whether meetings about the entry are shown."""
        return self.is_free

    @property
    def leads(self) -> bool:
        """Whether the person may open and close a meeting about the entry."""
        return self.chairs and self.is_free and self.competes


def is_submitted(assignment: Assignment) -> bool:
    """Whether its scorecard is submitted."""
    card = getattr(assignment, "scorecard", None)
    return card is not None and card.status == ScorecardStatus.SUBMITTED


def has_begun(round_: Round) -> bool:
    """Whether the round's clock has started."""
    return round_.stage.opens_at <= timezone.now()


def unfinished_in(user: User, round_: Round) -> bool:
    """Whether the person may still score an entry of the round, be it after the close by a late review."""
    rows = (
        Assignment.objects.of_judge(user)
        .filter(round=round_, entry__status=EntryStatus.ADMITTED)
        .exclude(scorecard__status=ScorecardStatus.SUBMITTED)
        .select_related("round__stage")
        .prefetch_related("round__stage__extensions")
    )
    return any(timezone.now() < row.closes_at for row in rows)


def seat_of(user: User, round_: Round, entry: Entry) -> Seat | None:
    """The person's place at the table; none for strangers, before the round, or across a conflict."""
    if not has_begun(round_) or is_barred(user, entry):
        return None
    # Somebody on two juries of the round may have the entry twice; what is not submitted decides.
    own = sorted(
        Assignment.objects.visible_to(user)
        .filter(round=round_, entry=entry)
        .select_related("scorecard"),
        key=is_submitted,
    )
    assignment = own[0] if own else None
    if assignment is not None and not is_submitted(assignment) and not is_calibrated(user, round_):
        assignment = None
    chairs, organises = is_chair(user, round_), can_organise(user, round_.season)
    if assignment is None and not chairs and not organises:
        return None
    return Seat(
        round=round_,
        entry=entry,
        assignment=assignment,
        submitted=assignment is not None and is_submitted(assignment),
        chairs=chairs,
        organises=organises,
        unfinished=unfinished_in(user, round_),
        competes=round_.entries().filter(pk=entry.pk).exists(),
    )
