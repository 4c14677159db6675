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
    total = models.DecimalField(
        _("declared total"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("What the best marks times their weights add up to, such as 100."),
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(
        _("in force until"), null=True, blank=True, help_text=_("The last day it is in force.")
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
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
                name="rubric_ends_after_it_begins",
                violation_error_message=_("The last day in force is not before the first."),
            ),
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


class Phase(models.Model):
    """A step of a levelled standard, such as intent, implementation, integration.

    A later phase of a split criterion counts only when each earlier one is reached: when its marks
    are at least `reached_at` per cent of the best. See judging.totals.
    """

    rubric = models.ForeignKey(
        Rubric, on_delete=models.CASCADE, related_name="phases", verbose_name=_("rubric")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    slug = models.SlugField(_("short name"))
    name = LocalizedField(_("name"))
    description = LocalizedField(_("description"), blank=True, long=True)
    reached_at = models.DecimalField(
        _("reached at, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(100),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
        help_text=_("The share of the best mark from which the next phase counts."),
    )

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["rubric", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "slug"],
                name="phase_slug_once",
                violation_error_message=_("The rubric has a phase with this short name already."),
            ),
            models.CheckConstraint(
                condition=Q(reached_at__gt=0, reached_at__lte=100), name="phase_reached_at_is_share"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class SplitCriterion(models.Model):
    """A criterion split into sub-items: it has no mark of its own, its mark is their sum."""

    dimension = models.ForeignKey(
        Dimension, on_delete=models.CASCADE, related_name="splits", verbose_name=_("dimension")
    )
    slug = models.SlugField(_("short name"))
    name = LocalizedField(_("name"))
    description = LocalizedField(_("description"), blank=True, long=True)

    class Meta:
        verbose_name = _("split criterion")
        verbose_name_plural = _("split criteria")
        ordering = ["dimension", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "slug"],
                name="split_slug_once",
                violation_error_message=_("The dimension has this short name already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class Criterion(models.Model):
    """What a judge marks, from 0 to `maximum` in steps of `step`; `weight` scales it in the total.

    A sub-item of a split criterion is a criterion too, with `part_of`; each may stand for a phase.
    """

    dimension = models.ForeignKey(
        Dimension, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("dimension")
    )
    part_of = models.ForeignKey(
        SplitCriterion,
        on_delete=models.CASCADE,
        related_name="items",
        verbose_name=_("sub-item of"),
        null=True,
        blank=True,
    )
    phase = models.ForeignKey(
        Phase,
        on_delete=models.PROTECT,
        related_name="criteria",
        verbose_name=_("phase"),
        null=True,
        blank=True,
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
    measure = LocalizedField(
        _("measured by"),
        blank=True,
        help_text=_("The figure its guidance looks at, such as NPS."),
    )
    measure_prompt = models.SlugField(
        _("prompt with the figure"),
        blank=True,
        help_text=_("Short name of the number or metric prompt of the entry's form."),
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


class Guidance(models.Model):
    """Advice: a figure from `at_least` to under `below` suggests a mark from `low` to `high`."""

    criterion = models.ForeignKey(
        Criterion, on_delete=models.CASCADE, related_name="guidance", verbose_name=_("criterion")
    )
    at_least = models.DecimalField(
        _("figure from"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    below = models.DecimalField(
        _("figure under"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    low = models.DecimalField(_("mark from"), max_digits=6, decimal_places=2)
    high = models.DecimalField(_("mark to"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("guidance")
        verbose_name_plural = _("guidance")
        ordering = ["criterion", "-low", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_least=None) | Q(below=None) | Q(below__gt=F("at_least")),
                name="guidance_range_is_one",
                violation_error_message=_("A range of figures ends above where it starts."),
            ),
            models.CheckConstraint(
                condition=Q(high__gte=F("low"), low__gte=0),
                name="guidance_marks_in_order",
                violation_error_message=_("The marks suggested run from the lower to the higher."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low:g}–{self.high:g}"

    def covers(self, figure: Decimal) -> bool:
        """Whether the figure is in this range."""
        above = self.at_least is None or figure >= self.at_least
        return above and (self.below is None or figure < self.below)
