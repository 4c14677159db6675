"""Adding files to an entry and taking them away."""

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.uploads import CheckedFile, check_upload
from nominations.models import (
    Attachment,
    Credential,
    CredentialState,
    Entry,
    PagesState,
    Prerequisite,
    Prompt,
    Purpose,
    ReadyDraft,
)
from nominations.services.locks import lock_for_writing, touch
from nominations.services.ready import remember_if_ready
from nominations.slots import Slot
from outbox.jobs import enqueue
from outbox.models import Job


def add_attachment(
    entry: Entry,
    file: File[Any],
    *,
    by: User,
    purpose: Purpose = Purpose.SUPPORT,
    prompt: Prompt | None = None,
    prerequisite: Prerequisite | None = None,
) -> Attachment:
    """Look into a file, then keep it with the entry."""
    slot = Slot(purpose, prompt, prerequisite)
    checked = check_upload(file, endings=slot.endings)
    return keep_attachment(
        entry, checked, by=by, purpose=purpose, prompt=prompt, prerequisite=prerequisite
    )


@transaction.atomic
def keep_attachment(
    entry: Entry,
    checked: CheckedFile,
    *,
    by: User,
    purpose: Purpose = Purpose.SUPPORT,
    prompt: Prompt | None = None,
    prerequisite: Prerequisite | None = None,
) -> Attachment:
    """Keep a checked file; the same content sent twice is kept once."""
    at = lock_for_writing(entry, by)
    slot = Slot(purpose, prompt, prerequisite)
    files = slot.files(entry)
    if same := files.filter(sha256=checked.sha256, name=checked.name).first():
        return same
    if slot.replaces:
        make_room(entry, slot, by=by)
    else:
        require_room(slot, files.count(), checked.name)
    attachment = Attachment(
        entry=entry,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=by,
        purpose=purpose,
        prompt=prompt,
        pages_state=PagesState.WAITING if purpose == Purpose.ESSAY else PagesState.NONE,
    )
    attachment.file.save(checked.name, ContentFile(checked.content), save=False)
    try:
        with transaction.atomic():
            attachment.save()
            touch(entry, at)
            note("entry.file-added", attachment, by)
            if prerequisite is not None:
                show_proof(entry, prerequisite, attachment)
            if purpose == Purpose.ESSAY:
                have_pages_made(attachment, by=by)
            remember_if_ready(entry, by)
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment


def require_room(slot: Slot, there: int, name: str) -> None:
    """Refuse one file more than the place holds."""
    if there < slot.most:
        return
    raise DomainError(
        ngettext(
            "There can be %(count)d file here at most. Remove it to add “%(name)s”.",
            "There can be %(count)d files here at most. Remove one to add “%(name)s”.",
            slot.most,
        )
        % {"count": slot.most, "name": name},
        field="file",
    )


def make_room(entry: Entry, slot: Slot, *, by: User) -> None:
    """Take out what a new file replaces."""
    for old in slot.files(entry):
        old.entry = entry
        take_out(old, by=by)


def show_proof(entry: Entry, prerequisite: Prerequisite, proof: Attachment) -> None:
    """Let the document of the entry show this scan; what organisers said of the old one is void."""
    Credential.objects.update_or_create(
        entry=entry,
        prerequisite=prerequisite,
        defaults={
            "proof": proof,
            "state": CredentialState.GIVEN,
            "decided_by": None,
            "decided_at": None,
        },
    )


def have_pages_made(attachment: Attachment, *, by: User | None = None) -> None:
    """Queue the making of an essay's pages; each call is a new attempt."""
    about = f"nominations.attachment:{attachment.pk}"
    attempt = Job.objects.filter(kind="make-pages", about=about).count() + 1
    enqueue(
        "make-pages",
        effect_key=f"pages:{attachment.token}:{attempt}",
        args={"attachment": attachment.pk},
        about=about,
        by=by,
    )


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User) -> None:
    """Take a file out of the draft; one that a revision holds stays on record."""
    entry = attachment.entry
    at = lock_for_writing(entry, by)
    attachment.refresh_from_db()
    if attachment.removed_at is not None:
        return
    touch(entry, at)
    take_out(attachment, by=by)
    remember_if_ready(entry, by)


def take_out(attachment: Attachment, *, by: User) -> None:
    """Take a file out of an entry that is held already."""
    note("entry.file-removed", attachment, by)
    if is_frozen(attachment):
        Credential.objects.filter(proof=attachment).update(proof=None)
        attachment.removed_at = timezone.now()
        attachment.save(update_fields=["removed_at"])
        return
    storage, name = attachment.file.storage, str(attachment.file.name)
    pictures = [str(page.image.name) for page in attachment.pages.all()]
    attachment.delete()

    def forget() -> None:
        for one in (name, *pictures):
            storage.delete(one)

    transaction.on_commit(forget)


def note(act: str, attachment: Attachment, by: User) -> None:
    """Write in the log what happened to a file."""
    entry = attachment.entry
    data = {"name": attachment.name, "sha256": attachment.sha256}
    if attachment.purpose != Purpose.SUPPORT:
        data["purpose"] = attachment.purpose
    record(act, by=by, about=entry, season=entry.season.slug, data=data)


def is_frozen(attachment: Attachment) -> bool:
    """Whether a revision holds the file, or the complete draft that the deadline would submit."""
    ready = ReadyDraft.objects.filter(entry=attachment.entry_id)
    return is_submitted(attachment) or holds(ready.values_list("content", flat=True), attachment)


def is_submitted(attachment: Attachment) -> bool:
    """Whether a revision holds the file, so that organisers may read it."""
    return holds(attachment.entry.revisions.values_list("content", flat=True), attachment)


def holds(contents: Iterable[dict[str, Any]], attachment: Attachment) -> bool:
    """Whether one of the contents names the file."""
    token = str(attachment.token)
    return any(
        token == file["token"] for content in contents for file in content.get("attachments", [])
    )
