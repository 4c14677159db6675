"""Lists of entries that one judge orders, gives points or compares: what is in them, and how far."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import QuerySet

from accounts.models import User
from judging.desk import to_score
from judging.models import (
    Assignment,
    Ballot,
    Comparison,
    Outcome,
    Purpose,
    Round,
    Scorecard,
    Verdict,
    Way,
)
from judging.scoring.ways import Pair, target
from nominations.models import Nomination, Revision

SHARES = {Outcome.FIRST: 1.0, Outcome.SECOND: 0.0, Outcome.EQUAL: 0.5}


@dataclass
class OwnList:
    """One list of a judge, with how far it is."""

    round: Round
    nomination: Nomination | None
    size: int
    ballot: Ballot | None
    said: int = 0

    @property
    def number(self) -> int:
        """The number in its address; 0 is the one list of a round."""
        return 0 if self.nomination is None else self.nomination.number

    @property
    def wanted(self) -> int:
        """How much is to be said before it can be submitted."""
        if self.round.way == Way.PAIRWISE:
            return target(self.size, self.round.comparisons_each)
        return self.size

    @property
    def submitted(self) -> bool:
        return self.ballot is not None and self.ballot.submitted_at is not None


def own_entries(user: User, round_: Round) -> QuerySet[Assignment]:
    """The judge's own entries of a round, in its own time."""
    return to_score(user).filter(round=round_, purpose=Purpose.REGULAR)


def rows_of_list(user: User, round_: Round, nomination: Nomination | None) -> list[Assignment]:
    """The judge's own entries of a list, in the order of their numbers."""
    rows = own_entries(user, round_)
    if nomination is not None:
        rows = rows.filter(entry__nomination=nomination)
    return list(
        rows.select_related(
            "round__stage", "round__season", "entry__organisation", "entry__nomination", "judge"
        ).order_by("entry__number", "pk")
    )


def ballot_of(user: User, round_: Round, nomination: Nomination | None) -> Ballot | None:
    """What the judge keeps of a list."""
    return Ballot.objects.filter(round=round_, judge__user=user, nomination=nomination).first()


def lists_of(user: User, round_: Round) -> list[OwnList]:
    """The judge's lists of a round, by nomination."""
    rows = own_entries(user, round_).select_related("entry__nomination")
    found: dict[int | None, OwnList] = {}
    of_list: dict[int, int | None] = {}
    ballots = {
        one.nomination_id: one for one in Ballot.objects.filter(round=round_, judge__user=user)
    }
    for row in rows.order_by("entry__nomination__number"):
        nomination = None if round_.one_list else row.entry.nomination
        key = None if nomination is None else nomination.pk
        of_list[row.pk] = key
        own = found.setdefault(key, OwnList(round_, nomination, 0, ballots.get(key)))
        own.size += 1
    if round_.way == Way.PAIRWISE:
        by_ballot = {one.ballot.pk: one for one in found.values() if one.ballot is not None}
        pairs = {
            (ballot, frozenset(pair))
            for ballot, *pair in Comparison.objects.filter(
                ballot__in=by_ballot, first__in=of_list, second__in=of_list
            ).values_list("ballot", "first", "second")
        }
        for ballot, _pair in pairs:
            by_ballot[ballot].said += 1
    else:
        said = Verdict.objects.filter(scorecard__assignment__in=of_list)
        for pk in said.values_list("scorecard__assignment", flat=True):
            found[of_list[pk]].said += 1
    return list(found.values())


def verdicts_of(rows: Iterable[Assignment]) -> dict[int, Verdict]:
    """What was said of entries, by assignment."""
    said = Verdict.objects.filter(scorecard__assignment__in=[row.pk for row in rows])
    return {one.scorecard.assignment_id: one for one in said.select_related("scorecard")}


def in_order(rows: Sequence[Assignment], said: dict[int, Verdict]) -> list[Assignment]:
    """Entries by the place they were given; those without one follow in the order of their numbers."""
    last = len(rows) + 1

    def rank(row: Assignment) -> float:
        verdict = said.get(row.pk)
        return float(last if verdict is None or verdict.place is None else verdict.place)

    return sorted(rows, key=rank)


def equals(rows: Sequence[Assignment], said: dict[int, Verdict]) -> set[int]:
    """Entries that share a place with the one above them."""
    found = set()
    for above, row in pairwise(rows):
        one, two = said.get(above.pk), said.get(row.pk)
        if one and two and one.place is not None and one.place == two.place:
            found.add(row.pk)
    return found


def standing_comparisons(ballot: Ballot | None, rows: Iterable[Assignment]) -> list[Comparison]:
    """The latest comparison of each pair of entries that are still in the list."""
    if ballot is None:
        return []
    inside = {row.pk for row in rows}
    latest: dict[frozenset[int], Comparison] = {}
    for one in ballot.comparisons.order_by("pk"):
        if {one.first_id, one.second_id} <= inside:
            latest[frozenset((one.first_id, one.second_id))] = one
    return sorted(latest.values(), key=lambda one: one.pk)


def pairs_of(rows: Sequence[Assignment], comparisons: Iterable[Comparison]) -> list[Pair]:
    """Comparisons as arithmetic knows them."""
    at = {row.pk: index for index, row in enumerate(rows)}
    return [
        Pair(at[one.first_id], at[one.second_id], SHARES[Outcome(one.outcome)])
        for one in comparisons
    ]


def latest_revisions(rows: Iterable[Assignment]) -> dict[int, Revision]:
    """The latest revision of each entry, without its content."""
    found: dict[int, Revision] = {}
    revisions = Revision.objects.filter(entry__in=[row.entry_id for row in rows])
    for revision in revisions.defer("content").order_by("number"):
        found[revision.entry_id] = revision
    return found


def seen(revisions: dict[int, Revision]) -> str:
    """What a page showed: which entries, and which revision of each."""
    keys = ",".join(str(one.pk) for _entry, one in sorted(revisions.items()))
    return hashlib.sha256(keys.encode()).hexdigest()[:20]


def cards_of(rows: Iterable[Assignment]) -> dict[int, Scorecard]:
    """The scorecards that were begun, by assignment."""
    cards = Scorecard.objects.filter(assignment__in=[row.pk for row in rows])
    return {card.assignment_id: card for card in cards}
