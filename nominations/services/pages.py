"""The pages of an essay that is a file: made by a job, made again when that failed."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.sandbox import Overrun, run_apart
from nominations.models import Attachment, Entry, Page, PagesFault, PagesState, Purpose
from nominations.models.files import page_path
from nominations.permissions import can_edit
from nominations.printing import LIMITS
from nominations.services.files import have_pages_made, is_submitted
from nominations.services.letters import post_to_editors


def make_pages(attachment_id: int) -> None:
    """Draw the pages of an essay file and keep them; a file that cannot be drawn is marked so."""
    attachment = Attachment.objects.filter(pk=attachment_id, purpose=Purpose.ESSAY).first()
    if attachment is None or attachment.pages_state == PagesState.READY:
        return
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        try:
            source = attachment.file.path
            found = run_apart("nominations.printing", source, folder, limits=LIMITS)
        except Overrun:
            fail(attachment, PagesFault.HEAVY)
            return
        except Exception:
            fail(attachment, PagesFault.HEAVY)
            raise
        if found["fault"]:
            fail(attachment, PagesFault(found["fault"]))
            return
        keep_pages(attachment, found["pages"], Path(folder))


@transaction.atomic
def keep_pages(attachment: Attachment, pages: list[dict[str, Any]], folder: Path) -> None:
    """Put the pictures in place of those of an earlier attempt, and mark the file ready."""
    held = Attachment.objects.select_for_update().filter(pk=attachment.pk).first()
    if held is None or held.pages_state == PagesState.READY:
        return
    held.pages.all().delete()
    for number, one in enumerate(pages, start=1):
        page = Page(
            attachment=held,
            number=number,
            width=one["width"],
            height=one["height"],
            text=one["text"],
        )
        content = ContentFile((folder / f"{number}.png").read_bytes())
        storage, name = page.image.storage, page_path(page, "")
        if storage.exists(name):
            storage.delete(name)
        page.image.save(name, content, save=False)
        page.save()
    held.pages_state, held.pages_fault = PagesState.READY, ""
    held.save(update_fields=["pages_state", "pages_fault"])


@transaction.atomic
def fail(attachment: Attachment, fault: PagesFault) -> None:
    """Mark the file; if it was submitted already, tell the people of the entry."""
    rows = Attachment.objects.filter(pk=attachment.pk).exclude(pages_state=PagesState.READY)
    if not rows.update(pages_state=PagesState.FAILED, pages_fault=fault):
        return
    entry = Entry.objects.select_related("nomination__season").get(pk=attachment.entry_id)
    if attachment.removed_at is not None or not is_submitted(attachment):
        return
    post_to_editors(
        "essay-pages-failed",
        entry,
        f"pages-failed:{attachment.token}",
        lambda user: {
            "name": user.full_name,
            "number": entry.number,
            "file": attachment.name,
            "fault": fault.value,
            "path": f"{entry.get_absolute_url()}essay/",
        },
    )


def can_have_pages_made(user: User, attachment: Attachment) -> bool:
    """Whether the person may try again: the people of the entry, and its organisers."""
    entry = attachment.entry
    organised = Entry.objects.organised_by(user).filter(pk=entry.pk).exists()
    return can_edit(user, entry) or (organised and is_submitted(attachment))


@transaction.atomic
def retry_pages(attachment: Attachment, *, by: User) -> None:
    """Try again to make the pages of a file that failed."""
    held = Attachment.objects.select_for_update().select_related("entry").get(pk=attachment.pk)
    if not can_have_pages_made(by, held):
        raise PermissionDenied
    if held.pages_state != PagesState.FAILED:
        raise DomainError(_("The pages of this file did not fail."))
    held.pages_state, held.pages_fault = PagesState.WAITING, ""
    held.save(update_fields=["pages_state", "pages_fault"])
    have_pages_made(held, by=by)
    record(
        "entry.pages-retried",
        by=by,
        about=held.entry,
        season=held.entry.season.slug,
        data={"name": held.name, "sha256": held.sha256},
    )
