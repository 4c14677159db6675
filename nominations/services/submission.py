"""Submitting: the draft is frozen as the next revision, hashed, and a receipt is sent."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from nominations.clock import fresh_window
from nominations.drafts import Draft
from nominations.errors import NotReady
from nominations.models import Entry, EntryStatus, ReadyDraft, Revision
from nominations.services.letters import post_receipts
from nominations.services.locks import lock, lock_for_submitter, lock_for_writing
from nominations.services.ready import remember_if_ready
from seasons.models import DraftRule

ANEW = {EntryStatus.DRAFT, EntryStatus.RETURNED}
"""Statuses in which a submission counts even if it repeats the latest revision word for word."""
LONG_PAST = timedelta(days=7)


@transaction.atomic
def submit_entry(entry: Entry, *, by: User, key: UUID) -> Revision:
    """Freeze the draft as the next revision; a repeated key returns the first one.

    A submission that would repeat the latest revision word for word returns that one too, unless the
    entry was returned or never stood: then its nominee says that it is right as it is.
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
    if latest is not None and entry.status not in ANEW and not draft.differs_from(latest):
        return latest
    revision = freeze(entry, draft.content(), by=by, key=key, at=at)
    record(
        "entry.submitted",
        by=by,
        about=entry,
        season=entry.season.slug,
        data={"revision": revision.number, "sha256": revision.sha256},
    )
    post_receipts(revision)
    return revision


def freeze(entry: Entry, content: dict[str, Any], *, by: User, key: UUID, at: datetime) -> Revision:
    """Make a content the next revision of an entry that the caller holds."""
    latest = entry.latest_revision()
    entry.become(EntryStatus.SUBMITTED)
    entry.status_reason = ""
    entry.save(update_fields=["status", "status_reason"])
    return Revision.objects.create(
        entry=entry,
        number=latest.number + 1 if latest else 1,
        content=content,
        sha256=Revision.digest(content),
        idempotency_key=key,
        submitted_at=at,
        submitted_by=by,
    )


def rule_key(entry: Entry, deadline: datetime) -> UUID:
    """The key of what a deadline submits: the same however often, and however late, that is done."""
    return uuid5(NAMESPACE_URL, f"entry:{entry.number}:{deadline.isoformat()}")


def is_by_rule(revision: Revision) -> bool:
    """Whether the deadline submitted it, not a person."""
    return revision.idempotency_key == rule_key(revision.entry, revision.submitted_at)


@transaction.atomic
def submit_ready(entry: Entry) -> Revision | None:
    """Submit the last complete state of a draft whose deadline has passed, if the season says so.

    What counts is the deadline that held for this entry, not the moment of doing it: the content is
    the one remembered before it. Doing it again changes nothing.
    """
    lock(entry)
    season = entry.nomination.season
    if entry.status != EntryStatus.DRAFT or season.draft_rule != DraftRule.SUBMIT:
        return None
    window = fresh_window(season, entry.organisation, entry)
    if window.state != "closed" or window.closes_at is None:
        return None
    deadline = window.closes_at
    ready = ReadyDraft.objects.select_related("by").filter(entry=entry).first()
    if ready is None and window.now - deadline < LONG_PAST:
        # It was complete before the season took up this rule; nobody could change it since.
        remember_if_ready(entry, entry.created_by)
        ready = ReadyDraft.objects.select_related("by").filter(entry=entry).first()
    elif ready is not None and ready.at >= deadline:
        # It became complete by a leave that was taken back.
        return None
    key = rule_key(entry, deadline)
    if ready is None or Revision.objects.filter(idempotency_key=key).exists():
        return None
    revision = freeze(entry, ready.content, by=ready.by, key=key, at=deadline)
    record(
        "entry.submitted-by-rule",
        by=None,
        about=entry,
        season=season.slug,
        data={"revision": revision.number, "sha256": revision.sha256, "written_by": ready.by_id},
    )
    post_receipts(revision, by_rule=True)
    return revision
