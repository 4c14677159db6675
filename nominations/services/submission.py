"""Submitting: the draft is frozen as the next revision, hashed, and a receipt is sent."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from nominations.drafts import Draft
from nominations.errors import NotReady
from nominations.models import Entry, EntryStatus, Revision
from nominations.services.letters import post_receipts
from nominations.services.locks import lock_for_submitter, lock_for_writing


@transaction.atomic
def submit_entry(entry: Entry, *, by: User, key: UUID) -> Revision:
    """Freeze the draft as the next revision; a repeated key returns the first one.

    A submission that would repeat the latest revision word for word returns that one too.
    """
    lock_for_submitter(entry, by)
    if earlier := Revision.objects.filter(idempotency_key=key).first():
        if earlier.entry_id != entry.pk:
            raise DomainError(_("This form belongs to another entry. Load the page again."))
        return earlier
    at = lock_for_writing(entry, by)
    draft = Draft(entry)
    if draft.problems:
        raise NotReady(_("The entry is not complete yet."), draft.problems)
    latest = entry.latest_revision()
    if latest is not None and entry.status != EntryStatus.DRAFT and not draft.differs_from(latest):
        return latest
    entry.become(EntryStatus.SUBMITTED)
    entry.status_reason = ""
    entry.save(update_fields=["status", "status_reason"])
    content = draft.content()
    revision = Revision.objects.create(
        entry=entry,
        number=latest.number + 1 if latest else 1,
        content=content,
        sha256=Revision.digest(content),
        idempotency_key=key,
        submitted_at=at,
        submitted_by=by,
    )
    record(
        "entry.submitted",
        by=by,
        about=entry,
        season=entry.season.slug,
        data={"revision": revision.number, "sha256": revision.sha256},
    )
    post_receipts(revision)
    return revision
