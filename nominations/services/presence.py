"""Who has the essay of an entry open, and which version each answer has: one small answer."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from accounts.models import User
from nominations.models import Entry, Presence, Prompt

SEEN = timedelta(seconds=60)


@dataclass(frozen=True)
class Pulse:
    """What one tab needs to know of the others."""

    people: list[dict[str, object]]
    versions: dict[int, int]
    authors: dict[int, str]


def pulse(entry: Entry, user: User, at: int | None) -> Pulse:
    """Note that the person is here, at a question or none; tell who else is, and what is saved.

    Three queries, whatever is going on.
    """
    answer = FilteredRelation("answers", condition=Q(answers__entry=entry.pk))
    prompts = list(
        Prompt.objects.filter(nomination=entry.nomination_id)
        .annotate(answer=answer)
        .values_list("pk", "answer__version", "answer__updated_by", "answer__updated_by__full_name")
    )
    known = {pk for pk, _version, _by, _name in prompts}
    now = timezone.now()
    Presence.objects.bulk_create(
        [Presence(entry=entry, user=user, prompt_id=at if at in known else None, seen_at=now)],
        update_conflicts=True,
        unique_fields=["entry", "user"],
        update_fields=["prompt", "seen_at"],
    )
    others = (
        Presence.objects.filter(entry=entry, seen_at__gt=now - SEEN)
        .exclude(user=user)
        .order_by("user__full_name", "pk")
        .values("user__full_name", "user__email", "prompt_id")
    )
    return Pulse(
        people=[
            {"name": one["user__full_name"] or one["user__email"], "prompt": one["prompt_id"]}
            for one in others
        ],
        versions={pk: version or 0 for pk, version, _by, _name in prompts},
        authors={pk: name for pk, _version, by, name in prompts if name and by != user.pk},
    )
