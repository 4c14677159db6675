"""Vetting: who checks entries before judging, by which check list, and what was found."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.localized import LocalizedField
from nominations.models.catalogue import Nomination
from nominations.models.entries import Revision
from seasons.models import Season


class Vetter(models.Model):
    """A member of the vetting team of a season; organisers vet without being named here."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="vetters", verbose_name=_("season")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="vetting_seats",
        verbose_name=_("person"),
    )
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("member of the vetting team")
        verbose_name_plural = _("vetting team")
        ordering = ["season", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "user"],
                name="vetter_once",
                violation_error_message=_("This person is in the vetting team already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.season.code}"


class Aspect(models.TextChoices):
    """What a check looks at."""

    TRUTH = "truth", _("truth")
    COMPLETENESS = "completeness", _("completeness")
    COMPLIANCE = "compliance", _("compliance with the rules")
    FIGURES = "figures", _("figures against their proof")


class CheckItem(models.Model):
    """A line of a nomination's check list."""

    nomination = models.ForeignKey(
        Nomination,
        on_delete=models.CASCADE,
        related_name="check_items",
        verbose_name=_("nomination"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    slug = models.SlugField(_("short name"))
    aspect = models.CharField(_("looks at"), max_length=14, choices=Aspect.choices)
    text = LocalizedField(_("what to check"), long=True)

    class Meta:
        verbose_name = _("line of the check list")
        verbose_name_plural = _("check list of vetting")
        ordering = ["nomination", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "slug"],
                name="check_item_slug_once",
                violation_error_message=_("The check list has this short name already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.text)


class Verdict(models.TextChoices):
    """What a check found."""

    OK = "ok", _("in order")
    DOUBT = "doubt", _("in doubt")
    WRONG = "wrong", _("not in order")


class Check(models.Model):
    """What somebody found at one line of the check list in one revision."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="checks")
    item = models.ForeignKey(CheckItem, on_delete=models.PROTECT, related_name="checks")
    verdict = models.CharField(_("finding"), max_length=6, choices=Verdict.choices)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["revision", "item__position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "item"], name="check_once_per_revision")
        ]

    def __str__(self) -> str:
        return f"{self.revision} · {self.item}"
