"""Which limit binds, where not everything can be kept: plain counts first, then the least cut.

By the theorem of Ford and Fulkerson (1956) the most readings that can be given equal the narrowest
cut: some entries, the places of the judges who are used up on them, and one reading from each of
the others who may read them. That cut is what the organiser is told.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from judging.assignment.problem import Outcome, Problem, whole
from judging.scoring.types import BoolArray, IntArray


@dataclass(frozen=True)
class Limit:
    """Something asks for `needs` and there are only `has`.

    ``kind``: "entry" (its judges), "places" (of all judges), "background" (places of its judges),
    "no background" (an entry's judges), "group" (entries that share too few judges), "least" (a
    judge's entries), "rooms" (entries for the least loads), "avoid" (an entry's judges who may
    meet), "size" (readings of an entry for its backgrounds), "together" (all limits at once).
    """

    kind: str
    needs: int
    has: int
    entries: tuple[int, ...] = ()
    judges: tuple[int, ...] = ()
    background: int = -1


def binding_limits(problem: Problem, outcome: Outcome) -> tuple[Limit, ...]:
    """Why the plan falls short; empty when it does not."""
    if outcome.whole:
        return ()
    found = [
        *entry_limits(problem, outcome),
        *place_limits(problem, outcome),
        *background_limits(problem, outcome),
        *least_limits(problem, outcome),
    ]
    explained = {entry for limit in found for entry in limit.entries}
    everything = any(limit.kind == "places" for limit in found)
    left = [entry for entry in outcome.short if entry not in explained]
    if left and not everything:
        found += group_limits(problem, outcome)
    return tuple(found or lacking_limits(problem, outcome))


def places(problem: Problem) -> IntArray:
    """Entries each judge may still take."""
    return whole(np.maximum(problem.load_most - problem.loads, 0))


def entry_limits(problem: Problem, outcome: Outcome) -> list[Limit]:
    """Entries that too few judges may read, or may read together."""
    possible = problem.open_pairs() & (places(problem) > 0)[None, :]
    found = []
    for entry in sorted(outcome.short):
        needs, has = int(problem.need[entry]), int(possible[entry].sum())
        existing = int(problem.has[entry])
        if has < needs:
            found.append(Limit("entry", needs + existing, has + existing, entries=(entry,)))
        elif problem.avoid and together(problem, possible[entry]) < needs:
            most = together(problem, possible[entry])
            found.append(Limit("avoid", needs + existing, most + existing, entries=(entry,)))
    return found


def together(problem: Problem, possible: BoolArray, most: int = 24) -> int:
    """How many of an entry's judges may meet: exactly for small circles of avoided pairs."""
    judges = set(np.flatnonzero(possible).tolist())
    apart: dict[int, set[int]] = {judge: set() for judge in judges}
    for one, other in problem.avoid:
        if one in judges and other in judges:
            apart[one].add(other)
            apart[other].add(one)
    free = sum(not others for others in apart.values())
    bound = sorted(judge for judge, others in apart.items() if others)
    if len(bound) > most:
        return free + len(bound)

    def best(left: list[int]) -> int:
        if not left:
            return 0
        first, *rest = left
        without = best(rest)
        return max(without, 1 + best([one for one in rest if one not in apart[first]]))

    return free + best(bound)


def place_limits(problem: Problem, outcome: Outcome) -> list[Limit]:
    """The judges' limits together are less than the entries ask."""
    if not outcome.short:
        return []
    needs, has = int(problem.need.sum()), int(places(problem).sum())
    return [Limit("places", needs, has)] if has < needs else []


