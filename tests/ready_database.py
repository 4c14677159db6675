"""A migrated SQLite database kept between runs, so that one quick test does not wait for all migrations.

The copy is named by a hash of everything a migration reads, so a changed migration makes a new one.
It is only a head start: the set-up still runs `migrate`, which then finds nothing to do. `./portal
test` gives each run a fresh folder for its state and so always migrates from nothing.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

READ_BY_MIGRATIONS = (
    "*/migrations/*.py",
    "*/guards.py",
    "common/triggers.py",
    "common/localized.py",
    "accounts/names.py",
    "awards_portal/settings.py",
    "requirements.txt",
)


def ready_file() -> Path:
    """Return where the migrated database of these very migrations is kept."""
    digest = hashlib.sha256()
    for pattern in READ_BY_MIGRATIONS:
        for file in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(str(file.relative_to(settings.BASE_DIR)).encode())
            digest.update(file.read_bytes())
    return Path(settings.VAR, "ready-database", f"{digest.hexdigest()[:32]}.sqlite3")


def in_memory() -> bool:
    """Say whether the tests' database is SQLite's, and not in a file."""
    return connection.vendor == "sqlite" and not connection.settings_dict["TEST"]["NAME"]


@pytest.fixture(scope="session")
def _head_start(django_db_modify_db_settings: None) -> Iterator[None]:
    """Fill the database that the set-up is about to migrate."""
    if not in_memory():
        yield
        return
    file = ready_file()
    # The name that Django gives; the data live as long as one connection does.
    name = f"file:memorydb_{connection.alias}?mode=memory&cache=shared"
    with closing(sqlite3.connect(name, uri=True)) as memory:
        if file.exists():
            with closing(sqlite3.connect(file)) as ready:
                ready.backup(memory)
        yield


@pytest.fixture(scope="session")
def django_db_setup(_head_start: None, django_db_setup: Any, django_db_blocker: Any) -> None:
    """Set the database up as always, and keep a copy of it if there is none yet."""
    file = ready_file()
    if not in_memory() or file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in sorted(file.parent.glob("*.sqlite3"), key=lambda one: one.stat().st_mtime)[:-4]:
        old.unlink(missing_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with closing(sqlite3.connect(part)) as ready:
            connection.connection.backup(ready)
    part.replace(file)
