"""Appending to the log, and proving that nobody changed it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from audit.models import Event

if TYPE_CHECKING:
    from accounts.models import User


def label(about: models.Model | str) -> str:
    """Name a row the way the log does: nominations.entry:12."""
    return about if isinstance(about, str) else f"{about._meta.label_lower}:{about.pk}"


@transaction.atomic
def record(
    verb: str,
    *,
    by: "User | None",
    about: models.Model | str,
    season: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Append an event to the chain of a season (or of the portal), in the caller's transaction."""
    chain = f"season:{season}" if season else "portal"
    last = lock_chain(chain)
    event = Event(
        chain=chain,
        position=last.position + 1 if last else 1,
        at=timezone.now(),
        actor_id=by.pk if by else None,
        verb=verb,
        about=label(about),
        data=data or {},
        previous_hash=last.hash if last else "",
    )
    event.data = Event._meta.get_field("data").to_python(event.data)
    event.hash = event.digest()
    event.save(force_insert=True)
    return event


def lock_chain(chain: str) -> Event | None:
    """Return the last event of a chain, holding everybody else back until we commit.

    SQLite's immediate transactions do that by themselves; PostgreSQL takes an advisory lock,
    because a chain that has no row yet has none to lock.
    """
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"audit:{chain}"])
    return Event.objects.filter(chain=chain).order_by("-position").first()


def faults(chain: str) -> Iterator[str]:
    """Check a chain from its first row; yield what is wrong, row by row."""
    previous, position = "", 0
    for event in Event.objects.filter(chain=chain).order_by("position").iterator():
        position += 1
        if event.position != position:
            yield f"{chain}: row {position} is missing"
            position = event.position
        if event.previous_hash != previous:
            yield f"{chain}: row {event.position} does not follow the one before it"
        if event.hash != event.digest():
            yield f"{chain}: row {event.position} was changed"
        previous = event.hash
