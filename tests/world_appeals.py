"""What the world has for the pages of appeals: the nominee contests the finalists."""

from typing import TYPE_CHECKING
from uuid import UUID

from results.models import Ground, OutcomeRule
from results.services.appeals import file_appeal

if TYPE_CHECKING:
    from tests.world import World

KEY = UUID("5ad4f5d0-7a55-4d0e-9df0-0d1f0c6f4f11")


def add_appeals(world: "World") -> None:
    """Appeals are taken about finalists; the nominee filed one."""
    rule = world.rules["finalist"]
    OutcomeRule.objects.filter(pk=rule.pk).update(appeal_days=30)
    rule.refresh_from_db()
    file_appeal(
        rule,
        world.entries["admitted"],
        by=world.person("nominee"),
        ground=Ground.FACTS,
        text="The jury did not see the second table.",
        key=KEY,
    )
