"""Where the pages about what is shown of the judging lead in the world."""

from collections.abc import Iterator
from typing import Any

from judging.models import Meeting
from tests.world import World


def of_feedback(world: World) -> Iterator[tuple[str, str, list[Any]]]:
    """Comments of the jury, looked at by an organiser; what is told of a meeting."""
    finalist = world.rules["finalist"].pk
    for name in ("comments", "comments_look", "discussions"):
        yield f"admin:results_outcomerule_{name}", "finalist", [finalist]
    meeting = Meeting.objects.get()
    yield "judging:meeting_summary", "essay", [meeting.round_id, meeting.entry_id, meeting.pk]
