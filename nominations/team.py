"""What stands beside each question for people who write together: comments, and who saved it last."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from accounts.models import User
from nominations.models import Entry


@dataclass
class Beside:
    """What stands beside one question."""

    comments: int = 0
    by: str = ""
    at: datetime | None = None


def beside_questions(entry: Entry, user: User) -> dict[int, Beside]:
    """By question: how many open comments, and who saved it last when that was somebody else."""
    found: dict[int, Beside] = {}
    counted = entry.comments.filter(resolved_at=None).exclude(prompt=None).order_by()
    for prompt, count in counted.values_list("prompt").annotate(count=Count("pk")):
        found.setdefault(prompt, Beside()).comments = count
    others = entry.answers.exclude(updated_by=None).exclude(updated_by=user).order_by()
    for prompt, name, at in others.values_list("prompt", "updated_by__full_name", "updated_at"):
        row = found.setdefault(prompt, Beside())
        row.by, row.at = name, at
    return found
