"""What the world has for the pages of publication: a ceremony that is prepared."""

from typing import TYPE_CHECKING

from results.models import Release

if TYPE_CHECKING:
    from tests.world import World


def add_publishing(world: "World") -> None:
    """The laureates are to be revealed at a ceremony."""
    Release.objects.filter(rule=world.rules["laureate"]).update(by_ceremony=True)
