"""How firm a standing is, counted once in the background and kept beside it."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.models.outcomes import RunState, Standing


class Firmness(models.Model):
    """A frozen standing counted again in other ways; once done it stays as it is."""

    standing = models.OneToOneField(
        Standing, on_delete=models.CASCADE, related_name="firmness", verbose_name=_("standing")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=RunState.choices, default=RunState.WAITING
    )
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    results_sha256 = models.CharField(_("SHA-256 of the results of the standing"), max_length=64)
    content = models.JSONField(_("what was found"), null=True, encoder=DjangoJSONEncoder)
    sha256 = models.CharField(_("SHA-256 of what was found"), max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    done_at = models.DateTimeField(_("counted"), null=True)

    class Meta:
        verbose_name = _("firmness of a standing")
        verbose_name_plural = _("firmness of standings")

    def __str__(self) -> str:
        return f"{self.standing} · {self.get_state_display()}"
