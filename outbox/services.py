"""Writing messages and jobs in the caller's transaction; the queue is told after the commit."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from celery import Task
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox.models import Job, Message, State
from outbox.tasks import compose, deliver, run_job

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
queue_held: ContextVar[bool] = ContextVar("queue_held", default=False)


@contextmanager
def hold_queue() -> Iterator[None]:
    """Write rows without telling the queue, when thousands are written and done by hand."""
    token = queue_held.set(True)
    try:
        yield
    finally:
        queue_held.reset(token)


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
    if created:
        after_commit(deliver, message.pk, message.due_at)
    return message


def enqueue(
    kind: str,
    *,
    effect_key: str,
    args: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    about: str = "",
    by: "User | None" = None,
) -> Job:
    """Write a job; the same effect key returns the first one, so it happens once."""
    job, created = Job.objects.get_or_create(
        effect_key=effect_key,
        defaults={
            "kind": kind,
            "args": args or {},
            "due_at": due_at or timezone.now(),
            "about": about,
            "requested_by": by,
        },
    )
    if created:
        after_commit(run_job, job.pk, job.due_at)
    return job


def after_commit(task: Task[Any, Any], pk: int, due_at: datetime) -> None:
    """Tell the queue once the row is safe; what is due later is left to the sweeper."""
    if queue_held.get() or due_at > timezone.now():
        return

    def tell() -> None:
        try:
            task.delay(pk)
        except (OperationalError, OSError):
            log.warning("the queue is away; the sweeper will find %s %s", task.name, pk)

    transaction.on_commit(tell)


def retry(row: Job | Message) -> None:
    """Let a failed row be tried again, now."""
    type(row)._default_manager.filter(pk=row.pk, state=State.FAILED).update(
        state=State.WAITING, attempts=0, due_at=timezone.now(), locked_until=None
    )
    after_commit(run_job if isinstance(row, Job) else deliver, row.pk, timezone.now())


def keep_without_sending(messages: Iterable[Message]) -> int:
    """Write the text of waiting messages and mark them done, for demonstrations; return how many."""
    count = 0
    for message in messages:
        compose(message)
        message.state, message.sent_at = State.DONE, timezone.now()
        message.save(update_fields=["state", "sent_at", "subject", "body"])
        count += 1
    return count


def run_due(*, kinds: Iterable[str] | None = None) -> int:
    """Do the jobs that are due in this process, without a queue; return how many."""
    return do_each(run_job, Job.objects.due(), kinds)


def deliver_due(*, kinds: Iterable[str] | None = None) -> int:
    """Send the messages that are due in this process, without a queue; return how many."""
    return do_each(deliver, Message.objects.due(), kinds)


def do_each(act: Callable[[int], Any], rows: Any, kinds: Iterable[str] | None) -> int:
    """Call a task for each row, oldest first."""
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    found = list(rows.order_by("due_at", "pk").values_list("pk", flat=True))
    for pk in found:
        act(pk)
    return len(found)
