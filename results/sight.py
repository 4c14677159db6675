"""How far a reader may look into a standing, and which places it then shows.

Places are counted among the rows the reader may see, so that a hidden entry leaves no gap.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from accounts.models import User
from judging.scoring.tree import PLAIN_METHODS, PLAIN_SWITCHES, STANDARDISED, Json
from nominations.models import Entry, Nomination
from results.models import OutcomeRule, Standing
from results.services.freshness import Reading, Today
from results.standings import place


@dataclass(frozen=True)
class Sight:
    """How far somebody sees into the standing of a nomination.

    `whole`: no entry of the nomination is hidden from the reader; `open`: nor any of a nomination that
    shares its judges. `withheld`: one here is hidden, and the places would let the reader find its
    marks; then only plain means are shown.
    """

    whole: bool = True
    open: bool = True
    withheld: bool = False


@dataclass(frozen=True)
class Rank:
    """An entry's row of a standing, as far as a list of them needs it."""

    entry: int
    number: str
    place: int | None
    score: Decimal | None
    proposed: bool
    contested: bool


@dataclass(frozen=True)
class Table:
    """The rows as the reader sees them, and the entries a tie at the limit leaves out."""

    ranks: Mapping[int, Rank]
    below: frozenset[int]
    left_out: frozenset[int]


def seen_entries(user: User) -> QuerySet[Any, Any]:
    """Keys of the entries the reader organises and no conflict hides."""
    return Entry.objects.organised_by(user).values("pk")


def nominations_seen(reading: Reading, user: User) -> list[Any]:
    """The season's nominations by number, each with how many compete as far as the reader knows.

    `hides` says whether a conflict hides any of its entries.
    """
    season = reading.rule.season_id
    hidden = Entry.objects.exclude(pk__in=seen_entries(user))
    rows: Any = Nomination.objects.filter(season=season).select_related("category")
    hides = Exists(hidden.filter(nomination=OuterRef("pk")))
    nominations = list(rows.annotate(hides=hides).order_by("number"))
    some = any(one.hides for one in nominations)
    barred = (
        set(hidden.filter(nomination__season=season).values_list("pk", flat=True)) if some else ()
    )
    competing = Counter(of for pk, (_number, of) in reading.entries.items() if pk not in barred)
    for one in nominations:
        one.competing = competing[one.number]
    return nominations


def latest_standings(rule: OutcomeRule) -> QuerySet[Any]:
    """The last standing of each nomination, with `line` and `leaves` out of its results."""
    last = rule.standings.filter(nomination=OuterRef("nomination")).order_by("-computed_at", "-pk")
    rows: QuerySet[Any] = rule.standings.filter(pk=Subquery(last.values("pk")[:1])).annotate(
        line=F("results__line"), leaves=F("results__leaves")
    )
    return rows


def sight_of(standing: Any, rows: int, hiding: Collection[int]) -> Sight:
    """How far the reader sees, who sees so many of the rows; `hiding` are nominations that hide an entry."""
    whole = rows == len(standing.inputs["entries"])
    return Sight(
        whole=whole,
        open=whole and set(hiding).isdisjoint(standing.inputs.get("nominations", ())),
        withheld=not whole and depends(standing.leaves or ()),
    )


def depends(leaves: Iterable[Json]) -> bool:
    """Whether the score of one entry says something of the marks of another.

    It asks for the plan of judging only, never for marks, so that the answer itself tells nothing.
    """
    return any(
        leaf["scale"] == STANDARDISED
        or (leaf["switch"] not in PLAIN_SWITCHES and leaf["method"] not in PLAIN_METHODS)
        for leaf in leaves
    )


def has_changed(
    standing: Standing, today: Today, nomination: Nomination, sight: Sight, user: User
) -> bool:
    """Whether rules, entries or scorecards changed since, as far as the reader may know."""
    if today.is_fresh(standing, nomination):
        return False
    return sight.open or differs(standing, today, nomination, user)


def differs(standing: Standing, today: Today, nomination: Nomination, user: User) -> bool:
    """Whether something changed about entries of this nomination that the reader may see."""
    now = today.collected().pool_of(nomination)
    if now is None or standing.basis is None:
        return True
    if standing.inputs["rules_sha256"] != now.rules_sha256:
        return True
    seen = Entry.objects.filter(nomination=nomination, pk__in=seen_entries(user))
    numbers = set(seen.values_list("number", flat=True))
    return part_of(standing.basis.inputs, numbers) != part_of(now.inputs, numbers)


def part_of(inputs: Json, numbers: Collection[str]) -> Json:
    """The entries and scorecards of inputs as far as they are about these entries."""
    return {
        "entries": [list(entry) for entry in inputs["entries"] if entry[0] in numbers],
        "scorecards": {
            slug: [list(card) for card in cards if card[0] in numbers]
            for slug, cards in inputs["scorecards"].items()
        },
    }


def table_of(standing: Any, ranks: Iterable[Rank], rule: OutcomeRule, sight: Sight) -> Table:
    """The table as the reader sees it; where an entry is hidden, places are counted anew."""
    rows = {rank.entry: rank for rank in ranks}
    if sight.withheld:
        bare = {
            key: replace(row, place=None, score=None, proposed=False, contested=False)
            for key, row in rows.items()
        }
        return Table(bare, frozenset(), frozenset())
    least = rule.least_score
    below = frozenset(
        key
        for key, row in rows.items()
        if least is not None and row.score is not None and row.score < least
    )
    if sight.whole and standing.basis_id is not None:
        tied = set((standing.line or {}).get("tied", ()))
        left_out = {key for key, row in rows.items() if row.number in tied and not row.proposed}
        return Table(rows, below, frozenset(left_out))
    placed = {key: Fraction(-row.place) for key, row in rows.items() if row.place is not None}
    placing = place({str(key): score for key, score in placed.items()}, rule.quota)
    left_out = {int(key) for key in placing.left_out}
    if sight.whole:
        return Table(rows, below, frozenset(left_out))
    anew = {
        key: replace(
            row,
            place=placing.places.get(str(key)),
            proposed=str(key) in placing.proposed and key not in below,
            contested=False,
        )
        for key, row in rows.items()
    }
    return Table(anew, below, frozenset(left_out))
