"""Joining the judges of a plan that falls into pieces."""

import numpy as np

from judging.assignment.problem import Problem, whole
from judging.scoring.design import components
from judging.scoring.types import BoolArray, IntArray

MOST_TRIED = 300
MOST_SWAPS = 4_000_000


def pieces(problem: Problem, pairs: BoolArray) -> tuple[int, IntArray, IntArray]:
    """Into how many parts the plan falls, and the part of each entry and judge (-1: none)."""
    entries, judges = np.nonzero(pairs | problem.fixed)
    of_entries, of_judges = components(whole(entries), whole(judges), *problem.size)
    return int(of_entries.max(initial=-1)) + 1, of_entries, of_judges


def cuts_of(problem: Problem, pairs: BoolArray) -> list[BoolArray]:
    """For each part, the pairs that would lead out of it; a linked plan has one of each.

    A judge with nothing to read belongs to no part and stands outside of all.
    """
    count, of_entries, of_judges = pieces(problem, pairs)
    if count < 2:
        return []
    return [(of_entries == part)[:, None] != (of_judges == part)[None, :] for part in range(count)]


def swapped(problem: Problem, pairs: BoolArray) -> BoolArray | None:
    """Join the parts by exchanging two judges between two entries, the cheapest exchange first.

    Loads and readings stay as they are. None where no exchange helps: then the program looks.
    """
    current = pairs.copy()
    while True:
        count, of_entries, _of_judges = pieces(problem, current)
        if count < 2:
            return current
        better = best_swap(problem, current, of_entries, count)
        if better is None:
            return None
        current = better


def best_swap(problem: Problem, pairs: BoolArray, part: IntArray, count: int) -> BoolArray | None:
    """The cheapest exchange that leaves fewer parts."""
    possible = problem.open_pairs() & ~pairs
    entry, judge = (whole(one) for one in np.nonzero(pairs))
    if not entry.size:
        return None
    smallest = int(np.argmin(np.bincount(part[entry], minlength=count)[:count]))
    inside = np.flatnonzero(part[entry] == smallest)
    outside = np.flatnonzero(part[entry] != smallest)
    outside = outside[: max(MOST_SWAPS // max(inside.size, 1), 1)]
    a, b = (one.ravel() for one in np.meshgrid(inside, outside, indexing="ij"))
    fits = possible[entry[a], judge[b]] & possible[entry[b], judge[a]]
    a, b = a[fits], b[fits]
    cost = problem.cost
    rise = (
        cost[entry[a], judge[b]]
        + cost[entry[b], judge[a]]
        - cost[entry[a], judge[a]]
        - cost[entry[b], judge[b]]
    )
    for at in np.argsort(rise, kind="stable")[:MOST_TRIED]:
        tried = pairs.copy()
        left, right = a[at], b[at]
        tried[entry[left], judge[left]] = tried[entry[right], judge[right]] = False
        tried[entry[left], judge[right]] = tried[entry[right], judge[left]] = True
        if pieces(problem, tried)[0] < count and keeps_rules(
            problem, tried, pairs, [int(entry[left]), int(entry[right])]
        ):
            return tried
    return None


def keeps_rules(problem: Problem, pairs: BoolArray, before: BoolArray, entries: list[int]) -> bool:
    """Whether entries keep the backgrounds they had, and no avoided pair meets on them."""
    for entry in entries:
        row = pairs[entry] | problem.fixed[entry]
        old = before[entry] | problem.fixed[entry]
        if any(row[one] and row[other] for one, other in problem.avoid):
            return False
        for background in problem.required:
            of = problem.background == background
            if (old & of).any() and not (row & of).any():
                return False
    return True
