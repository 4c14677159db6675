"""Files of entries: kept ones, those on their way in, and the pages of an essay that is a file."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nominations.models.entries import Entry
from nominations.models.prompts import Prompt


class PagesState(models.TextChoices):
    """Whether the pages of an essay file can be read in the browser."""

    NONE = "none", _("not needed")
    WAITING = "waiting", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class PagesFault(models.TextChoices):
    """Why an essay file cannot be shown as pages, in words for its nominee."""

    LONG = "long", _("It has too many pages.")
    DAMAGED = "damaged", _("It could not be read. It may be damaged or locked with a password.")
    HEAVY = "heavy", _("It takes too much time or memory to show. Save it anew as PDF.")


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """Keep a file under its token alone; the name people gave it is a column."""
    return f"attachments/{attachment.token}{PurePath(filename).suffix.lower()}"


class Purpose(models.TextChoices):
    """What a file is to its entry."""

    SUPPORT = "support", _("supports the essay")
    ANSWER = "answer", _("answers a prompt, or proves a figure")
    ESSAY = "essay", _("is the essay")
    CREDENTIAL = "credential", _("proves a prerequisite")


class Attachment(models.Model):
    """A private file of an entry; a removed one stays on record if a revision holds it."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), upload_to=attachment_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("added"), auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.SUPPORT
    )
    prompt = models.ForeignKey(
        Prompt,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("prompt"),
    )
    pages_state = models.CharField(
        _("pages"), max_length=8, choices=PagesState.choices, default=PagesState.NONE
    )
    pages_fault = models.CharField(
        _("why pages could not be made"), max_length=10, choices=PagesFault.choices, blank=True
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(purpose="essay", removed_at=None),
                name="attachment_one_essay",
                violation_error_message=_("The entry has an essay as a file already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


def page_path(page: "Page", filename: str) -> str:
    """Keep the picture of a page under its file's token."""
    return f"pages/{page.attachment.token}/{page.number}.png"


class Page(models.Model):
    """One page of an essay file, as a picture with its text, for reading in the browser."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField(_("page"))
    image = models.FileField(_("picture"), upload_to=page_path, max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["attachment", "number"]
        constraints = [models.UniqueConstraint(fields=["attachment", "number"], name="page_once")]

    def __str__(self) -> str:
        return f"{self.attachment} · {self.number}"


def upload_path(upload: "Upload", filename: str) -> str:
    """Keep what has come so far under the upload's token."""
    return f"uploads/{upload.token}.part"


class Upload(models.Model):
    """A file on its way in, resumed after a break (the tus protocol): `received` of `size` bytes."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.SUPPORT)
    prompt = models.ForeignKey(
        Prompt, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    prerequisite = models.ForeignKey(
        "Prerequisite", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    received = models.PositiveBigIntegerField(default=0)
    file = models.FileField(upload_to=upload_path, max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    attachment = models.ForeignKey(
        Attachment, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [
            models.CheckConstraint(
                condition=Q(received__lte=F("size")), name="upload_within_its_size"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_over(self) -> bool:
        """Whether it was left for too long."""
        return self.expires_at <= timezone.now()
