"""The nominee's own words and picture for the public page of an outcome, and the organiser's yes."""

import io
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.localized import Localized
from common.uploads import MEGABYTE, check_upload
from nominations.models import Entry
from nominations.permissions import can_submit
from results.models import LaureatePage, PageState, PublishedResult

WIDEST = (1600, 1600)
LONGEST = 2000


@transaction.atomic
def write_page(
    entry: Entry,
    *,
    by: User,
    summary: dict[str, str],
    alt: str = "",
    picture: File[Any] | None = None,
    without_picture: bool = False,
) -> LaureatePage:
    """Keep text and picture; what was approved or published must be approved again."""
    page = page_for(entry, by=by)
    texts = Localized({code: text.strip() for code, text in summary.items() if text.strip()})
    if any(len(text) > LONGEST for text in texts.values()):
        raise DomainError(_("The summary is too long: 2000 characters at most."), field="summary")
    drawn = picture_of(picture) if picture is not None else None
    if (drawn or (page.picture and not without_picture)) and not alt.strip():
        raise DomainError(
            _("Say what the picture shows, for those who do not see it."), field="alt"
        )
    page.summary, page.alt = texts, alt.strip()[:200]
    if drawn is not None or without_picture:
        if page.picture:
            page.picture.delete(save=False)
        page.picture = ""
    if drawn is not None:
        page.picture.save("picture.jpg", ContentFile(drawn), save=False)
    page.state = PageState.DRAFT
    page.approved_by, page.approved_at = None, None
    page.save()
    return page


@transaction.atomic
def approve_page(entry: Entry, *, by: User) -> LaureatePage:
    """The nominee agrees to the publication; an organiser looks at it next."""
    page = page_for(entry, by=by)
    if not page.summary and not page.picture:
        raise DomainError(_("Write a summary or send a picture first."), field="summary")
    page.state = PageState.APPROVED
    page.approved_by, page.approved_at = by, timezone.now()
    page.save(update_fields=["state", "approved_by", "approved_at"])
    record("laureate_page.approved", by=by, about=page, season=entry.nomination.season.slug)
    return page


@transaction.atomic
def moderate_page(
    page: LaureatePage, *, by: User, publish: bool, seen: str, note: str = ""
) -> LaureatePage:
    """An organiser without a conflict publishes what the nominee approved, or says why not.

    `seen` is the version the organiser looked at; what was approved since is not published unseen.
    """
    page = LaureatePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    entry = Entry.objects.select_related("nomination__season").get(pk=page.entry_id)
    if not Entry.objects.organised_by(by).filter(pk=entry.pk).exists():
        raise DomainError(_("You may not do this in this season, or for this entry."))
    if page.state == PageState.DRAFT:
        raise DomainError(_("The nominee has not approved it."))
    if page.version != seen:
        raise DomainError(
            _("The nominee has changed this page since you opened it. Look at it again, please.")
        )
    if not publish and not note.strip():
        raise DomainError(_("Say why it is not published."), field="note")
    page.state = PageState.PUBLISHED if publish else PageState.DECLINED
    page.note = note.strip()
    page.moderated_by, page.moderated_at = by, timezone.now()
    page.save(update_fields=["state", "note", "moderated_by", "moderated_at"])
    record(
        "laureate_page.moderated",
        by=by,
        about=page,
        season=entry.nomination.season.slug,
        data={"entry": entry.number, "state": page.state, "note": page.note},
    )
    return page


def page_for(entry: Entry, *, by: User) -> LaureatePage:
    """The page, its row held; only where an outcome is public, and for those who may submit."""
    if not can_submit(by, entry):
        raise DomainError(_("Only those who may submit the entry write this."))
    if not PublishedResult.objects.filter(entry=entry).exists():
        raise DomainError(_("This entry has no published result."))
    LaureatePage.objects.get_or_create(entry=entry)
    return LaureatePage.objects.select_for_update(of=("self",)).get(entry=entry)


def picture_of(file: File[Any]) -> bytes:
    """A picture drawn anew, of a reasonable size, as JPEG: nothing hides in it."""
    checked = check_upload(file, endings=(".png", ".jpg", ".jpeg"), max_bytes=10 * MEGABYTE)
    with Image.open(io.BytesIO(checked.content)) as source:
        picture = ImageOps.exif_transpose(source).convert("RGB")
        picture.thumbnail(WIDEST)
        drawn = io.BytesIO()
        picture.save(drawn, format="JPEG", quality=86)
    return drawn.getvalue()
