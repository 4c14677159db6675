"""Writing very many plain rows at once, when making a model of each costs more than the database does."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connections, models, router

# So many values fit into one statement of either database.
MOST_VALUES = 10_000


def insert_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert rows of values that the database takes as they are: numbers as text, JSON as text.

    No signal is sent, no default is filled in and no key comes back; constraints and triggers of the
    database hold as ever. Returns how many rows were written.
    """
    connection = connections[router.db_for_write(model)]
    known = {field.name: field for field in model._meta.concrete_fields}
    found = [known[name] for name in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in found)
    one = f"({', '.join(placeholder(field, connection.vendor) for field in found)})"
    # The names are those of the model; the values go as parameters.
    start = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608
    done = 0
    with connection.cursor() as cursor:
        for batch in batches(rows, max(1, MOST_VALUES // len(found))):
            values = [value for row in batch for value in row]
            cursor.execute(start + ", ".join([one] * len(batch)), values)
            done += len(batch)
    return done


def placeholder(field: Any, vendor: str) -> str:
    """Where a value goes; PostgreSQL wants to hear that a text is JSON."""
    json = isinstance(field, models.JSONField) and vendor == "postgresql"
    return "%s::jsonb" if json else "%s"


def batches(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """The rows, so many at a time."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch
