"""What each kind of job does, and when a message that waited is no longer wanted."""

from collections.abc import Callable

from outbox.models import Job, Message

JobHandler = Callable[[Job], None]
Reminder = Callable[[], int]
StillDue = Callable[[Message], bool]

job_handlers: dict[str, JobHandler] = {}
still_due: dict[str, StillDue] = {}
reminders: list[Reminder] = []


def job(kind: str) -> Callable[[JobHandler], JobHandler]:
    """Register what a kind of job does; it may be run twice and must then change nothing more."""

    def register(handler: JobHandler) -> JobHandler:
        job_handlers[kind] = handler
        return handler

    return register


def only_while(kind: str) -> Callable[[StillDue], StillDue]:
    """Register a question asked right before a kind of message is sent; no means cancel it."""

    def register(question: StillDue) -> StillDue:
        still_due[kind] = question
        return question

    return register


def reminder(compute: Reminder) -> Reminder:
    """Register a computation of reminders: it looks for missing work and posts; returns how many."""
    if compute not in reminders:
        reminders.append(compute)
    return compute
