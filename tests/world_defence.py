"""A sheet from paper that waits for a second person, for the proofs about access.

The chair is the judge who wrote it, about the rival's entry; an organiser entered it.
"""

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from common.uploads import CheckedFile
from judging.models import Assignment, PaperSheet
from judging.services.paper import Written, enter_sheet

if TYPE_CHECKING:
    from tests.world import World


def add_defence(world: "World") -> None:
    """The chair hears the rival, and writes on paper."""
    round_, organiser = world.rounds["defence"], world.person("organiser")
    heard = Assignment.objects.create(
        round=round_,
        judge=world.assignments["chair"].judge,
        entry=world.entries["rival"],
        assigned_by=organiser,
    )
    world.assignments["paper"] = heard
    criteria = round_.rubric.dimensions.get().criteria.order_by("position")
    world.rows[PaperSheet] = enter_sheet(
        heard,
        by=organiser,
        key=uuid4(),
        marks={one.pk: Written(Decimal(4)) for one in criteria},
        scan=CheckedFile("sheet.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n"),
    )
