"""This room's part of what the portal knows of a person: what was released of own entries."""

from django.utils import timezone

from accounts.models import User
from accounts.personal import Part, exports
from nominations.models import Entry
from results.comments import let_through, reviews_of
from results.models import Appeal, Feedback, PublishedResult


@exports
def result_data(user: User) -> Part:
    """Published outcomes, and the jury's feedback from the day it is shown."""
    own = Entry.objects.of_member(user).values("pk")
    results = PublishedResult.objects.filter(entry__in=own).select_related("entry")
    feedback = list(
        Feedback.objects.visible_to(user)
        .filter(stage__opens_at__lte=timezone.now())
        .select_related("entry__nomination__season")
        .order_by("entry__number")
    )
    reviews = reviews_of(feedback)
    appeals = Appeal.objects.of_member(user).select_related("entry", "rule")
    return Part(
        {
            "results": [
                {"entry": one.entry.number, "outcome": one.kind, "published_at": one.published_at}
                for one in results.order_by("published_at", "pk")
            ],
            "appeals": [
                {
                    "entry": one.entry.number,
                    "outcome": one.rule.kind,
                    "ground": one.ground,
                    "text": one.text,
                    "filed_at": one.filed_at,
                }
                for one in appeals.order_by("filed_at", "pk")
            ],
            "feedback": [
                {
                    "entry": one.entry.number,
                    "content": let_through(
                        one.content,
                        reviews[one.entry_id],
                        one.entry.nomination.season.moderate_comments,
                    ).content,
                    "version": one.version,
                    "changed_at": one.changed_at,
                    "question": one.question,
                    "answer": one.answer,
                }
                for one in feedback
            ],
        }
    )
