"""What people do with entries: one verb, one transaction, checked against the clock inside it."""

from nominations.errors import AnswerConflict, Closed, NotReady
from nominations.services.answers import save_answer
from nominations.services.entries import (
    Pick,
    enter_nominations,
    restore_entry,
    set_participants,
    start_entry,
    update_entry,
    withdraw_entry,
)
from nominations.services.files import add_attachment, remove_attachment
from nominations.services.submission import submit_entry
from nominations.services.vetting import admit_entry, disqualify_entry

__all__ = [
    "AnswerConflict",
    "Closed",
    "NotReady",
    "Pick",
    "add_attachment",
    "admit_entry",
    "disqualify_entry",
    "enter_nominations",
    "remove_attachment",
    "restore_entry",
    "save_answer",
    "set_participants",
    "start_entry",
    "submit_entry",
    "update_entry",
    "withdraw_entry",
]
