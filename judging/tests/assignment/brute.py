"""Every plan of a small question, tried one after the other."""

from itertools import combinations, product

import numpy as np

from judging.assignment.links import pieces
from judging.assignment.problem import Problem, lacking, price
from judging.scoring.types import BoolArray


def plans(problem: Problem):
    """All tables of new pairs that cross no conflict and no avoided pair."""
    possible = problem.open_pairs()
    rows = []
    for entry in range(problem.size[0]):
        open_to = np.flatnonzero(possible[entry])
        choices = []
        for count in range(min(int(problem.room[entry]), open_to.size) + 1):
            choices += [
                chosen
                for chosen in combinations(open_to.tolist(), count)
                if not any(a in chosen and b in chosen for a, b in problem.avoid)
            ]
        rows.append(choices)
    for plan in product(*rows):
        table = np.zeros(problem.size, dtype=bool)
        for entry, chosen in enumerate(plan):
            table[entry, list(chosen)] = True
        if (
            problem.loads + table.sum(axis=0) <= np.maximum(problem.load_most, problem.loads)
        ).all():
            yield table


def keeps_limits(problem: Problem, table: BoolArray) -> bool:
    """Whether nothing is missing."""
    full = table | problem.fixed
    return bool(
        (table.sum(axis=1) >= problem.need).all()
        and (full.sum(axis=0) >= problem.load_least).all()
        and not lacking(problem, full)
    )


def best(problem: Problem, *, linked: bool = False) -> int | None:
    """The price of the cheapest plan; of the cheapest in one piece, if there is one."""
    prices = [
        price(problem, zip(*np.nonzero(table), strict=True))
        for table in plans(problem)
        if not linked or pieces(problem, table)[0] == 1
    ]
    return min(prices, default=None)
