"""What the judge's desk has beside scorecards: paper."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.world import World


def of_desk(world: "World") -> Iterator[tuple[str, str, list[Any]]]:
    """Pages of a scorecard and of a round that only its judge opens."""
    for name in ("submitted", "open", "conflicted"):
        yield "judging:scorecard_print", name, [world.assignments[name].pk]
    for name in ("essay", "defence"):
        yield "judging:comparison", name, [world.rounds[name].pk]