def background_limits(problem: Problem, outcome: Outcome) -> list[Limit]:
    """A required background has no judge for an entry, or its judges have too few places."""
    found = []
    asked = whole(
        sum((problem.missing(one) for one in problem.required), np.zeros_like(problem.most))
    )
    told: set[tuple[int, int]] = set()
    for background in problem.required:
        of = problem.background == background
        lacking = [entry for entry, one in outcome.lacking if one == background]
        if not lacking:
            continue
        free = problem.open_pairs() & (of & (places(problem) > 0))[None, :]
        nobody = [entry for entry in lacking if not free[entry].any()]
        if nobody:
            found.append(Limit("no background", 1, 0, entries=tuple(nobody), background=background))
        crowded = [e for e in lacking if e not in nobody and asked[e] > problem.room[e]]
        for entry in crowded:
            if (entry, 0) not in told:
                told.add((entry, 0))
                found.append(
                    Limit("size", int(asked[entry]), int(problem.room[entry]), entries=(entry,))
                )
        needs = int(problem.missing(background).sum())
        has = int(places(problem)[of].sum())
        if has < needs and set(lacking) - set(nobody) - set(crowded):
            found.append(Limit("background", needs, has, background=background))
    return found


def lacking_limits(problem: Problem, outcome: Outcome) -> list[Limit]:
    """Backgrounds that no single limit keeps away: conflicts, loads and avoided pairs do it together."""
    asked = sum(int(problem.missing(background).sum()) for background in problem.required)
    entries = tuple(sorted({entry for entry, _background in outcome.lacking}))
    return [Limit("together", asked, asked - len(outcome.lacking), entries=entries)]


def least_limits(problem: Problem, outcome: Outcome) -> list[Limit]:
    """Judges who cannot reach their least load."""
    if not outcome.idle:
        return []
    found = []
    possible = problem.open_pairs() & (problem.room > 0)[:, None]
    for judge in sorted(outcome.idle):
        has = int(possible[:, judge].sum()) + int(problem.loads[judge])
        if has < problem.load_least[judge]:
            found.append(Limit("least", int(problem.load_least[judge]), has, judges=(judge,)))
    needs = int(np.maximum(problem.load_least - problem.loads, 0).sum())
    room = int(problem.room.sum())
    if room < needs:
        found.append(Limit("rooms", needs, room))
    elif not found:
        reached = needs - sum(outcome.idle.values())
        found.append(Limit("rooms", needs, reached, judges=tuple(sorted(outcome.idle))))
    return found


def group_limits(problem: Problem, outcome: Outcome) -> list[Limit]:
    """The narrowest cut: entries whose judges have too few places between them."""
    possible = problem.open_pairs()
    entries, judges = problem.size
    entry, judge = (whole(part) for part in np.nonzero(possible))
    source, sink = entries + judges, entries + judges + 1
    flow = SimpleMaxFlow()
    for tail, head, room in [
        (np.full(judges, source), np.arange(judges), places(problem)),
        (judge, judges + entry, np.ones_like(entry)),
        (judges + np.arange(entries), np.full(entries, sink), problem.need),
    ]:
        flow.add_arcs_with_capacity(whole(tail), whole(head), whole(room))
    flow.solve(source, sink)
    reached = {int(node) for node in flow.get_source_side_min_cut()}
    cut = whole(
        [one for one in range(entries) if judges + one not in reached and problem.need[one]]
    )
    needs = int(problem.need[cut].sum()) if cut.size else 0
    used_up = whole([one for one in range(judges) if one not in reached])
    used_up = used_up[possible[np.ix_(cut, used_up)].any(axis=0)] if cut.size else used_up[:0]
    free = np.setdiff1d(np.arange(judges), used_up)
    has = int(places(problem)[used_up].sum()) + int(possible[np.ix_(cut, free)].sum())
    if has < needs:
        return [Limit("group", needs, has, tuple(cut.tolist()), judges=tuple(used_up.tolist()))]
    # The readings alone would fit: backgrounds, least loads or avoided pairs take the places.
    short = tuple(sorted(outcome.short))
    total = int(problem.need.sum())
    return [Limit("together", total, total - sum(outcome.short.values()), entries=short)]
