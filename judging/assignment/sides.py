"""What a flow cannot say, avoided pairs and links between judges, by CP-SAT on what may still matter.

The flow without these rules bounds the price from below, and its duals say by how much each pair
would raise it. A pair that raises it beyond the plan at hand cannot be in a cheaper one and is left
out; one whose loss would is kept. What remains is small, and its optimum, found in whole numbers,
is the optimum of all: the answer says so only if it is (reduced cost fixing, Balas and Martin 1980).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from judging.assignment.network import Relaxed
from judging.assignment.problem import Prices, Problem, price
from judging.scoring.types import BoolArray

MOST_PAIRS = 120_000
FIRST_PAIRS = 20_000


@dataclass(frozen=True)
class Exact:
    """A plan that keeps the rules, and below what no such plan lies."""

    pairs: BoolArray
    cost: int
    bound: int


def total(problem: Problem, pairs: BoolArray) -> int:
    """The price of a table of new pairs."""
    return price(problem, zip(*np.nonzero(pairs), strict=True))


def broken(problem: Problem, pairs: BoolArray) -> list[tuple[int, int, int]]:
    """(entry, judge, judge) where an avoided pair meets; pairs that meet already are past help."""
    table = pairs | problem.fixed
    found = []
    for one, other in problem.avoid:
        meet = table[:, one] & table[:, other] & ~(problem.fixed[:, one] & problem.fixed[:, other])
        found += [(int(entry), one, other) for entry in np.flatnonzero(meet)]
    return sorted(found)


def exact(
    problem: Problem,
    relaxed: Relaxed,
    lower: int,
    *,
    upper: int | None,
    hint: BoolArray,
    cuts: list[BoolArray],
    elastic: bool,
    effort: float,
) -> Exact | None:
    """The cheapest plan that keeps the avoided pairs apart and crosses every cut; None if there is none."""
    possible = problem.open_pairs()
    worth = np.where(possible, relaxed.reduced, np.iinfo(np.int64).max)
    ranked = np.sort(worth[possible])
    threshold = int(ranked[min(FIRST_PAIRS, ranked.size) - 1]) if ranked.size else 0
    if upper is not None:
        threshold = min(threshold, upper - lower) if ranked.size > FIRST_PAIRS else upper - lower
    while True:
        candidates = worth <= threshold
        if int(candidates.sum()) > MOST_PAIRS:
            return None
        found = Model(problem, relaxed, candidates, threshold, elastic=elastic).solve(
            hint, cuts, effort
        )
        left_out = worth[possible & ~candidates]
        beyond = lower + int(left_out.min()) if left_out.size else None
        if found is None:
            if beyond is None:
                return None
            threshold = max(threshold * 4, int(left_out.min()))
            continue
        if beyond is None or found.cost <= beyond or found.cost > found.bound:
            bound = found.bound if beyond is None else min(found.bound, beyond)
            return Exact(found.pairs, found.cost, min(bound, found.cost))
        threshold = (found.cost if upper is None else min(found.cost, upper)) - lower


class Model:
    """The whole-number program over some pairs."""

    def __init__(
        self,
        problem: Problem,
        relaxed: Relaxed,
        candidates: BoolArray,
        threshold: int,
        *,
        elastic: bool,
    ) -> None:
        self.problem, self.elastic = problem, elastic
        self.prices = Prices.of(problem)
        self.model = cp_model.CpModel()
        self.terms: list[tuple[int, cp_model.IntVar]] = []
        self.x: dict[tuple[int, int], cp_model.IntVar] = {}
        self.by_entry: list[list[cp_model.IntVar]] = [[] for _ in range(problem.size[0])]
        self.by_judge: list[list[cp_model.IntVar]] = [[] for _ in range(problem.size[1])]
        kept = relaxed.pairs & (relaxed.reduced < -threshold)
        for entry, judge in zip(*(part.tolist() for part in np.nonzero(candidates)), strict=True):
            variable = self.model.new_bool_var("")
            if kept[entry, judge]:
                self.model.add(variable == 1)
            self.x[entry, judge] = variable
            self.by_entry[entry].append(variable)
            self.by_judge[judge].append(variable)
            self.terms.append((int(problem.cost[entry, judge]), variable))
        self.count_readings()
        self.count_loads()
        self.ask_backgrounds()
        self.keep_apart()

    def units(self, prices: list[int]) -> cp_model.LinearExpr:
        """So many switches, each at its price; the sum of those that are on."""
        made = [self.model.new_bool_var("") for _ in prices]
        for one, dearer in pairwise(made):
            self.model.add_implication(dearer, one)
        self.terms += zip(prices, made, strict=True)
        return cp_model.LinearExpr.sum(made)

    def count_readings(self) -> None:
        """Each entry gets what it needs, and more or less at a price."""
        problem, prices = self.problem, self.prices
        need, room = problem.need.tolist(), problem.room.tolist()
        for entry, variables in enumerate(self.by_entry):
            above = self.units(
                [prices.step * k - prices.reward for k in range(1, room[entry] - need[entry] + 1)]
            )
            below = self.units(
                [prices.short + prices.step * k for k in range(1, need[entry] + 1)]
                if self.elastic
                else []
            )
            got = cp_model.LinearExpr.sum(variables)
            self.model.add(got == need[entry] + above - below)

    def count_loads(self) -> None:
        """The squares of the loads, by their differences; and the least loads."""
        problem = self.problem
        loads, least = problem.loads.tolist(), problem.load_least.tolist()
        most = problem.load_most.tolist()
        for judge, variables in enumerate(self.by_judge):
            got = cp_model.LinearExpr.sum(variables)
            top = min(most[judge], loads[judge] + len(variables))
            if problem.spread:
                prices = [problem.spread * (2 * k - 1) for k in range(loads[judge] + 1, top + 1)]
                self.model.add(got == self.units(prices))
            else:
                self.model.add(got <= max(top - loads[judge], 0))
            missing = max(least[judge] - loads[judge], 0)
            if missing and self.elastic:
                idle = self.units([self.prices.lack] * missing)
                self.model.add(got + idle >= missing)
            elif missing:
                self.model.add(got >= missing)

    def ask_backgrounds(self) -> None:
        """One judge of each required background, or a price."""
        problem = self.problem
        of = problem.background.tolist()
        by_background: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        for (entry, judge), variable in self.x.items():
            by_background.setdefault((entry, of[judge]), []).append(variable)
        for background in problem.required:
            for entry in np.flatnonzero(problem.missing(background)).tolist():
                found = cp_model.LinearExpr.sum(by_background.get((entry, background), []))
                lack = self.units([self.prices.lack] if self.elastic else [])
                self.model.add(found + lack >= 1)

    def keep_apart(self) -> None:
        """Avoided pairs do not meet."""
        for one, other in self.problem.avoid:
            for entry in range(self.problem.size[0]):
                if (entry, one) in self.x and (entry, other) in self.x:
                    self.model.add_at_most_one(self.x[entry, one], self.x[entry, other])

    def solve(self, hint: BoolArray, cuts: list[BoolArray], effort: float) -> Exact | None:
        """Run CP-SAT, the same way each time; None where nothing is found."""
        for cut in cuts:
            crossing = [variable for pair, variable in self.x.items() if cut[pair]]
            self.model.add(cp_model.LinearExpr.sum(crossing) >= 1)
        for pair, variable in self.x.items():
            self.model.add_hint(variable, bool(hint[pair]))
        weights = [weight for weight, _variable in self.terms]
        self.model.minimize(
            cp_model.LinearExpr.weighted_sum([variable for _w, variable in self.terms], weights)
        )
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.random_seed = self.problem.seed
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        pairs = np.zeros(self.problem.size, dtype=bool)
        for pair, variable in self.x.items():
            pairs[pair] = solver.boolean_value(variable)
        cost = total(self.problem, pairs)
        # The objective leaves out what every plan pays alike.
        left_out = cost - round(solver.objective_value)
        bound = cost
        if status == cp_model.FEASIBLE:
            bound = min(cost, int(np.ceil(solver.best_objective_bound - 1e-6)) + left_out)
        return Exact(pairs, cost, bound)
