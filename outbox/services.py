"""Writing messages in the caller's transaction, and sending those that are due."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from outbox.models import Message

if TYPE_CHECKING:
    from accounts.models import User


def post(
    kind: str,
    *,
    effect_key: str,
    to: "User | str",
    context: dict[str, Any] | None = None,
    language: str | None = None,
    due_at: datetime | None = None,
    about: str = "",
) -> Message:
    """Write a message; the same effect key returns the first one, so it is sent once.

    The text comes from templates/outbox/<kind>.txt in the recipient's language when it is sent.
    """
    message, created = Message.objects.get_or_create(
        effect_key=effect_key,
        defaults={
            "kind": kind,
            "recipient_id": None if isinstance(to, str) else to.pk,
            "email": to if isinstance(to, str) else to.email,
            "language": language
            or (settings.LANGUAGE_CODE if isinstance(to, str) else to.language),
            "context": context or {},
            "due_at": due_at or timezone.now(),
            "about": about,
        },
    )
    if created and message.due_at <= timezone.now():
        transaction.on_commit(lambda: queue_message(message.pk), robust=True)
    return message


def queue_message(message_id: int) -> None:
    """Ask a worker to send it now; when the queue is away, the sweeper will."""
    from outbox.tasks import deliver  # noqa: PLC0415  (tasks import services)

    deliver.delay(message_id)
