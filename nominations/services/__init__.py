"""What people do with entries: one verb, one transaction, checked against the clock inside it."""

from nominations.errors import AnswerConflict, Closed, NotReady
from nominations.services.answers import save_answer
from nominations.services.copying import copy_entry, is_copy_of, left_behind, nominations_for
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
from nominations.services.submission import submit_entry, submit_ready
from nominations.services.vetting import (
    add_vetter,
    admit_entry,
    disqualify_entry,
    end_reopening,
    remove_vetter,
    reopen_entry,
    return_entry,
    save_check,
)

__all__ = [
    "AnswerConflict",
    "Closed",
    "NotReady",
    "Pick",
    "add_attachment",
    "add_vetter",
    "admit_entry",
    "copy_entry",
    "disqualify_entry",
    "end_reopening",
    "enter_nominations",
    "is_copy_of",
    "left_behind",
    "nominations_for",
    "remove_attachment",
    "remove_vetter",
    "reopen_entry",
    "restore_entry",
    "return_entry",
    "save_answer",
    "save_check",
    "set_participants",
    "start_entry",
    "submit_entry",
    "submit_ready",
    "update_entry",
    "withdraw_entry",
]
