"""The arithmetic of standings by “mean-v1”, which older seasons hold. No database, no clock.

Numbers are exact fractions until they are shown, so neither the order of the rows nor the computer
changes a place. Two scores are equal when they agree to nine decimals.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

METHOD = "mean-v1"
TIE_DECIMALS = 9
SHOWN = Decimal("0.000001")


@dataclass(frozen=True)
class RoundShare:
    """A round of judging: its weight among the others and the least scorecards it needs."""

    slug: str
    weight: Decimal
    quorum: int


@dataclass(frozen=True)
class Total:
    """What one scorecard gave an entry in a round, in points of 100."""

    round: str
    entry: str
    points: Decimal


@dataclass(frozen=True)
class Part:
    """What a round contributes to an entry's score."""

    mean: Fraction | None
    count: int
    quorum: int

    @property
    def met(self) -> bool:
        """Whether enough judges scored the entry."""
        return self.mean is not None and self.count >= self.quorum


@dataclass(frozen=True)
class Ranked:
    """An entry in a standing: no place without quorum, no score without a mean in every round."""

    entry: str
    score: Fraction | None
    place: int | None
    proposed: bool
    parts: Mapping[str, Part]


@dataclass(frozen=True)
class Placing:
    """Places by entry, the entries proposed, and the tied group that did not fit the quota."""

    places: Mapping[str, int]
    proposed: frozenset[str]
    left_out: tuple[str, ...]


def shown(value: Fraction | None) -> Decimal | None:
    """Round half up to six decimals, for the database and the page."""
    if value is None:
        return None
    return Decimal(int(value * 1_000_000 + Fraction(1, 2))) * SHOWN


def place(scores: Mapping[str, Fraction | Decimal], quota: int) -> Placing:
    """Give places, the same one to equal scores, and propose whole groups while they fit the quota.

    A tied group is never split: the one that would exceed the quota is left out, and named.
    """
    groups: dict[Fraction, list[str]] = defaultdict(list)
    for entry, score in scores.items():
        groups[round(Fraction(score), TIE_DECIMALS)].append(entry)
    places: dict[str, int] = {}
    proposed: set[str] = set()
    left_out: tuple[str, ...] = ()
    full = False
    for score in sorted(groups, reverse=True):
        tied = sorted(groups[score])
        first = len(places) + 1
        places.update(dict.fromkeys(tied, first))
        if full:
            continue
        if len(proposed) + len(tied) <= quota:
            proposed.update(tied)
        else:
            full = True
            left_out = tuple(tied) if first <= quota else ()
    return Placing(places=places, proposed=frozenset(proposed), left_out=left_out)


def rank(
    rounds: Sequence[RoundShare], entries: Iterable[str], totals: Iterable[Total], quota: int
) -> list[Ranked]:
    """Rank entries by the weighted mean of their rounds; the list is by place, then by entry."""
    given: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for total in totals:
        given[total.entry, total.round].append(Fraction(total.points))
    weights = {share.slug: Fraction(share.weight) for share in rounds}
    parts: dict[str, dict[str, Part]] = {}
    scores: dict[str, Fraction | None] = {}
    for entry in entries:
        parts[entry] = {
            share.slug: part(given[entry, share.slug], share.quorum) for share in rounds
        }
        scores[entry] = weighted(parts[entry], weights)
    placed = {
        entry: score
        for entry, score in scores.items()
        if score is not None and all(one.met for one in parts[entry].values())
    }
    placing = place(placed, quota)
    rows = [
        Ranked(
            entry=entry,
            score=scores[entry],
            place=placing.places.get(entry),
            proposed=entry in placing.proposed,
            parts=parts[entry],
        )
        for entry in parts
    ]
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.entry))


def part(points: Sequence[Fraction], quorum: int) -> Part:
    """The mean of one round's scorecards of an entry."""
    mean = sum(points, Fraction(0)) / len(points) if points else None
    return Part(mean=mean, count=len(points), quorum=quorum)


def weighted(parts: Mapping[str, Part], weights: Mapping[str, Fraction]) -> Fraction | None:
    """The weighted mean of the rounds; None when one of them has nothing to say."""
    whole = sum(weights.values(), Fraction(0))
    score = Fraction(0)
    for slug, weight in weights.items():
        mean = parts[slug].mean
        if mean is None:
            return None
        score += mean * weight / whole
    return score if whole else None


def ranked(inputs: Mapping[str, Any]) -> list[Ranked]:
    """The ranking that follows from frozen inputs, and from nothing else."""
    return rank(
        [
            RoundShare(one["slug"], Decimal(one["weight"]), one["quorum"])
            for one in inputs["rounds"]
        ],
        inputs["entries"],
        [
            Total(card["round"], card["entry"], Decimal(card["total"]))
            for card in inputs["scorecards"]
        ],
        inputs["quota"],
    )
