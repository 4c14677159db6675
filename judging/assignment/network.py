"""The assignment as a flow of least cost, solved by OR-tools and proven here.

A source feeds the judges, each by one arc per entry more, dearer and dearer (that is the load²); a
judge feeds the entries they may read, and an entry returns what it needs. A required background is
a node before its entry that must get one unit. Everything is a whole number, so the flow is too.

Few of the possible pairs matter. The network starts with the cheapest for each entry; the prices of
the solution (its duals, found by Bellman-Ford) then say which left-out pair could make it cheaper.
When none could, and no cycle of the network could, the flow is the cheapest of all: proven without
trusting the solver (Ahuja, Magnanti, Orlin 1993, ch. 9: reduced cost optimality).
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from judging.assignment.problem import AssignmentError, Prices, Problem, whole
from judging.scoring.types import BoolArray, IntArray

WIDTH = 40
SOURCE = 0
_UNREACHED = np.int64(2**62)


@dataclass
class Arcs:
    """Arcs by kind, as they grow."""

    tail: list[IntArray]
    head: list[IntArray]
    room: list[IntArray]
    cost: list[IntArray]

    @staticmethod
    def none() -> "Arcs":
        return Arcs([], [], [], [])

    def add(self, tail: IntArray, head: IntArray, room: IntArray, cost: IntArray) -> None:
        """Arcs side by side; a single number stands for all."""
        tail, head, room, cost = np.broadcast_arrays(tail, head, room, cost)
        kept = room > 0
        for place, values in zip(
            (self.tail, self.head, self.room, self.cost), (tail, head, room, cost), strict=True
        ):
            place.append(whole(values[kept]))


@dataclass(frozen=True)
class Relaxed:
    """The cheapest plan without avoided pairs and links, with the prices that prove it.

    ``pairs``: b1[E, J], new pairs; ``reduced``: int64[E, J], how much dearer each pair would make
    the plan, at least.
    """

    pairs: BoolArray
    reduced: IntArray


def solve_flow(problem: Problem, *, elastic: bool) -> Relaxed | None:
    """The cheapest plan by flow; None where the limits cannot be kept and `elastic` is off."""
    possible = problem.open_pairs()
    chosen = cheapest(problem, possible)
    top = first_top(problem)
    while True:
        network = Network(problem, chosen, top, elastic=elastic)
        pairs = network.solve()
        if pairs is None:
            return None
        prices = network.duals()
        reduced = problem.cost + prices[1 : problem.size[1] + 1] - prices[network.target]
        cheaper = (reduced < 0) & possible & ~chosen
        gain = prices[SOURCE] - prices[1 : problem.size[1] + 1]
        higher = network.could_rise(gain)
        if not cheaper.any() and not higher.any():
            return Relaxed(pairs, whole(reduced))
        chosen |= worst_of(reduced, cheaper)
        top = np.where(higher, np.minimum(top * 2 + 4, problem.load_most), top)


def cheapest(problem: Problem, possible: BoolArray) -> BoolArray:
    """For each entry the cheapest possible judges, equal ones in an order that moves from entry to entry."""
    entries, judges = problem.size
    width = min(WIDTH, judges)
    if width == judges:
        return possible.copy()
    # Equal costs are told apart by a turn, so that not every entry asks the same judges.
    turn = (np.arange(judges)[None, :] - np.arange(entries)[:, None] * 7) % judges
    key = np.where(possible, problem.cost * judges + turn, _UNREACHED)
    first = np.argpartition(key, width - 1, axis=1)[:, :width]
    chosen = np.zeros_like(possible)
    np.put_along_axis(chosen, first, values=True, axis=1)
    return chosen & possible


def worst_of(reduced: IntArray, cheaper: BoolArray, width: int = 12) -> BoolArray:
    """For each entry the left-out pairs that promise most."""
    judges = reduced.shape[1]
    width = min(width, judges)
    key = np.where(cheaper, reduced, _UNREACHED)
    first = np.argpartition(key, width - 1, axis=1)[:, :width]
    picked = np.zeros_like(cheaper)
    np.put_along_axis(picked, first, values=True, axis=1)
    return picked & cheaper


def first_top(problem: Problem) -> IntArray:
    """How far a judge's load may rise at first; it is raised where that could pay."""
    judges = problem.size[1]
    if problem.spread == 0:
        return problem.load_most
    mean = int(problem.most.sum()) // max(judges, 1)
    return whole(np.minimum(problem.load_most, np.maximum(problem.load_least, 0) + mean * 2 + 8))


class Network:
    """One network of a problem over some of its pairs."""

    def __init__(
        self, problem: Problem, chosen: BoolArray, top: IntArray, *, elastic: bool
    ) -> None:
        self.problem, self.top, self.elastic = problem, top, elastic
        self.prices = Prices.of(problem)
        entries, judges = problem.size
        self.judge = np.arange(1, judges + 1)
        self.entry = np.arange(judges + 1, judges + 1 + entries)
        self.nodes = judges + 1 + entries
        self.supply = np.zeros(self.nodes + entries * len(problem.required), dtype=np.int64)
        self.target = np.repeat(self.entry[:, None], judges, axis=1)
        self.arcs = Arcs.none()
        self.supply[self.entry] = -problem.need
        for background in problem.required:
            self.add_background(background)
        self.supply = self.supply[: self.nodes]
        self.pair_e, self.pair_j = np.nonzero(chosen)
        self.first_pair = sum(part.size for part in self.arcs.tail)
        self.arcs.add(
            self.judge[self.pair_j],
            self.target[self.pair_e, self.pair_j],
            whole([1]),
            problem.cost[self.pair_e, self.pair_j],
        )
        self.add_loads()
        self.add_extras()
        self.supply[SOURCE] = -self.supply.sum()
        self.tail, self.head, self.room, self.cost = (
            np.concatenate(parts)
            for parts in (self.arcs.tail, self.arcs.head, self.arcs.room, self.arcs.cost)
        )

    def add_background(self, background: int) -> None:
        """A node before each entry that has no judge of it yet; it must get one unit."""
        problem = self.problem
        lacking = np.flatnonzero(problem.missing(background))
        made = np.arange(self.nodes, self.nodes + lacking.size)
        self.nodes += lacking.size
        self.supply[made] = -1
        self.supply[self.entry[lacking]] += 1
        columns = np.flatnonzero(problem.background == background)
        self.target[np.ix_(lacking, columns)] = made[:, None]
        self.arcs.add(made, self.entry[lacking], np.maximum(problem.room[lacking], 0), whole([0]))
        if self.elastic:
            self.arcs.add(self.entry[lacking], made, whole([1]), whole([self.prices.lack]))

    def add_loads(self) -> None:
        """One arc for each entry more, at the difference of the squares; least loads come first."""
        problem, loads = self.problem, self.problem.loads
        top = np.maximum(np.minimum(self.top, problem.load_most), loads)
        if not self.elastic:
            forced = np.maximum(problem.load_least - loads, 0)
            self.supply[self.judge] += forced
            loads = loads + forced
        if problem.spread == 0:
            least = np.clip(problem.load_least, loads, top)
            self.arcs.add(whole([SOURCE]), self.judge, least - loads, whole([-self.prices.lack]))
            self.arcs.add(whole([SOURCE]), self.judge, top - least, whole([0]))
            return
        counts = np.maximum(top - loads, 0)
        judge = np.repeat(np.arange(counts.size), counts)
        rank = np.arange(judge.size) - np.repeat(np.cumsum(counts) - counts, counts)
        load = loads[judge] + rank + 1
        bonus = np.where(load <= problem.load_least[judge], self.prices.lack, 0)
        self.arcs.add(
            whole([SOURCE]),
            self.judge[judge],
            whole([1]),
            problem.spread * (2 * load - 1) - (bonus if self.elastic else 0),
        )

    def add_extras(self) -> None:
        """Readings above need flow back for a reward; missing ones come from nowhere, very dearly."""
        problem, prices = self.problem, self.prices
        extra = np.maximum(problem.room - problem.need, 0)
        for rank in range(1, int(extra.max(initial=0)) + 1):
            has = np.flatnonzero(extra >= rank)
            self.arcs.add(
                self.entry[has],
                whole([SOURCE]),
                whole([1]),
                whole([prices.step * rank - prices.reward]),
            )
        if not self.elastic:
            return
        for rank in range(1, int(problem.need.max(initial=0)) + 1):
            has = np.flatnonzero(problem.need >= rank)
            self.arcs.add(
                whole([SOURCE]),
                self.entry[has],
                whole([1]),
                whole([prices.short + prices.step * rank]),
            )

    def solve(self) -> BoolArray | None:
        """Run OR-tools; keep the flow."""
        solver = SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            self.tail, self.head, self.room, self.cost
        )
        solver.set_nodes_supplies(np.arange(self.nodes), self.supply)
        status = solver.solve()
        if status == solver.INFEASIBLE:
            return None
        if status != solver.OPTIMAL:
            raise AssignmentError(f"the solver stopped: {status}")
        self.flow = whole(solver.flows(arcs))
        pairs = np.zeros(self.problem.size, dtype=bool)
        taken = self.flow[self.first_pair : self.first_pair + self.pair_e.size] > 0
        pairs[self.pair_e[taken], self.pair_j[taken]] = True
        return pairs

    def duals(self) -> IntArray:
        """Prices of the nodes under which no arc with room left is a bargain: Bellman-Ford.

        A flow that is not the cheapest has a cycle of negative cost; then this does not settle.
        """
        forward, back = self.flow < self.room, self.flow > 0
        tail = np.concatenate([self.tail[forward], self.head[back]])
        head = np.concatenate([self.head[forward], self.tail[back]])
        cost = np.concatenate([self.cost[forward], -self.cost[back]])
        order = np.argsort(head, kind="stable")
        tail, head, cost = tail[order], head[order], cost[order]
        targets, starts = np.unique(head, return_index=True)
        price = np.zeros(self.nodes, dtype=np.int64)
        if not targets.size:
            return price
        for _pass in range(self.nodes + 1):
            best = np.minimum.reduceat(price[tail] + cost, starts)
            lower = best < price[targets]
            if not lower.any():
                return price
            price[targets[lower]] = best[lower]
        raise AssignmentError("the flow is not the cheapest")

    def could_rise(self, gain: IntArray) -> BoolArray:
        """Judges whose load stands at the top this network has, and might pay to rise above it."""
        limit = np.minimum(self.top, self.problem.load_most)
        more = limit < self.problem.load_most
        if self.problem.spread == 0:
            return more & False
        nothing_yet = np.where(
            self.elastic & (limit < self.problem.load_least), self.prices.lack, 0
        )
        return more & (self.problem.spread * (2 * limit + 1) - nothing_yet + gain < 0)
