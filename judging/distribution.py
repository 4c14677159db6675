"""A round as a question of assignment: what is wanted, what it costs, and why a pair was chosen."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from accounts.models import User
from judging.assignment import Limit, Outcome, Problem, binding_limits, solve
from judging.barriers import interests_of
from judging.models import (
    Assignment,
    AssignmentStatus,
    AvoidPair,
    Background,
    Ballot,
    Bid,
    Judge,
    Round,
    Scorecard,
    Wish,
)
from judging.scoring.design import mean_variance
from judging.scoring.types import IntArray
from nominations.models import Entry

# Levels an organiser chooses from: how much a part of the cost matters.
NONE, SOME, MUCH = 0, 1, 3
# Points of cost; a pair that fits in every way costs nothing.
OTHER_AREA, UNKNOWN_AREA = 10, 5
OTHER_LANGUAGE = 20
NO_WISH, RATHER_NOT = 4, 12
SAME_CITY, SIMILAR_EMPLOYER, SOFT_INTEREST = 6, 20, 30
# Equal judges are told apart by a chance of so few points, so that panels mix.
CHANCE = 3


@dataclass(frozen=True)
class Wanted:
    """What an organiser asks of a distribution."""

    least: int
    most: int
    load_least: int = 0
    load_most: int | None = None
    areas: int = SOME
    languages: int = MUCH
    wishes: int = SOME
    spread: int = SOME
    ties: int = SOME
    backgrounds: tuple[str, ...] = ()
    linked: bool = True
    replace: bool = False
    seed: int = 1

    def as_json(self) -> dict[str, Any]:
        """For the proposal's row."""
        return asdict(self)

    @staticmethod
    def from_json(values: dict[str, Any]) -> "Wanted":
        """Back from the row."""
        return Wanted(**{**values, "backgrounds": tuple(values.get("backgrounds", ()))})


@dataclass(frozen=True)
class Item:
    """An entry, as far as its place with a judge depends on it."""

    pk: int
    organisation_id: int
    nomination_id: int
    category_id: int
    language: str
    city: str
    name: str


@dataclass
class Question:
    """The rows of a round as arrays, and the way back."""

    wanted: Wanted
    items: list[Item]
    seats: list[Judge]
    problem: Problem
    hidden: int
    read: list[set[str]]
    doubts: set[tuple[int, int]]
    releases: list[int] = field(default_factory=list)
    bids: dict[tuple[int, int], str] = field(default_factory=dict)
    areas: dict[int, set[int]] = field(default_factory=dict)


def items_of(round_: Round, by: User | None, only: Iterable[int] | None) -> tuple[list[Item], int]:
    """The entries of the round that no conflict closes to the organiser, and how many are closed."""
    rows = round_.entries().order_by("number", "pk")
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    named = rows.values_list(
        "pk",
        "organisation",
        "nomination",
        "nomination__category",
        "created_by__language",
        "organisation__city",
        "organisation__name",
    )
    items = [
        Item(pk, org, nom, cat, language.lower().split("-")[0], folded(city), folded(name))
        for pk, org, nom, cat, language, city, name in named
    ]
    if by is None:
        return items, 0
    seen = set(
        Entry.objects.organised_by(by).filter(pk__in=rows.values("pk")).values_list("pk", flat=True)
    )
    return [item for item in items if item.pk in seen], len(items) - len(seen)


def folded(text: str) -> str:
    """For comparing names."""
    return " ".join(text.casefold().split())


def seats_of(round_: Round) -> tuple[list[Judge], dict[int, int]]:
    """One seat a person, though they sit on two juries of the round; and the seat of each judge row."""
    judges = list(
        Judge.objects.active()
        .filter(jury__rounds=round_)
        .select_related("user", "jury")
        .order_by("pk")
        .distinct()
    )
    first: dict[int, int] = {}
    for judge in judges:
        first.setdefault(judge.user_id, judge.pk)
    seats = [judge for judge in judges if first[judge.user_id] == judge.pk]
    place = {judge.pk: at for at, judge in enumerate(seats)}
    return seats, {judge.pk: place[first[judge.user_id]] for judge in judges}


