"""Rubrics: dimensions, criteria, and the bands that say what a mark means."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.localized import LocalizedField
from seasons.models import Season


class Rubric(models.Model):
    """A versioned scoring scheme; its first mark locks it, a change is a new version."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="rubrics", verbose_name=_("season")
    )
    slug = models.SlugField(_("short name"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = LocalizedField(_("name"))
    comment_at_or_below = models.PositiveSmallIntegerField(
        _("comment needed at or below, %"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Of a criterion's maximum. Empty: low marks need no comment."),
    )
    comment_at_or_above = models.PositiveSmallIntegerField(
        _("comment needed at or above, %"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Of a criterion's maximum. Empty: high marks need no comment."),
    )

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ["season", "slug", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "slug", "version"],
                name="rubric_version_once",
                violation_error_message=_("The rubric has this version already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.season.code} · {self.name} ({self.version})"

    def asks_why(self, share: Decimal) -> bool:
        """Whether a mark of this share of the maximum (0..1) needs a comment."""
        low, high = self.comment_at_or_below, self.comment_at_or_above
        return (low is not None and share * 100 <= low) or (
            high is not None and share * 100 >= high
        )


class Dimension(models.Model):
    """A group of criteria."""

    rubric = models.ForeignKey(
        Rubric, on_delete=models.CASCADE, related_name="dimensions", verbose_name=_("rubric")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = LocalizedField(_("name"))

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["rubric", "position"]

    def __str__(self) -> str:
        return str(self.name)


class Criterion(models.Model):
    """What a judge marks, from 0 to `maximum` in steps of `step`; `weight` scales it in the total."""

    dimension = models.ForeignKey(
        Dimension, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("dimension")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    slug = models.SlugField(_("short name"))
    name = LocalizedField(_("name"))
    description = LocalizedField(_("description"), blank=True, long=True)
    maximum = models.DecimalField(
        _("maximum"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=3, default=Decimal(1))
    step = models.DecimalField(
        _("step"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01"))],
    )

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["dimension", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(maximum__gt=0, weight__gt=0, step__gt=0),
                name="criterion_numbers_positive",
                violation_error_message=_("Maximum, weight and step are above zero."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def allows(self, value: Decimal) -> bool:
        """Whether a mark is within 0..maximum and on a step."""
        return Decimal(0) <= value <= self.maximum and value % self.step == 0


class Band(models.Model):
    """What marks from `low` to `high` mean, both included."""

    criterion = models.ForeignKey(
        Criterion, on_delete=models.CASCADE, related_name="bands", verbose_name=_("criterion")
    )
    low = models.DecimalField(_("from"), max_digits=6, decimal_places=2)
    high = models.DecimalField(_("to"), max_digits=6, decimal_places=2)
    name = LocalizedField(_("name"))
    descriptor = LocalizedField(_("descriptor"), blank=True, long=True)

    class Meta:
        verbose_name = _("band")
        verbose_name_plural = _("bands")
        ordering = ["criterion", "-high"]
        constraints = [
            models.CheckConstraint(
                condition=Q(high__gte=F("low")),
                name="band_high_not_below_low",
                violation_error_message=_("A band ends where it starts or above."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.low:g}–{self.high:g} {self.name}"
