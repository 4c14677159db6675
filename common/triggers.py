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

    `condition` is SQL both databases understand, over OLD; empty means every row. With `inserts`
    a row to which it would apply is refused as well.
    """

    name: str
    table: str
    message: str
    condition: str = ""
    inserts: bool = False


guards: dict[str, Guard] = {}


def register(guard: Guard) -> Guard:
    """Make a guard known, so that it can be switched off and on again."""
    guards[guard.name] = guard
    return guard


def create(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    """Write the guard's triggers."""
    message = guard.message.replace("'", "''")
    condition = guard.condition or "1 = 1"
    coming = condition.replace("OLD.", "NEW.") if guard.inserts else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
            insert = (
                f"IF TG_OP = 'INSERT' THEN IF {coming} THEN {refuse}; END IF; RETURN NEW; END IF; "
            )
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger AS $guard$ BEGIN "
                f"{insert if coming else ''}"
                f"IF {condition} THEN {refuse}; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; "
                "END $guard$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {guard.name} BEFORE {'INSERT OR ' if coming else ''}UPDATE OR DELETE "
                f"ON {guard.table} "
                f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
            )
            return
        whens = {"UPDATE": condition, "DELETE": condition, **({"INSERT": coming} if coming else {})}
        for event, when in whens.items():
            cursor.execute(
                f"CREATE TRIGGER {guard.name}_{event.lower()} BEFORE {event} ON {guard.table} "
                f"FOR EACH ROW WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )


def drop(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    """Remove the guard's triggers, if they are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}")
            return
        for event in ("insert", "update", "delete"):
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
