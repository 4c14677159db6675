"""Appending to the log, and proving that nobody changed it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Fault:
    """A stored row that is not as the log says: which table, row and field, and what is wrong."""

    table: str
    pk: Any
    field: str
    message: str

    def __str__(self) -> str:
        where = ".".join(part for part in (self.table, self.field) if part)
        return f"{where} {self.pk}: {self.message}" if self.pk is not None else self.message


def read(rows: models.QuerySet[models.Model], keys: Iterable[Any]) -> dict[Any, Any]:
    """The rows by their keys, without those whose values no longer make sense."""
    wanted = list(keys)
    try:
        return dict(rows.in_bulk(wanted))
    except (ValueError, ArithmeticError, TypeError):
        if len(wanted) == 1:
            return {}
    middle = len(wanted) // 2
    return read(rows, wanted[:middle]) | read(rows, wanted[middle:])


def chain_faults(chain: str, *, batch: int = 1000) -> Iterator[Fault | int]:
    """Check a chain from its first row; yield what is wrong, and how many rows are done after each batch."""
    previous, position, done, after = "", 0, 0, -1
    while True:
        keys = list(
            Event.objects.filter(chain=chain, position__gt=after)
            .order_by("position")
            .values_list("pk", "position")[:batch]
        )
        events = read(Event.objects.all(), [pk for pk, _position in keys])
        for pk, stored in keys:
            position += 1
            event = events.get(pk)
            if stored != position:
                yield Fault("audit_event", None, "", f"{chain}: row {position} is missing")
                position = stored if isinstance(stored, int) else position
            if event is None or not is_whole(event):
                yield Fault("audit_event", pk, "", f"{chain}: row {position} was changed")
                previous = "" if event is None else event.hash
                continue
            if event.previous_hash != previous:
                yield Fault(
                    "audit_event",
                    pk,
                    "previous_hash",
                    f"{chain}: row {position} does not follow the one before it",
                )
            previous = event.hash
        done += len(keys)
        yield done
        if len(keys) < batch or not isinstance(keys[-1][1], int):
            return
        after = keys[-1][1]


def is_whole(event: Event) -> bool:
    """Whether a row still says what its hash was made of."""
    try:
        return event.hash == event.digest()
    except (AttributeError, TypeError, ValueError):
        return False


def faults(chain: str) -> Iterator[str]:
    """What is wrong with a chain, in words, row by row."""
    for found in chain_faults(chain):
        if isinstance(found, Fault):
            yield found.message
