"""The back office of nominations and entries."""

from nominations.admin import catalogue, entries, prompts, scopes

__all__ = ["catalogue", "entries", "prompts", "scopes"]
