"""Feedback follows what it is about: what was read before is kept, and the entry's people are told."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from audit.services import record
from nominations.models import Revision
from nominations.services.letters import write_to_editors
from results.comments import without_single
from results.models import EarlierFeedback, Feedback
from results.traces import Traces


def follow(feedback: Feedback, content: dict[str, Any], traces: Traces) -> bool:
    """Put this in place of what it says, if that is not the same; whoever calls holds its row.

    What nobody could read yet is simply replaced. What was open gets a new version with its date.
    """
    if told(feedback.content, traces) == told(content, traces):
        return False
    before, now = feedback.content, timezone.now()
    feedback.content = content
    if now < feedback.stage.opens_at:
        feedback.save(update_fields=["content"])
        return True
    EarlierFeedback.objects.create(
        feedback=feedback,
        version=feedback.version,
        content=before,
        read_at=feedback.read_at,
        replaced_at=now,
    )
    feedback.version += 1
    feedback.changed_at, feedback.read_at = now, None
    feedback.save(update_fields=["content", "version", "changed_at", "read_at"])
    entry = feedback.entry
    event = record(
        "feedback.changed",
        by=None,
        about=feedback,
        season=entry.nomination.season.slug,
        data={
            "entry": entry.number,
            "version": feedback.version,
            "before_sha256": Revision.digest(before),
            "after_sha256": Revision.digest(content),
        },
    )
    address = settings.SITE_URL + reverse("results:feedback", args=[entry.pk])
    write_to_editors("feedback-changed", entry, event, feedback_link=address)
    return True


def told(content: Mapping[str, Any], traces: Traces) -> dict[str, Any]:
    """What of feedback its reader would call changed, whatever the form it was frozen in."""
    content = without_single(content)
    outcome = ("outcome", "place", "of", "lo", "hi", "raw", "score")
    return {
        "standings": [{name: one[name] for name in outcome} for one in content["standings"]],
        "rounds": {one["slug"]: told_of_round(one, traces) for one in content["rounds"]},
    }


def told_of_round(content: Mapping[str, Any], traces: Traces) -> dict[str, Any]:
    """The numbers and the comments of a round."""

    def cleaned(texts: list[str]) -> list[str]:
        return sorted(traces.removed_from(text) for text in texts)

    criteria = {
        one["slug"]: [
            one["answered"],
            one["average"],
            one.get("quartile"),
            [mark["value"] for mark in one["marks"]],
            cleaned(one["comments"]),
        ]
        for dimension in content["dimensions"]
        for one in dimension["criteria"]
    }
    numbers = [content["judges"], content["average"], content["totals"]]
    return {"numbers": numbers, "criteria": criteria, "comments": cleaned(content["comments"])}
