"""Organisers check what was submitted: admit it to judging, or disqualify it with a reason."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from nominations.models import Entry, EntryStatus
from nominations.permissions import can_vet
from nominations.services.letters import write_to_editors
from nominations.services.locks import lock


@transaction.atomic
def admit_entry(entry: Entry, *, by: User) -> Entry:
    """Admit the latest revision to judging; one that is admitted stays so."""
    lock_for_vetting(entry, by)
    if entry.status == EntryStatus.ADMITTED:
        return entry
    move(entry, EntryStatus.ADMITTED, by=by, verb="entry.admitted")
    return entry


@transaction.atomic
def disqualify_entry(entry: Entry, *, by: User, reason: str) -> Entry:
    """Exclude the entry; the reason is told to its editors and kept."""
    lock_for_vetting(entry, by)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Give the reason; the nominee will read it."), field="reason")
    if entry.status == EntryStatus.DISQUALIFIED:
        return entry
    move(entry, EntryStatus.DISQUALIFIED, by=by, verb="entry.disqualified", reason=reason)
    return entry


def lock_for_vetting(entry: Entry, by: User) -> None:
    """Hold the entry for an organiser whom no conflict bars."""
    lock(entry)
    if not can_vet(by, entry):
        raise PermissionDenied


def move(entry: Entry, status: EntryStatus, *, by: User, verb: str, reason: str = "") -> None:
    """Change the status, log it and tell the editors."""
    revision = entry.latest_revision()
    entry.become(status)
    entry.status_reason = reason
    entry.save(update_fields=["status", "status_reason"])
    event = record(
        verb,
        by=by,
        about=entry,
        season=entry.season.slug,
        data={"revision": revision.number if revision else None, "reason": reason},
    )
    write_to_editors(verb.replace(".", "-"), entry, event, reason=reason)
