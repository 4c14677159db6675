"""Guards: database triggers that refuse to rewrite what must never be rewritten.

A guard is written by a migration (`create`), and switched off only to empty a database: by
`flush`, and by the demo when it rebuilds a demo season.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Guard:
    """Refuse UPDATE and DELETE of a table's rows, all or those the condition names.

    `condition` is SQL both databases understand, over OLD; empty means every row.
    """

    name: str
    table: str
    message: str
    condition: str = ""


guards: dict[str, Guard] = {}


def register(guard: Guard) -> Guard:
    """Make a guard known, so that it can be switched off and on again."""
    guards[guard.name] = guard
    return guard


def create(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    """Write the guard's triggers."""
    message = guard.message.replace("'", "''")
    condition = guard.condition or "1 = 1"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger AS $guard$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{message}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; "
                "END $guard$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {guard.name} BEFORE UPDATE OR DELETE ON {guard.table} "
                f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
            )
            return
        for event in ("UPDATE", "DELETE"):
            cursor.execute(
                f"CREATE TRIGGER {guard.name}_{event.lower()} BEFORE {event} ON {guard.table} "
                f"FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )


def drop(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    """Remove the guard's triggers, if they are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}")
            return
        for event in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}_{event}")


@contextmanager
def guards_off(connection: BaseDatabaseWrapper | None = None) -> Iterator[None]:
    """Switch every guard off, and on again afterwards."""
    connection = connection or default_connection
    tables = set(connection.introspection.table_names())
    present = [guard for guard in guards.values() if guard.table in tables]
    for guard in present:
        drop(connection, guard)
    try:
        yield
    finally:
        for guard in present:
            drop(connection, guard)
            create(connection, guard)
