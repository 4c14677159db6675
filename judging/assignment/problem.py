"""The question and the answer of an assignment, as arrays.

Entries and judges are numbered from 0. The price of a plan, which is made least, is

    sum of cost[e, j] over its new pairs
    + spread * sum over judges of load²
    - for each reading above `least` of an entry: reward - step * (its rank above least)

Where the limits cannot all be kept, a missing reading, a missing background and a judge below the
least load have prices of their own, each so high that no saving of a lower kind is worth one more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from judging.scoring.types import BoolArray, IntArray


class AssignmentError(ValueError):
    """A question that makes no sense; never a question without an answer."""


def whole(values: Iterable[int] | IntArray) -> IntArray:
    """An int64 array."""
    return np.asarray(values, dtype=np.int64)


@dataclass(frozen=True)
class Problem:
    """What is asked.

    ``cost``: int64[E, J], not negative; ``allowed``: b1[E, J], False across a conflict;
    ``least``/``most``: readings per entry, those that exist counted; ``load_least``/``load_most``:
    entries per judge, likewise; ``fixed``: b1[E, J], assignments that exist and stay;
    ``background``: int64[J], -1 for none; ``required``: backgrounds each entry needs one judge of;
    ``avoid``: judges who are not to meet on one entry.
    """

    cost: IntArray
    allowed: BoolArray
    least: IntArray
    most: IntArray
    load_least: IntArray
    load_most: IntArray
    fixed: BoolArray
    background: IntArray
    required: tuple[int, ...] = ()
    avoid: tuple[tuple[int, int], ...] = ()
    spread: int = 0
    connected: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        shape = self.cost.shape
        if self.allowed.shape != shape or self.fixed.shape != shape:
            raise AssignmentError("cost, allowed and fixed are tables of entries by judges")
        if self.cost.size and self.cost.min() < 0:
            raise AssignmentError("a cost is not negative")
        if (self.least > self.most).any() or (self.load_least > self.load_most).any():
            raise AssignmentError("a least is not more than its most")

    @property
    def size(self) -> tuple[int, int]:
        """How many entries and judges."""
        return self.cost.shape[0], self.cost.shape[1]

    @property
    def has(self) -> IntArray:
        """Readings each entry has already."""
        return whole(self.fixed.sum(axis=1))

    @property
    def loads(self) -> IntArray:
        """Entries each judge has already."""
        return whole(self.fixed.sum(axis=0))

    @property
    def room(self) -> IntArray:
        """Readings an entry may still get."""
        return whole(np.maximum(self.most - self.has, 0))

    def missing(self, background: int) -> BoolArray:
        """Entries that have no judge of a required background yet."""
        found = self.fixed[:, self.background == background]
        return np.asarray(~found.any(axis=1), dtype=bool)

    @property
    def need(self) -> IntArray:
        """Readings an entry must still get; each missing background asks for one."""
        asked = np.maximum(self.least - self.has, 0)
        backgrounds = whole(sum((self.missing(one) for one in self.required), np.zeros_like(asked)))
        return whole(np.maximum(asked, np.minimum(backgrounds, self.room)))

    def open_pairs(self) -> BoolArray:
        """Pairs a plan may add: allowed, new, and not beside a judge they avoid who stays."""
        pairs = self.allowed & ~self.fixed
        for one, other in self.avoid:
            pairs[self.fixed[:, one], other] = False
            pairs[self.fixed[:, other], one] = False
        return pairs


@dataclass(frozen=True)
class Prices:
    """Prices of what is above or below the limits, a level apart from each other.

    A path through the network passes each judge once, so it changes at most ``2 J + 6`` prices of
    one level: one of the next level outweighs it.
    """

    step: int
    reward: int
    lack: int
    short: int

    @staticmethod
    def of(problem: Problem) -> "Prices":
        """Prices high enough for the problem."""
        judges = problem.size[1]
        most_load = int(min(problem.load_most.max(initial=0), problem.size[0]))
        highest = int(problem.cost.max(initial=0)) + problem.spread * (2 * most_load + 1) + 1
        level = 2 * judges + 6
        step = 2 * highest
        # A rank above least, or a missing reading, is one of as many as there are judges.
        reward = (highest + step * judges) * 4
        lack = reward * level
        return Prices(step=step, reward=reward, lack=lack, short=lack * level)


@dataclass(frozen=True)
class Outcome:
    """The answer.

    ``pairs``: new (entry, judge) pairs, sorted; ``cost``: its price; ``bound``: no plan is cheaper,
    proven; ``short``: readings missing by entry; ``lacking``: (entry, background) without a judge;
    ``idle``: entries missing to a judge's least load; ``pieces``: into how many parts the judges
    fall; ``extra``: what the links or the avoided pairs cost beyond the optimum without them.
    """

    pairs: tuple[tuple[int, int], ...]
    cost: int
    bound: int
    short: dict[int, int] = field(default_factory=dict)
    lacking: tuple[tuple[int, int], ...] = ()
    idle: dict[int, int] = field(default_factory=dict)
    pieces: int = 0
    extra_avoid: int = 0
    extra_links: int = 0
    exact_model: str = "flow"

    @property
    def optimal(self) -> bool:
        """Whether no plan is cheaper, proven."""
        return self.cost == self.bound

    @property
    def whole(self) -> bool:
        """Whether every limit is kept."""
        return not (self.short or self.lacking or self.idle)


def price(problem: Problem, pairs: Iterable[tuple[int, int]]) -> int:
    """What a plan costs, by the definition at the head of this module; also of a plan that falls short."""
    prices = Prices.of(problem)
    table = problem.fixed.copy()
    total = 0
    for entry, judge in pairs:
        table[entry, judge] = True
        total += int(problem.cost[entry, judge])
    added = whole(table.sum(axis=1)) - problem.has
    loads = whole(table.sum(axis=0))
    total += problem.spread * int((loads**2).sum() - (problem.loads**2).sum())
    need = problem.need
    above, below = np.maximum(added - need, 0), np.maximum(need - added, 0)
    total -= int((prices.reward * above - prices.step * above * (above + 1) // 2).sum())
    total += int((prices.short * below + prices.step * below * (below + 1) // 2).sum())
    total += prices.lack * len(lacking(problem, table))
    idle = np.maximum(np.maximum(problem.load_least, problem.loads) - loads, 0)
    return total + prices.lack * int(idle.sum())


def lacking(problem: Problem, table: BoolArray) -> tuple[tuple[int, int], ...]:
    """(entry, background) where a required background is missing."""
    found = []
    for background in problem.required:
        seen = table[:, problem.background == background].any(axis=1)
        found += [(int(entry), background) for entry in np.flatnonzero(~seen)]
    return tuple(sorted(found))