def ask(
    round_: Round, wanted: Wanted, *, by: User | None, only: Iterable[int] | None = None
) -> Question:
    """Read a round; the number of queries does not depend on its size."""
    items, hidden = items_of(round_, by, only)
    seats, seat_of = seats_of(round_)
    shape = (len(items), len(seats))
    row = {item.pk: at for at, item in enumerate(items)}
    allowed, fixed = np.ones(shape, dtype=bool), np.zeros(shape, dtype=bool)
    people = {judge.user_id: at for at, judge in enumerate(seats)}
    entries = [Entry(pk=item.pk, organisation_id=item.organisation_id) for item in items]
    doubts: set[tuple[int, int]] = set()
    for one in interests_of([judge.user for judge in seats], entries):
        at = row[one.entry_id], people[one.user_id]
        if one.hard:
            allowed[at] = False
        else:
            doubts.add(at)
    allowed[:, [at for at, judge in enumerate(seats) if not judge.available]] = False
    for user, nomination in Ballot.objects.submitted_lists(round_):
        if user in people:
            inside = [nomination in {None, item.nomination_id} for item in items]
            allowed[np.array(inside, dtype=bool), people[user]] = False
    releases = read_existing(round_, wanted, seats, seat_of, people, row, allowed, fixed)
    bids = {
        (seat_of[judge], nomination): wish
        for judge, nomination, wish in Bid.objects.filter(judge__in=list(seat_of)).values_list(
            "judge", "nomination", "wish"
        )
    }
    areas: dict[int, set[int]] = defaultdict(set)
    for judge_id, category in Judge.areas.through._default_manager.filter(
        judge__in=list(seat_of)
    ).values_list("judge", "category"):
        areas[seat_of[judge_id]].add(category)
    backgrounds = [choice.value for choice in Background]
    avoid = AvoidPair.objects.filter(
        season=round_.season_id, active=True, one__in=people, other__in=people
    ).values_list("one", "other")
    load_most = [limit_of(judge, wanted, shape[0]) for judge in seats]
    loads = fixed.sum(axis=0)
    read = [judge.reads() for judge in seats]
    problem = Problem(
        cost=costs(items, seats, bids, areas, wanted) + doubt_points(doubts, shape, wanted),
        allowed=allowed,
        least=np.full(shape[0], wanted.least, dtype=np.int64),
        most=np.full(shape[0], wanted.most, dtype=np.int64),
        load_least=np.array(
            [
                min(wanted.load_least, most) if judge.available else 0
                for judge, most in zip(seats, load_most, strict=True)
            ],
            dtype=np.int64,
        ),
        load_most=np.maximum(np.array(load_most, dtype=np.int64), loads),
        fixed=fixed,
        background=np.array(
            [backgrounds.index(j.background) if j.background else -1 for j in seats],
            dtype=np.int64,
        ),
        required=tuple(sorted(backgrounds.index(one) for one in wanted.backgrounds)),
        avoid=tuple(sorted(pair(people[one], people[other]) for one, other in avoid)),
        spread=wanted.spread,
        connected=wanted.linked,
        seed=wanted.seed,
    )
    return Question(
        wanted, items, seats, problem, hidden, read, doubts, releases, bids, dict(areas)
    )


def pair(one: int, other: int) -> tuple[int, int]:
    """Two numbers, the lower first."""
    return min(one, other), max(one, other)


def limit_of(judge: Judge, wanted: Wanted, entries: int) -> int:
    """How many entries a judge takes: their own limit, else the round's."""
    limits = [one for one in (judge.load_limit, wanted.load_most) if one is not None]
    return min([entries, *limits])


