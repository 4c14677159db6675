"""From the question to the answer: the flow, then what a flow cannot say."""

from dataclasses import dataclass, replace

import numpy as np

from judging.assignment.links import cuts_of, pieces, swapped
from judging.assignment.network import Relaxed, solve_flow
from judging.assignment.problem import AssignmentError, Outcome, Problem, lacking, whole
from judging.assignment.sides import Exact, broken, exact, total
from judging.scoring.types import BoolArray

EFFORT = 30.0
MOST_CUTS = 60
MOST_REPAIRS = 12


@dataclass
class Solving:
    """One question on its way."""

    problem: Problem
    effort: float
    elastic: bool
    relaxed: Relaxed
    lower: int
    used_program: bool = False

    @staticmethod
    def start(problem: Problem, effort: float) -> "Solving":
        """The flow: with all limits kept, or with prices on those that cannot be."""
        relaxed = solve_flow(problem, elastic=False)
        return Solving.of(problem, effort, relaxed)

    @staticmethod
    def of(problem: Problem, effort: float, relaxed: Relaxed | None) -> "Solving":
        """With a flow that was found, else with one that may fall short."""
        elastic = relaxed is None
        found = relaxed or solve_flow(problem, elastic=True)
        if found is None:
            raise AssignmentError("an elastic network always has a flow")
        return Solving(problem, effort, elastic, found, total(problem, found.pairs))

    def program(self, hint: BoolArray, upper: int | None, cuts: list[BoolArray]) -> Exact | None:
        """The program with the rules a flow cannot say."""
        self.used_program = True
        return exact(
            self.problem,
            self.relaxed,
            self.lower,
            upper=upper,
            hint=hint,
            cuts=cuts,
            elastic=self.elastic,
            effort=self.effort,
        )

    def apart(self) -> Exact:
        """The cheapest plan in which avoided pairs do not meet."""
        plain = Exact(self.relaxed.pairs, self.lower, self.lower)
        if not broken(self.problem, plain.pairs):
            return plain
        near = self.repaired()
        upper = None if near is None else total(self.problem, near)
        found = self.program(plain.pairs if near is None else near, upper, [])
        if found is None and not self.elastic and near is None:
            # The limits and the avoided pairs cannot all be kept.
            other = Solving.of(self.problem, self.effort, None)
            self.elastic, self.relaxed, self.lower = True, other.relaxed, other.lower
            return self.apart()
        if found is not None and (upper is None or found.cost <= upper):
            return found
        if near is None or upper is None:
            pairs = self.stripped()
            return Exact(pairs, total(self.problem, pairs), self.lower)
        return Exact(near, upper, self.lower)

    def repaired(self) -> BoolArray | None:
        """A plan that keeps the rules, got by forbidding the dearer of two judges who meet."""
        problem, pairs = self.problem, self.relaxed.pairs
        allowed = problem.allowed.copy()
        for _time in range(MOST_REPAIRS):
            meeting = broken(problem, pairs)
            if not meeting:
                return pairs
            for entry, one, other in meeting:
                new = [judge for judge in (one, other) if not problem.fixed[entry, judge]]
                allowed[entry, max(new, key=lambda j: (problem.cost[entry, j], j))] = False
            again = solve_flow(replace(problem, allowed=allowed), elastic=self.elastic)
            if again is None:
                return None
            pairs = again.pairs
        return None

    def stripped(self) -> BoolArray:
        """The flow's plan without one judge of each meeting: the last resort, never needed by a small jury."""
        pairs = self.relaxed.pairs.copy()
        while meeting := broken(self.problem, pairs):
            entry, one, other = meeting[0]
            new = [judge for judge in (one, other) if not self.problem.fixed[entry, judge]]
            pairs[entry, new[-1]] = False
        return pairs

    def linked(self, first: Exact) -> Exact | None:
        """The cheapest plan in one piece; None where there is none, or it was not found."""
        if int(np.maximum(self.problem.most, self.problem.has).max(initial=0)) < 2:
            return None
        cuts = cuts_of(self.problem, first.pairs)
        near = swapped(self.problem, first.pairs)
        upper = None if near is None else total(self.problem, near)
        hint = first.pairs if near is None else near
        bound = first.bound
        for _time in range(MOST_CUTS):
            found = self.program(hint, upper, cuts)
            if found is None:
                break
            bound = max(bound, found.bound)
            more = cuts_of(self.problem, found.pairs)
            if not more:
                if upper is not None and found.cost > upper:
                    break
                return Exact(found.pairs, found.cost, min(bound, found.cost))
            cuts += more
        if near is None or upper is None:
            return None
        return Exact(near, upper, min(bound, upper))


def solve(problem: Problem, *, effort: float = EFFORT) -> Outcome:
    """The cheapest plan. `effort` bounds the program, in its own measure of work, not in seconds."""
    if 0 in problem.size:
        short = {entry: int(need) for entry, need in enumerate(problem.need) if need}
        return Outcome((), 0, 0, short=short)
    solving = Solving.start(problem, effort)
    apart = solving.apart()
    plan, extra_links = apart, 0
    if problem.connected and pieces(problem, apart.pairs)[0] > 1:
        linked = solving.linked(apart)
        if linked is not None:
            plan, extra_links = linked, linked.cost - apart.cost
    return outcome(
        problem,
        plan,
        extra_avoid=apart.cost - solving.lower,
        extra_links=extra_links,
        exact_model="flow and program" if solving.used_program else "flow",
    )


def outcome(
    problem: Problem, plan: Exact, *, extra_avoid: int, extra_links: int, exact_model: str
) -> Outcome:
    """Say what a plan does and what it leaves undone."""
    table = plan.pairs | problem.fixed
    need = problem.need - whole(plan.pairs.sum(axis=1))
    least = np.maximum(problem.load_least, problem.loads) - whole(table.sum(axis=0))
    return Outcome(
        pairs=tuple((int(e), int(j)) for e, j in zip(*np.nonzero(plan.pairs), strict=True)),
        cost=plan.cost,
        bound=plan.bound,
        short={int(e): int(need[e]) for e in np.flatnonzero(need > 0)},
        lacking=lacking(problem, table),
        idle={int(j): int(least[j]) for j in np.flatnonzero(least > 0)},
        pieces=pieces(problem, plan.pairs)[0],
        extra_avoid=extra_avoid,
        extra_links=extra_links,
        exact_model=exact_model,
    )
