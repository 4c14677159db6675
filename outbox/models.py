"""What must still be sent or done: rows written together with the change they follow from."""

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LOCK_TIME = timedelta(minutes=5)


class State(models.TextChoices):
    """Where a message or a job stands."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


Row = TypeVar("Row", bound=models.Model)


class DueQuerySet(models.QuerySet[Row]):
    """Phrases about rows that wait for their moment."""

    def due(self, at: datetime | None = None) -> Self:
        """Waiting, their time has come, and nobody is at them (or the one who was, died)."""
        at = at or timezone.now()
        return self.filter(Q(locked_until=None) | Q(locked_until__lt=at)).filter(
            state=State.WAITING, due_at__lte=at
        )


class Effect(models.Model):
    """Something that must happen once: what a message and a job have in common."""

    kind = models.SlugField(_("kind"), max_length=60)
    effect_key = models.CharField(_("effect key"), max_length=160, unique=True)
    about = models.CharField(_("about"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    locked_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]


class Message(Effect):
    """A mail to one person; the effect key makes it happen once."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("recipient"),
    )
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=10)
    context = models.JSONField(_("values"), default=dict, encoder=DjangoJSONEncoder)
    subject = models.CharField(_("subject as sent"), max_length=250, blank=True)
    body = models.TextField(_("text as sent"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = DueQuerySet["Message"].as_manager()

    class Meta(Effect.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="message_waiting"),
            models.Index(fields=["about"], name="message_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.email}"


class Job(Effect):
    """A piece of background work; the queue makes it quick, this row makes it certain."""

    args = models.JSONField(_("arguments"), default=dict, encoder=DjangoJSONEncoder)
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = DueQuerySet["Job"].as_manager()

    class Meta(Effect.Meta):
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="job_waiting"),
            models.Index(fields=["about"], name="job_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effect_key}"
