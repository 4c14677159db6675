"""What may be told outside of a consensus meeting."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from judging.models.corrections import Meeting


class MeetingSummary(models.Model):
    """A summary that a chair or an organiser wrote for the public; never what was said or noted.

    It is public only where the season publishes summaries, after its last outcome.
    """

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, related_name="summary", verbose_name=_("meeting")
    )
    text = models.TextField(_("summary for the public"), blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("summary of a meeting")
        verbose_name_plural = _("summaries of meetings")
        ordering = ["meeting"]

    def __str__(self) -> str:
        return str(self.meeting)
