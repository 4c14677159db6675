"""Marks from paper: who may enter, see and countersign them, and how far the sheets of a round are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from judging.barriers import is_barred
from judging.models import (
    Assignment,
    Entrants,
    PaperSheet,
    PaperStatus,
    Purpose,
    Round,
    ScorecardStatus,
    Way,
)
from judging.permissions import is_chair, is_own, keeps_round
from judging.seats import unfinished_in
from nominations.barriers import barred
from nominations.models import Entry


@dataclass
class Office:
    """What somebody may do with the paper of a round: asked once for a whole list."""

    user: User
    keeps: bool
    """Secretary: named, or as an organiser."""
    chairs: bool
    own: dict[int, bool]
    """Entries the person scores in the round, and whether every own scorecard of them is submitted."""
    unfinished: bool

    def is_free(self, entry_id: int) -> bool:
        """Nothing the person has still to mark could be coloured by what is on the paper of another."""
        return self.own.get(entry_id, not self.unfinished)

    def may_enter(self, assignment: Assignment) -> bool:
        """Whether the person may enter the judge's paper; nobody enters their own."""
        mine = assignment.judge.user_id == self.user.pk
        return self.keeps and not mine and self.is_free(assignment.entry_id)

    def may_look(self, assignment: Assignment) -> bool:
        """Whether the person may see what another judge's paper says."""
        return (self.keeps or self.chairs) and self.is_free(assignment.entry_id)


def office_of(user: User, round_: Round) -> Office:
    """The person's part in the paper of a round."""
    rows = Assignment.objects.of_judge(user).filter(round=round_).select_related("scorecard")
    own: dict[int, bool] = {}
    for row in rows:
        card = getattr(row, "scorecard", None)
        done = card is not None and card.status == ScorecardStatus.SUBMITTED
        own[row.entry_id] = own.get(row.entry_id, True) and done
    return Office(
        user=user,
        keeps=keeps_round(user, round_),
        chairs=is_chair(user, round_),
        own=own,
        unfinished=unfinished_in(user, round_),
    )


def takes_paper(assignment: Assignment) -> bool:
    """Whether the judge's scorecard may come from paper at all."""
    round_ = assignment.round
    return (
        round_.entrants == Entrants.FINALISTS
        and round_.way == Way.SCORECARD
        and assignment.purpose == Purpose.REGULAR
    )


def can_enter(user: User, assignment: Assignment) -> bool:
    """Whether the person may enter the judge's paper: a secretary without an interest in the entry."""
    return (
        takes_paper(assignment)
        and not is_barred(user, assignment.entry)
        and office_of(user, assignment.round).may_enter(assignment)
    )


def can_see(user: User, assignment: Assignment) -> bool:
    """Whether the person may see the judge's paper: the judge, and those who keep or chair the round."""
    if not takes_paper(assignment):
        return False
    if assignment.judge.user_id == user.pk:
        return is_own(user, assignment)
    return not is_barred(user, assignment.entry) and office_of(user, assignment.round).may_look(
        assignment
    )


def can_decide(user: User, sheet: PaperSheet) -> bool:
    """Whether the person may countersign: anybody who may see it, except whoever entered it."""
    return sheet.entered_by_id != user.pk and can_see(user, sheet.assignment)


def rows_of(user: User, round_: Round) -> QuerySet[Assignment]:
    """The scorecards of a defence with their sheets, without entries closed to the person."""
    hidden = Entry.objects.filter(barred(user)).values("pk")
    sheets = PaperSheet.objects.exclude(status=PaperStatus.REPLACED)
    return (
        Assignment.objects.active()
        .filter(round=round_, purpose=Purpose.REGULAR, entry__in=round_.entries().values("pk"))
        .exclude(entry__in=hidden)
        .select_related("judge__user", "entry__organisation", "entry__nomination", "scorecard")
        .prefetch_related(
            Prefetch("paper_sheets", sheets.select_related("entered_by", "decided_by"), "sheets")
        )
        .order_by("entry__number", "judge__user__full_name", "pk")
    )


def waiting_for(assignment: Any) -> QuerySet[PaperSheet]:
    """The sheet of an assignment that waits for a second person."""
    return PaperSheet.objects.waiting().filter(assignment=assignment)


def waiting_in(user: User, rounds: Iterable[int]) -> dict[int, int]:
    """How many sheets of each round wait, of entries that are open to the person."""
    hidden = Entry.objects.filter(barred(user)).values("pk")
    rows = (
        PaperSheet.objects.waiting()
        .filter(assignment__round__in=rounds)
        .exclude(assignment__entry__in=hidden)
        .exclude(assignment__scorecard__status=ScorecardStatus.SUBMITTED)
    )
    return dict(Counter(rows.values_list("assignment__round", flat=True)))


def entered_for(user: User) -> list[PaperSheet]:
    """Sheets that somebody entered for a judge and that wait."""
    mine = Assignment.objects.visible_to(user).exclude(scorecard__status=ScorecardStatus.SUBMITTED)
    return list(
        PaperSheet.objects.waiting()
        .filter(assignment__in=mine.values("pk"))
        .select_related("assignment__round", "assignment__entry__organisation", "entered_by")
        .order_by("entered_at")[:50]
    )
