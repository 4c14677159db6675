"""Readers of the environment, kept apart from settings so that they can be tested."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
    "PRAGMA cache_size=-20000; PRAGMA journal_size_limit=27103364; PRAGMA temp_store=MEMORY; "
    "PRAGMA recursive_triggers=ON;"
)


def flag(name: str, *, default: bool) -> bool:
    """Read a yes/no variable: 1, true, yes, on mean yes."""
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def names(name: str) -> list[str]:
    """Read a comma-separated list."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def secret_key(path: Path) -> str:
    """Return the key kept in the file, making it once, readable by its owner alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


def database_from_url(url: str) -> dict[str, Any]:
    """Turn sqlite:///path or postgres://… into Django's form; an unknown scheme is kept for the check to explain."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or ":memory:",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": SQLITE_PRAGMAS,
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = parse_qs(parts.query)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host", [parts.hostname or ""])[0],
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {"ENGINE": "django.db.backends.dummy", "NAME": url}


def email_from_url(url: str, folder: Path) -> dict[str, Any]:
    """Turn smtp://user:password@host:port?tls=1 into mail settings; nothing means files in the folder."""
    if not url:
        return {
            "backend": "django.core.mail.backends.filebased.EmailBackend",
            "file_path": str(folder),
        }
    parts = urlsplit(url)
    return {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": parts.hostname or "localhost",
        "port": parts.port or 25,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": parse_qs(parts.query).get("tls", ["0"])[0] == "1",
    }
