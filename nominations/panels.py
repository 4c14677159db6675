"""What upper rooms show of an entry to its own people.

`entry_panels` are blocks on the page of one entry, `(request, entry) -> html`; `entry_notes` say in a
line how entries of a list stand, `(user, entries) -> {entry id: note}`, in a fixed number of queries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.panels import Panels

if TYPE_CHECKING:
    from accounts.models import User
    from nominations.models import Entry

entry_panels = Panels()


@dataclass(frozen=True)
class EntryNote:
    """A badge and a sentence that replace the entry's status in a list; either may be empty."""

    status: str = ""
    label: str = ""
    hint: str = ""


Noter = Callable[["User", Sequence["Entry"]], dict[int, EntryNote]]

entry_notes: list[Noter] = []


def notes_for(user: "User", entries: Sequence["Entry"]) -> dict[int, EntryNote]:
    """What the upper rooms say of these entries; a later room has the last word."""
    found: dict[int, EntryNote] = {}
    for noter in entry_notes:
        found |= noter(user, entries)
    return found
