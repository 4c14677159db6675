"""Diplomas: numbered, verifiable proof of an outcome."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from nominations.barriers import barred
from nominations.models import Entry
from seasons.models import Season


class DiplomaKind(models.TextChoices):
    """What a diploma proves."""

    FINALIST = "finalist", _("Finalist diploma")
    LAUREATE = "laureate", _("Laureate diploma")


class DiplomaState(models.TextChoices):
    """Whether the file is there."""

    WAITING = "waiting", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class DiplomaQuerySet(models.QuerySet["Diploma"]):
    """Phrases about diplomas."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of one's own entries, and of the seasons one organises (no conflict)."""
        if not isinstance(user, User):
            return self.none()
        own = Exists(user.memberships.filter(organisation=OuterRef("entry__organisation_id")))
        hidden = Entry.objects.filter(barred(user)).values("pk")
        organised = Season.objects.organised_by(user).values("pk")
        return self.filter(own | (Q(season__in=organised) & ~Q(entry__in=hidden)))


def diploma_path(diploma: "Diploma", filename: str) -> str:
    """Keep the file under an unguessable token."""
    return f"diplomas/{diploma.token}.pdf"


class Diploma(models.Model):
    """Issued by a release; the words it bears are frozen with it."""

    season = models.ForeignKey(
        Season, on_delete=models.PROTECT, related_name="diplomas", verbose_name=_("season")
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="diplomas", verbose_name=_("entry")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DiplomaKind.choices)
    number = models.CharField(_("number"), max_length=30, unique=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=10)
    content = models.JSONField(_("words on it"), default=dict)
    state = models.CharField(
        _("file"), max_length=10, choices=DiplomaState.choices, default=DiplomaState.WAITING
    )
    error = models.TextField(_("error"), blank=True)
    file = models.FileField(upload_to=diploma_path, blank=True, max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_reason = models.TextField(_("reason"), blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = DiplomaQuerySet.as_manager()

    class Meta:
        verbose_name = _("diploma")
        verbose_name_plural = _("diplomas")
        ordering = ["season", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "kind"],
                condition=Q(revoked_at__isnull=True),
                name="diploma_once_per_kind",
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("diplomas:verify", args=[self.number])
