"""What upper rooms show of an entry to its own people.

`entry_panels` are blocks on the page of one entry, `(request, entry) -> html`; `entry_notes` say in a
line how entries of a list stand, `(user, entries) -> {entry id: note}`, in a fixed number of queries;
`entry_steps` are events of the history of one entry, `entry_dates` are appointments for the calendar file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True)
class EntryStep:
    """Something that happened to an entry, as its own people may know it: no organiser, no judge."""

    at: datetime
    title: str
    text: str = ""
    url: str = ""
    icon: str = "clock"


@dataclass(frozen=True)
class EntryDate:
    """An appointment or a deadline; with `deadline` the end is what counts, and reminders come before it."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    text: str = ""
    url: str = ""
    place: str = ""
    deadline: bool = False


Stepper = Callable[["User", "Entry"], list[EntryStep]]
Dater = Callable[["User", Sequence["Entry"]], list[EntryDate]]

entry_steps: list[Stepper] = []
entry_dates: list[Dater] = []

Noter = Callable[["User", Sequence["Entry"]], dict[int, EntryNote]]

entry_notes: list[Noter] = []


def notes_for(user: "User", entries: Sequence["Entry"]) -> dict[int, EntryNote]:
    """What the upper rooms say of these entries; a later room has the last word."""
    found: dict[int, EntryNote] = {}
    for noter in entry_notes:
        found |= noter(user, entries)
    return found
