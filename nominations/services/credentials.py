"""The documents an entry shows: written by its nominee, confirmed or refused by who vets it."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import ConflictError, DomainError
from nominations.conditions import conditions_of, newest_elsewhere
from nominations.models import (
    Credential,
    CredentialState,
    Entry,
    EntryStatus,
    Prerequisite,
    Purpose,
)
from nominations.permissions import can_enter_for, can_vet
from nominations.services.files import add_attachment
from nominations.services.letters import about_entry, post_to_editors
from nominations.services.locks import lock, lock_for_writing, touch
from nominations.services.ready import remember_if_ready


@dataclass(frozen=True)
class Written:
    """What somebody wrote about a document."""

    number: str = ""
    issuer: str = ""
    expires_on: date | None = None

    @property
    def base(self) -> str:
        """A mark of these values: a save names the one it was written upon."""
        text = "\n".join([self.number, self.issuer, str(self.expires_on or "")])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def written_in(credential: Credential | None) -> Written:
    """What is stored."""
    if credential is None:
        return Written()
    return Written(credential.number, credential.issuer, credential.expires_on)


@transaction.atomic
def save_credential(
    entry: Entry, prerequisite: Prerequisite, written: Written, *, by: User, base: str
) -> Credential | None:
    """Store what a document says; what the organisers said of the old text is void then.

    A text written upon another than the stored one is not stored: somebody saved meanwhile.
    """
    at = lock_for_writing(entry, by)
    require_asked(entry, prerequisite)
    credential = Credential.objects.filter(entry=entry, prerequisite=prerequisite).first()
    stored = written_in(credential)
    if written == stored:
        return credential
    if base != stored.base:
        raise ConflictError(
            _("Somebody changed this document meanwhile. Compare the two and save again."),
            field=f"prerequisite-{prerequisite.pk}",
        )
    credential = credential or Credential(entry=entry, prerequisite=prerequisite)
    credential.number, credential.issuer = written.number, written.issuer
    credential.expires_on = written.expires_on
    void(credential)
    credential.save()
    touch(entry, at)
    remember_if_ready(entry, by)
    return credential


def void(credential: Credential) -> None:
    """Take back, in memory, what the organisers decided."""
    credential.state = CredentialState.GIVEN
    credential.note = ""
    credential.decided_by = None
    credential.decided_at = None


def require_asked(entry: Entry, prerequisite: Prerequisite) -> None:
    """Refuse a document that this entry need not show."""
    if all(one.prerequisite.pk != prerequisite.pk for one in conditions_of(entry)):
        raise DomainError(_("This entry need not show this document."))


@transaction.atomic
def take_over_credential(entry: Entry, prerequisite: Prerequisite, *, by: User) -> Credential:
    """Show the document that the organisation showed in another entry, its scan included."""
    lock_for_writing(entry, by)
    require_asked(entry, prerequisite)
    if not can_enter_for(by, entry.organisation):
        raise PermissionDenied
    mine = Credential.objects.filter(entry=entry, prerequisite=prerequisite).first()
    source = newest_elsewhere(prerequisite, entry.organisation)
    if mine is not None and (mine.number or source is None):
        return mine
    if source is None:
        raise DomainError(_("There is no earlier document to take over."))
    if source.proof is not None:
        with source.proof.file.open("rb") as file:
            scan = SimpleUploadedFile(source.proof.name, file.read(), source.proof.content_type)
        add_attachment(entry, scan, by=by, purpose=Purpose.CREDENTIAL, prerequisite=prerequisite)
    saved = save_credential(entry, prerequisite, written_in(source), by=by, base=Written().base)
    return saved or source


@transaction.atomic
def confirm_credential(credential: Credential, *, by: User, note: str = "") -> Credential:
    """Say that the document is in order; the nominee is told."""
    return judge(credential, CredentialState.CONFIRMED, by=by, note=note)


@transaction.atomic
def refuse_credential(credential: Credential, *, by: User, note: str) -> Credential:
    """Say that the document is not accepted, and why; the nominee is told."""
    if not note.strip():
        raise DomainError(_("Say why; the nominee will read it."), field="note")
    return judge(credential, CredentialState.REFUSED, by=by, note=note)


def judge(credential: Credential, state: CredentialState, *, by: User, note: str) -> Credential:
    """Keep the decision under the entry's lock, log it and write to the entry's editors, once."""
    entry = credential.entry
    lock(entry)
    if not can_vet(by, entry):
        raise PermissionDenied
    credential.refresh_from_db()
    credential.entry = entry
    if entry.status == EntryStatus.DRAFT and not entry.revisions.exists():
        raise DomainError(_("This entry is not submitted yet."))
    if credential.state == state and (not note.strip() or credential.note == note.strip()):
        return credential
    credential.state = state
    credential.note = note.strip()
    credential.decided_by = by
    credential.decided_at = timezone.now()
    credential.save(update_fields=["state", "note", "decided_by", "decided_at"])
    event = record(
        f"credential.{state}",
        by=by,
        about=credential,
        season=entry.season.slug,
        data={
            "entry": entry.number,
            "prerequisite": credential.prerequisite.slug,
            "note": credential.note,
        },
    )
    post_to_editors(
        f"credential-{state}",
        entry,
        f"credential-{state}:{event.pk}",
        lambda person: {
            **about_entry(entry, person),
            "document": str(credential.prerequisite.name),
            "note": credential.note,
            "link": settings.SITE_URL + reverse("nominations:conditions", args=[entry.pk]),
        },
    )
    return credential
