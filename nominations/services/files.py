"""Adding files to an entry and taking them away."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.uploads import CheckedFile, check_upload
from nominations.models import Attachment, Entry
from nominations.services.locks import lock_for_writing, touch

MAX_FILES = 10


def add_attachment(entry: Entry, file: "UploadedFile[Any]", *, by: User) -> Attachment:
    """Look into a file, then keep it with the entry."""
    return keep_attachment(entry, check_upload(file), by=by)


@transaction.atomic
def keep_attachment(entry: Entry, checked: CheckedFile, *, by: User) -> Attachment:
    """Keep a checked file; the same content sent twice is kept once."""
    at = lock_for_writing(entry, by)
    files = entry.attachments.filter(removed_at=None)
    if same := files.filter(sha256=checked.sha256, name=checked.name).first():
        return same
    if files.count() >= MAX_FILES:
        raise DomainError(
            _("An entry has %(count)d files at most. Remove one to add “%(name)s”.")
            % {"count": MAX_FILES, "name": checked.name},
            field="file",
        )
    attachment = Attachment(
        entry=entry,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=by,
    )
    attachment.file.save(checked.name, ContentFile(checked.content), save=False)
    try:
        with transaction.atomic():
            attachment.save()
            touch(entry, at)
            record(
                "entry.file-added",
                by=by,
                about=entry,
                season=entry.season.slug,
                data={"name": checked.name, "sha256": checked.sha256},
            )
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User) -> None:
    """Take a file out of the draft; one that a revision holds stays on record."""
    entry = attachment.entry
    at = lock_for_writing(entry, by)
    attachment.refresh_from_db()
    if attachment.removed_at is not None:
        return
    record(
        "entry.file-removed",
        by=by,
        about=entry,
        season=entry.season.slug,
        data={"name": attachment.name, "sha256": attachment.sha256},
    )
    touch(entry, at)
    if is_frozen(attachment):
        attachment.removed_at = timezone.now()
        attachment.save(update_fields=["removed_at"])
        return
    storage, name = attachment.file.storage, str(attachment.file.name)
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))


def is_frozen(attachment: Attachment) -> bool:
    """Whether a revision holds the file."""
    token = str(attachment.token)
    return any(
        token == file["token"]
        for revision in attachment.entry.revisions.all()
        for file in revision.content.get("attachments", [])
    )
