"""What the world has for what is shown of the judging: a comment held back, a meeting and its summary."""

from typing import TYPE_CHECKING

from django.utils import timezone

from judging.models import Meeting, MeetingSummary
from results.comments import digest
from results.models import CommentState, Feedback, JuryComment

if TYPE_CHECKING:
    from tests.world import World

SUMMARY = "The jury weighed the figures anew."
HELD = "I wrote the same to them at our last meeting."


def add_feedback(world: "World") -> None:
    """The nominee's feedback has a comment that an organiser holds back; a meeting was summarised."""
    hold_back(world, HELD)
    chair, now = world.person("chair"), timezone.now()
    meeting = Meeting.objects.create(
        round=world.rounds["essay"],
        entry=world.entries["admitted"],
        notes="Two of us were sharp with each other.",
        decision="The marks stay.",
        opened_by=chair,
        opened_at=now,
        closed_by=chair,
        closed_at=now,
    )
    MeetingSummary.objects.create(meeting=meeting, text=SUMMARY, written_by=chair, written_at=now)


def hold_back(world: "World", text: str) -> None:
    """Put the comment into the feedback, and the decision beside it."""
    entry, round_ = world.entries["admitted"], world.rounds["essay"]
    feedback = Feedback.objects.get(entry=entry)
    held = JuryComment.objects.filter(entry=entry).values_list("text", flat=True)
    said = feedback.content["rounds"][0]["comments"]
    feedback.content["rounds"][0]["comments"] = [*(one for one in said if one not in held), text]
    feedback.save(update_fields=["content"])
    JuryComment.objects.update_or_create(
        entry=entry,
        round=round_,
        criterion="",
        defaults={
            "sha256": digest(text),
            "text": text,
            "state": CommentState.HELD,
            "reason": "It tells who wrote it.",
            "decided_by": world.person("organiser"),
            "decided_at": timezone.now(),
        },
    )
