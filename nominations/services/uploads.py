"""Files that come in parts, and go on after a break: the verbs behind the tus protocol.

What has come so far is a file beside a row that counts its bytes. A part is written at the place the
row names, never beyond the announced size; what was written without being counted is cut off next time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import ConflictError, DomainError
from common.uploads import MEGABYTE, check_outside, check_upload, clean_name
from nominations.models import Attachment, Entry, Purpose, Upload
from nominations.services.files import keep_attachment, require_room
from nominations.services.locks import lock_for_writing
from nominations.slots import Slot

LIFETIME = timedelta(days=2)
LARGEST_PART = 5 * MEGABYTE  # what Django takes into memory (DATA_UPLOAD_MAX_MEMORY_SIZE)
MOST_OPEN = 20
MOST_SWEPT = 500


class WrongOffset(ConflictError):  # noqa: N818  (says what is so)
    """A part does not begin where the last one ended; `received` is where it should."""

    def __init__(self, received: int) -> None:
        super().__init__(_("This part of the file is not the next one."))
        self.received = received


class Expired(DomainError):  # noqa: N818
    """The upload was left for too long."""

    def __init__(self) -> None:
        super().__init__(_("This upload was left for too long. Choose the file again."))


@transaction.atomic
def begin_upload(entry: Entry, slot: Slot, *, by: User, key: UUID, name: str, size: int) -> Upload:
    """Make room for a file on its way; a repeated key returns the first upload."""
    lock_for_writing(entry, by)
    name = clean_name(name)
    if earlier := Upload.objects.filter(token=key).first():
        if earlier.entry_id != entry.pk or earlier.user_id != by.pk or earlier.size != size:
            raise ConflictError(_("This upload cannot go on. Choose the file again."))
        return earlier
    check_outside(name, size, endings=slot.endings)
    if not slot.replaces:
        require_room(slot, slot.files(entry).count(), name)
    drop_beyond(entry, by)
    upload = Upload(
        token=key,
        entry=entry,
        user=by,
        purpose=slot.purpose,
        prompt=slot.prompt,
        prerequisite=slot.prerequisite,
        name=name,
        size=size,
        expires_at=timezone.now() + LIFETIME,
    )
    upload.file.save(name, ContentFile(b""), save=False)
    upload.save()
    return upload


def drop_beyond(entry: Entry, by: User) -> None:
    """Forget the oldest of the person's unfinished uploads, so that a disk is not filled by them."""
    mine = Upload.objects.filter(entry=entry, user=by, attachment=None).order_by("-pk")
    for old in mine[MOST_OPEN - 1 :]:
        forget(old)


def receive(upload: Upload, data: bytes, *, offset: int, by: User) -> Attachment | None:
    """Write one part; with the last one look into the whole file and keep it with the entry.

    Rights and the clock are asked with every part: a file is with the entry only if it came whole
    before the deadline.
    """
    if write(upload, data, offset=offset, by=by):
        return finish(upload, by=by)
    return None


@transaction.atomic
def write(upload: Upload, data: bytes, *, offset: int, by: User) -> bool:
    """Write one part in its place; return whether the file is whole now."""
    lock_for_writing(upload.entry, by)
    upload.refresh_from_db(from_queryset=Upload.objects.select_for_update())
    if upload.attachment_id is not None and offset + len(data) == upload.size:
        return True  # the answer to the last part was lost on its way
    if upload.is_over():
        raise Expired
    if offset != upload.received:
        raise WrongOffset(upload.received)
    if offset + len(data) > upload.size:
        raise DomainError(_("The file is larger than it was said to be."))
    if data:
        path = Path(upload.file.path)
        if not path.exists():
            raise Expired
        with path.open("r+b") as file:
            file.truncate(offset)
            file.seek(offset)
            file.write(data)
        upload.received = offset + len(data)
        upload.expires_at = timezone.now() + LIFETIME
        upload.save(update_fields=["received", "expires_at"])
    return upload.received == upload.size


def finish(upload: Upload, *, by: User) -> Attachment:
    """Look into a whole file and keep it; a refused one is forgotten, a kept one is kept once."""
    if upload.attachment is not None:
        return upload.attachment
    try:
        with upload.file.open("rb") as stored:
            slot = Slot(Purpose(upload.purpose), upload.prompt, upload.prerequisite)
            checked = check_upload(File(stored, name=upload.name), endings=slot.endings)
    except FileNotFoundError:
        # Another request finished it a moment ago, or it was taken back.
        return finished_elsewhere(upload)
    except DomainError:
        forget(upload)
        raise
    with transaction.atomic():
        attachment = keep_attachment(
            upload.entry,
            checked,
            by=by,
            purpose=slot.purpose,
            prompt=slot.prompt,
            prerequisite=slot.prerequisite,
        )
        Upload.objects.filter(pk=upload.pk).update(attachment=attachment)
        clear(upload)
    upload.attachment = attachment
    return attachment


def finished_elsewhere(upload: Upload) -> Attachment:
    """What another request made of the upload."""
    upload.refresh_from_db()
    if upload.attachment is None:
        raise Expired
    return upload.attachment


def cancel_upload(upload: Upload) -> None:
    """Forget a file on its way; one that has arrived stays with the entry."""
    forget(upload)


def forget(upload: Upload) -> None:
    """Delete the row and what has come so far."""
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).delete()
        clear(upload)


def clear(upload: Upload) -> None:
    """Delete what has come so far, once the transaction is done."""
    storage, name = upload.file.storage, str(upload.file.name)
    transaction.on_commit(lambda: storage.delete(name))


def remove_old_uploads() -> int:
    """Forget uploads that were left, and parts of files that no row knows; return how many."""
    now = timezone.now()
    old = list(Upload.objects.filter(expires_at__lte=now)[:MOST_SWEPT])
    for upload in old:
        forget(upload)
    stray = list(stray_parts(now))
    for path in stray:
        path.unlink(missing_ok=True)
    return len(old) + len(stray)


def stray_parts(now: datetime) -> Iterator[Path]:
    """Parts of files without a row: their entry was deleted, or the machine stopped in between."""
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    if not folder.is_dir():
        return
    before = (now - LIFETIME).timestamp()
    for path in sorted(folder.glob("*.part"))[:MOST_SWEPT]:
        name = f"uploads/{path.name}"
        if path.stat().st_mtime < before and not Upload.objects.filter(file=name).exists():
            yield path
