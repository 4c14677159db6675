"""The live defence of finalists."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import WebAddressField
from judging.models.rounds import Round
from nominations.models import Entry


class DefenceSlot(models.Model):
    """When and where a finalist presents to the jury."""

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="slots", verbose_name=_("round")
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="defence_slots", verbose_name=_("entry")
    )
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=20)
    place = models.CharField(_("place"), max_length=200, blank=True)
    video_link = WebAddressField(_("video link"), blank=True)

    class Meta:
        verbose_name = _("defence slot")
        verbose_name_plural = _("defence slots")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "entry"],
                name="slot_once_per_entry",
                violation_error_message=_("This entry has a slot already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def shown_name(self) -> str:
        """What the jury calls the entry."""
        return self.round.name_of(self.entry)
