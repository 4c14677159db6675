"""Celery's part: claim a row, do it once, say what went wrong.

A task may be delivered twice or never: the row decides, and `sweep` finds what was forgotten.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from outbox.models import LOCK_TIME, Job, Message, State
from outbox.registry import job_handlers, reminders, still_due

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 8
Row = TypeVar("Row", Message, Job)


@contextmanager
def claimed(model: type[Row], pk: int) -> Iterator[Row | None]:
    """Take a due row for LOCK_TIME by one compare-and-swap, or yield None when somebody has it.

    An error inside is kept on the row, which is tried again later and later, then fails visibly.
    So does a row whose worker died over it, again and again, without a word.
    """
    now = timezone.now()
    taken = (
        model._default_manager.filter(pk__in=model.objects.due(now).filter(pk=pk).values("pk"))
        .filter(state=State.WAITING)
        .update(locked_until=now + LOCK_TIME, attempts=F("attempts") + 1)
    )
    if not taken:
        yield None
        return
    row = model._default_manager.get(pk=pk)
    if row.attempts > MAX_ATTEMPTS:
        row.state, row.last_error = State.FAILED, row.last_error or "The worker died each time."
        row.save(update_fields=["state", "last_error"])
        yield None
        return
    try:
        yield row
    except Exception as error:
        log.exception("%s %s failed", model._meta.model_name, row)
        row.last_error = f"{type(error).__name__}: {error}"
        row.locked_until = None
        if row.attempts >= MAX_ATTEMPTS:
            row.state = State.FAILED
        row.due_at = timezone.now() + timedelta(seconds=5 * 4 ** min(row.attempts, 6))
        row.save(update_fields=["last_error", "locked_until", "state", "due_at"])


@shared_task(acks_late=True)
def deliver(message_id: int) -> None:
    """Send one message once, however often the queue delivers this task."""
    with claimed(Message, message_id) as message:
        if message is None:
            return
        if not is_wanted(message):
            message.state = State.CANCELLED
            forget(message)
            message.save(update_fields=["state", "context", "email"])
            return
        compose(message)
        send(message)
        message.state, message.sent_at = State.DONE, timezone.now()
        forget(message)
        message.save(update_fields=["state", "sent_at", "subject", "body", "context", "email"])


def is_wanted(message: Message) -> bool:
    """Whether it is still to be sent: to an account that is open, about something that is still so."""
    if message.recipient is not None and not message.recipient.is_active:
        return False
    question = still_due.get(message.kind)
    return question is None or question(message)


def forget(message: Message) -> None:
    """Take out of the row what it may keep only until it is sent.

    `secret` in its values is the secret of a link; `forget_address` says that the address belongs to
    somebody whose account is gone.
    """
    if secret := message.context.get("secret"):
        message.body = message.body.replace(secret, "…")
        message.context = {
            name: value.replace(secret, "…") if isinstance(value, str) else value
            for name, value in message.context.items()
            if name != "secret"
        }
    if message.context.get("forget_address"):
        message.email = ""


def compose(message: Message) -> None:
    """Write subject and text from the kind's template in the recipient's language."""
    with translation.override(message.language):
        text = render_to_string(
            f"outbox/{message.kind}.txt",
            {**message.context, "site_url": settings.SITE_URL, "language": message.language},
        )
    first, _, body = text.strip().partition("\n")
    message.subject = first.removeprefix("Subject:").strip()[:250]
    message.body = body.strip() + "\n"


def send(message: Message) -> None:
    """Hand the mail to the server, marked so that a repeat is recognisable."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[message.email],
        headers={
            "Message-ID": f"<{message.pk}.{message.created_at:%Y%m%d%H%M%S}@portal>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
    )
    html = render_to_string(
        "outbox/mail.html",
        {"body": message.body, "subject": message.subject, "language": message.language},
    )
    mail.attach_alternative(html, "text/html")
    mail.send()


@shared_task(acks_late=True)
def run_job(job_id: int) -> None:
    """Do one job once, however often the queue delivers this task."""
    with claimed(Job, job_id) as job:
        if job is None:
            return
        job_handlers[job.kind](job)
        job.state, job.finished_at, job.progress = State.DONE, timezone.now(), 100
        job.save(update_fields=["state", "finished_at", "progress"])


@shared_task
def sweep() -> int:
    """Queue everything that is due and not being done; return how much."""
    messages = list(Message.objects.due().order_by("due_at").values_list("pk", flat=True)[:500])
    jobs = list(Job.objects.due().order_by("due_at").values_list("pk", flat=True)[:500])
    for pk in jobs:
        run_job.delay(pk)
    for pk in messages:
        deliver.delay(pk)
    return len(messages) + len(jobs)


@shared_task
def remind() -> int:
    """Look for missing work and write the reminders it calls for; one that fails stops no other."""
    written, failures = 0, []
    for compute in reminders:
        try:
            written += compute()
        except Exception as error:
            log.exception("%s failed", compute.__qualname__)
            failures.append(error)
    if failures:
        raise failures[0]
    return written
