"""Acting at another moment: the services read the clock, so the clock is what the demo moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import time_machine
from django.db import transaction

from blueprints.demo.people import DOMAIN
from outbox.models import Message, State
from outbox.services import keep_without_sending


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Do something at a moment, as one transaction that sends nothing.

    Mails to invented people are written but not sent, and the queue is not told: jobs that the act
    wrote are found by the sweeper, or run by the demo itself.
    """
    connection = transaction.get_connection()
    with time_machine.travel(moment.astimezone(UTC), tick=False), transaction.atomic():
        told = len(connection.run_on_commit)
        last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        yield
        written = Message.objects.filter(pk__gt=last, state=State.WAITING)
        keep_without_sending(written.filter(email__endswith=f"@{DOMAIN}"))
        del connection.run_on_commit[told:]
