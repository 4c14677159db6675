"""An append-only log; each row carries the hash of the one before it in its chain."""

import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Somebody did something to something, and why; both databases refuse UPDATE and DELETE here."""

    chain = models.CharField(_("chain"), max_length=80)
    position = models.PositiveBigIntegerField(_("position"))
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    verb = models.CharField(_("what"), max_length=60)
    about = models.CharField(_("about"), max_length=120)
    data = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(_("hash of the previous event"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["chain", "-position"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="event_once_per_position")
        ]
        indexes = [models.Index(fields=["about"], name="event_about")]

    def __str__(self) -> str:
        return f"{self.chain} {self.position}: {self.verb}"

    def digest(self) -> str:
        """SHA-256 over everything the row says and the hash before it."""
        content = {
            "chain": self.chain,
            "position": self.position,
            "at": self.at.astimezone(UTC).isoformat(),
            "actor": self.actor_id,
            "verb": self.verb,
            "about": self.about,
            "data": self.data,
            "previous": self.previous_hash,
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
        return hashlib.sha256(text.encode()).hexdigest()
