"""The back office of nominations and entries."""

from nominations.admin import catalogue, entries, scopes

__all__ = ["catalogue", "entries", "scopes"]