def read_existing(  # noqa: PLR0917
    round_: Round,
    wanted: Wanted,
    seats: list[Judge],
    seat_of: dict[int, int],
    people: dict[int, int],
    row: dict[int, int],
    allowed: Any,
    fixed: Any,
) -> list[int]:
    """Mark what is assigned; a pair that was ended is not made again.

    Where judges who are not available are to be replaced, return those of their assignments that
    they have not begun: these may go.
    """
    begun = set(
        Scorecard.objects.filter(assignment__round=round_).values_list("assignment", flat=True)
    )
    releases = []
    rows = Assignment.objects.filter(round=round_).values_list(
        "pk", "judge__user", "judge", "entry", "status"
    )
    for pk, user_id, judge_id, entry_id, status in rows:
        if entry_id not in row or user_id not in people:
            continue
        at = row[entry_id], people[user_id]
        allowed[at] = False
        if status != AssignmentStatus.ACTIVE or judge_id not in seat_of:
            continue
        if wanted.replace and not seats[at[1]].available and pk not in begun:
            releases.append(pk)
        else:
            fixed[at] = True
    return releases


def costs(
    items: list[Item],
    seats: list[Judge],
    bids: dict[tuple[int, int], str],
    areas: dict[int, set[int]],
    wanted: Wanted,
) -> IntArray:
    """What each pair costs in points, int64[E, J]."""
    shape = (len(items), len(seats))
    total = np.random.default_rng(wanted.seed).integers(0, CHANCE, shape, dtype=np.int64)
    if 0 in shape:
        return total
    groups = sorted({(item.nomination_id, item.category_id) for item in items})
    group_at = {nomination: at for at, (nomination, _category) in enumerate(groups)}
    by_group = np.zeros((len(groups), shape[1]), dtype=np.int64)
    for (nomination, category), line in zip(groups, by_group, strict=True):
        for at in range(shape[1]):
            line[at] = wanted.areas * area_points(areas.get(at), category)
            line[at] += wanted.wishes * wish_points(bids.get((at, nomination)))
    total += by_group[[group_at[item.nomination_id] for item in items]]
    read = [judge.reads() for judge in seats]
    total += wanted.languages * spread_out(
        [item.language for item in items],
        lambda code: [OTHER_LANGUAGE if own and code not in own else 0 for own in read],
    )
    if wanted.ties:
        total += wanted.ties * tie_points(items, seats)
    return total


def area_points(own: set[int] | None, category: int) -> int:
    """Nothing for a judge of the category, half for one who names none."""
    if not own:
        return UNKNOWN_AREA
    return 0 if category in own else OTHER_AREA


def wish_points(wish: str | None) -> int:
    """Nothing for what they want, most for what they would rather not."""
    return {Wish.WANT: 0, Wish.RATHER_NOT: RATHER_NOT}.get(Wish(wish or Wish.CAN), NO_WISH)


def spread_out(keys: list[str], points: Any) -> IntArray:
    """A line of points for each key, worked out once for equal keys."""
    known = sorted(set(keys))
    table = np.array([points(key) for key in known], dtype=np.int64)
    at = {key: place for place, key in enumerate(known)}
    return np.asarray(table[[at[key] for key in keys]], dtype=np.int64)


def tie_points(items: list[Item], seats: list[Judge]) -> IntArray:
    """The same city, or an employer that is named like the applicant: near, yet no conflict."""
    cities = [folded(judge.city) for judge in seats]
    total = spread_out(
        [item.city for item in items],
        lambda city: [SAME_CITY if city and city == own else 0 for own in cities],
    )
    named = [(at, folded(judge.employer)) for at, judge in enumerate(seats) if judge.employer]

    def similar(name: str) -> IntArray:
        line = np.zeros(len(seats), dtype=np.int64)
        line[[at for at, employer in named if alike(name, employer)]] = SIMILAR_EMPLOYER
        return line

    return total + spread_out([item.name for item in items], similar)


def doubt_points(doubts: set[tuple[int, int]], shape: tuple[int, int], wanted: Wanted) -> IntArray:
    """A soft conflict of interest asks for somebody else, if there is one."""
    points = np.zeros(shape, dtype=np.int64)
    for at in doubts:
        points[at] = wanted.ties * SOFT_INTEREST
    return points


