"""What is competed for, and the entries that compete."""

from nominations.models.catalogue import Category, EntryKind, Hint, Nomination, Prompt, PromptKind
from nominations.models.entries import (
    NEXT_STATUSES,
    Answer,
    Attachment,
    Entry,
    EntryStatus,
    Participant,
    ParticipantRole,
    Revision,
)

__all__ = [
    "NEXT_STATUSES",
    "Answer",
    "Attachment",
    "Category",
    "Entry",
    "EntryKind",
    "EntryStatus",
    "Hint",
    "Nomination",
    "Participant",
    "ParticipantRole",
    "Prompt",
    "PromptKind",
    "Revision",
]
