"""Errors whose text is meant for the person in front of the page."""

from typing import Any


class DomainError(Exception):
    """A rule of the award says no; the message is translated and shown beside its cause.

    `field` names the form field or prompt at fault; empty means the whole act.
    """

    def __init__(self, message: Any, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class ConflictError(DomainError):
    """Somebody else saved first; nothing was overwritten."""
