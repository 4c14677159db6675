"""Sharing entries among judges evenly: arithmetic over numbers, without a database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Plan:
    """Who would get what: new pairs (judge, entry), loads after them, and entries left short."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    loads: dict[int, int] = field(default_factory=dict)
    short: dict[int, int] = field(default_factory=dict)


def share(
    entries: Sequence[int],
    judges: Sequence[int],
    *,
    per_entry: int,
    closed: Mapping[int, set[int]],
    taken: Iterable[tuple[int, int]] = (),
    counted: Iterable[tuple[int, int]] = (),
) -> Plan:
    """Bring every entry to `per_entry` judges, the least loaded first, never across a conflict.

    `closed`: entries closed to each judge. `taken`: pairs that exist in any state and are not
    made again. `counted`: those of them that are active; they count for the entry and the load.
    """
    known, active = set(taken), set(counted)
    plan = Plan(loads=dict.fromkeys(judges, 0))
    has: Counter[int] = Counter()
    for judge, entry in active:
        has[entry] += 1
        if judge in plan.loads:
            plan.loads[judge] += 1
    free = {
        entry: [
            judge
            for judge in judges
            if (judge, entry) not in known and entry not in closed.get(judge, set())
        ]
        for entry in entries
    }
    # Entries with the fewest possible judges choose first; the turn moves the start of the circle,
    # so that different judges meet on different entries.
    order = sorted(entries, key=lambda entry: (len(free[entry]), entry))
    for turn in range(per_entry):
        for position, entry in enumerate(order):
            if has[entry] > turn or not free[entry]:
                continue
            start = position + turn
            candidates = free[entry]
            best = min(
                range(len(candidates)),
                key=lambda k: (
                    plan.loads[candidates[k]],
                    (k - start) % len(candidates),
                ),
            )
            judge = candidates.pop(best)
            plan.pairs.append((judge, entry))
            plan.loads[judge] += 1
            has[entry] += 1
    level(plan, free)
    plan.short = {entry: per_entry - has[entry] for entry in entries if has[entry] < per_entry}
    return plan


def level(plan: Plan, free: Mapping[int, list[int]]) -> None:
    """Hand new pairs of the busiest on to freer judges until no single move helps."""
    for _step in range(len(plan.pairs)):
        move = find_move(plan, free)
        if move is None:
            return
        position, freer = move
        busy, entry = plan.pairs[position]
        plan.pairs[position] = (freer, entry)
        free[entry].remove(freer)
        free[entry].append(busy)
        plan.loads[busy] -= 1
        plan.loads[freer] += 1


def find_move(plan: Plan, free: Mapping[int, list[int]]) -> tuple[int, int] | None:
    """Find a new pair whose judge has at least two entries more than somebody who could take it."""
    least = min(plan.loads.values(), default=0)
    for position, (judge, entry) in enumerate(plan.pairs):
        if plan.loads[judge] - least < 2 or not free[entry]:
            continue
        freer = min(free[entry], key=lambda candidate: (plan.loads[candidate], candidate))
        if plan.loads[judge] - plan.loads[freer] >= 2:
            return position, freer
    return None
