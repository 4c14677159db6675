"""Taking an entry in hand: its row locked, the person's right and the clock read under the lock."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from nominations.clock import fresh_window
from nominations.models import Entry
from nominations.permissions import EDITABLE, can_edit, can_submit


def lock(entry: Entry) -> None:
    """Read the entry again and hold its row until the transaction ends."""
    entry.refresh_from_db(from_queryset=Entry.objects.select_for_update())


def lock_for_editor(entry: Entry, by: User) -> None:
    """Hold the entry for one of its editors."""
    lock(entry)
    if not can_edit(by, entry):
        raise PermissionDenied


def lock_for_submitter(entry: Entry, by: User) -> None:
    """Hold the entry for somebody who may submit, withdraw and restore it."""
    lock(entry)
    if not can_submit(by, entry):
        raise PermissionDenied


def lock_for_writing(entry: Entry, by: User) -> datetime:
    """Hold the entry for writing; return the moment that counts, while entries are open."""
    lock_for_editor(entry, by)
    if entry.status not in EDITABLE:
        raise DomainError(
            _("This entry is %(status)s and cannot be changed.")
            % {"status": entry.get_status_display()}
        )
    window = fresh_window(entry.nomination.season, entry.organisation, entry)
    window.require_open()
    return window.now


def touch(entry: Entry, at: datetime) -> None:
    """Note that its nominee changed something."""
    Entry.objects.filter(pk=entry.pk).update(changed_at=at)
    entry.changed_at = at