def alike(name: str, employer: str) -> bool:
    """Whether one name stands inside the other: a group and its company."""
    if len(name) < len(employer):
        name, employer = employer, name
    return len(employer) > 3 and employer in name


def reasons(question: Question, entry: int, judge: int) -> list[str]:
    """Why a pair fits, or what had to be borne, by short names."""
    item, seat = question.items[entry], question.seats[judge]
    own, wish = question.areas.get(judge), question.bids.get((judge, item.nomination_id))
    found = []
    if own:
        found.append("area" if item.category_id in own else "other-area")
    if question.read[judge]:
        known = item.language in question.read[judge]
        found.append(f"reads:{item.language}" if known else f"unread:{item.language}")
    if wish == Wish.WANT:
        found.append("wanted")
    elif wish == Wish.RATHER_NOT:
        found.append("unwanted")
    if seat.background and seat.background in question.wanted.backgrounds:
        found.append(f"background:{seat.background}")
    if (entry, judge) in question.doubts:
        found.append("doubt")
    if item.city and item.city == folded(seat.city):
        found.append("city")
    if alike(item.name, folded(seat.employer)):
        found.append("employer")
    return found


def answer(question: Question) -> dict[str, Any]:
    """Solve the question; the result as a proposal keeps it."""
    outcome = solve(question.problem)
    limits = binding_limits(question.problem, outcome)
    return as_json(question, outcome, limits)


def as_json(question: Question, outcome: Outcome, limits: tuple[Limit, ...]) -> dict[str, Any]:
    """Pairs with their reasons, loads, the proof and what was not possible, with keys of rows."""
    problem, items, seats = question.problem, question.items, question.seats
    backgrounds = [choice.value for choice in Background]
    pairs = [
        [items[entry].pk, seats[judge].pk, reasons(question, entry, judge)]
        for entry, judge in outcome.pairs
    ]
    table = problem.fixed.copy()
    for at in outcome.pairs:
        table[at] = True
    entry_at, judge_at = (np.asarray(part, dtype=np.int64) for part in np.nonzero(table))
    variance = mean_variance(entry_at, judge_at, *problem.size) if outcome.pieces == 1 else None
    return {
        "pairs": pairs,
        "releases": question.releases,
        "judges": loads_of(question, outcome),
        "short": [[items[entry].pk, missing] for entry, missing in outcome.short.items()],
        "lacking": [[items[entry].pk, backgrounds[one]] for entry, one in outcome.lacking],
        "limits": [
            {
                "kind": limit.kind,
                "needs": limit.needs,
                "has": limit.has,
                "entries": [items[one].pk for one in limit.entries],
                "judges": [seats[one].pk for one in limit.judges],
                "background": backgrounds[limit.background] if limit.background >= 0 else "",
            }
            for limit in limits
        ],
        "facts": {
            "entries": len(items),
            "judges": len(seats),
            "hidden": question.hidden,
            "cost": outcome.cost,
            "bound": outcome.bound,
            "gap": outcome.cost - outcome.bound,
            "misfit": int(sum(problem.cost[at] for at in outcome.pairs)),
            "whole": outcome.whole,
            "pieces": outcome.pieces,
            "extra_links": outcome.extra_links,
            "extra_avoid": outcome.extra_avoid,
            "variance": None if variance is None else round(variance, 3),
        },
    }


def loads_of(question: Question, outcome: Outcome) -> list[dict[str, Any]]:
    """For each judge: what they have, what is added, and how well it fits."""
    new: dict[int, list[int]] = defaultdict(list)
    for entry, judge in outcome.pairs:
        new[judge].append(entry)
    lines = []
    for at, (seat, had) in enumerate(zip(question.seats, question.problem.loads, strict=True)):
        codes = [code for entry in new[at] for code in reasons(question, entry, at)]
        lines.append(
            {
                "judge": seat.pk,
                "had": int(had),
                "new": len(new[at]),
                "area": codes.count("area"),
                "wanted": codes.count("wanted"),
                "unwanted": codes.count("unwanted"),
            }
        )
    return lines
