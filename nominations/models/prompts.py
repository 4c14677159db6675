"""The form of a nomination as data: what an entry is asked, field by field."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.localized import LocalizedField
from nominations.models.catalogue import Nomination


class PromptKind(models.TextChoices):
    """What kind of answer a prompt takes; nominations.fields holds what each kind accepts."""

    TEXT = "text", _("text")
    YEAR = "year", _("year")
    NUMBER = "number", _("number")
    METRIC = "metric", _("metric with proof")
    DATE = "date", _("date")
    CHOICE = "choice", _("one of several")
    CHOICES = "choices", _("several of several")
    LINK = "link", _("link")
    VIDEO = "video", _("link to a video")
    FILE = "file", _("file")
    TABLE = "table", _("table")


class Prompt(models.Model):
    """One thing a nominee must show; the entry answers each.

    `minimum` and `maximum` bound a year, a number, the value of a metric, the rows of a table or the
    files of a file prompt. With `shown_if` the prompt is asked only when that one is answered, with
    `shown_value` if it is given.
    """

    nomination = models.ForeignKey(
        Nomination, on_delete=models.CASCADE, related_name="prompts", verbose_name=_("nomination")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    slug = models.SlugField(_("short name"))
    kind = models.CharField(
        _("kind"), max_length=10, choices=PromptKind.choices, default=PromptKind.TEXT
    )
    label = LocalizedField(_("question"), long=True)
    help = LocalizedField(_("tip"), blank=True, long=True)
    required = models.BooleanField(_("required"), default=True)
    jury_sees = models.BooleanField(
        _("shown to the jury"),
        default=True,
        help_text=_(
            "Otherwise only the nominee, the organisers and the vetting team see the answer."
        ),
    )
    min_words = models.PositiveIntegerField(_("least words"), null=True, blank=True)
    max_words = models.PositiveIntegerField(_("most words"), null=True, blank=True)
    unit = LocalizedField(
        _("unit"), blank=True, help_text=_("Stands behind a number or a metric, for example %.")
    )
    decimals = models.PositiveSmallIntegerField(_("digits after the point"), default=0)
    minimum = models.DecimalField(
        _("least"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Earliest year, least number, fewest rows or files."),
    )
    maximum = models.DecimalField(
        _("most"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Latest year, greatest number, most rows or files."),
    )
    minimum_message = LocalizedField(_("message when it is out of range"), blank=True, long=True)
    shown_if = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="dependants",
        verbose_name=_("asked if this is answered"),
    )
    shown_value = models.CharField(
        _("asked if the answer is"),
        max_length=50,
        blank=True,
        help_text=_("The short name of an option; empty means any answer."),
    )

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["nomination", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "slug"],
                name="prompt_slug_once",
                violation_error_message=_(
                    "The nomination has a prompt with this short name already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(min_words=None) | Q(max_words=None) | Q(max_words__gte=F("min_words")),
                name="prompt_word_range",
                violation_error_message=_("The most words are not fewer than the least."),
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(maximum__gte=F("minimum")),
                name="prompt_range",
                violation_error_message=_("The most is not less than the least."),
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=4),
                name="prompt_decimals",
                violation_error_message=_("A number has four digits after the point at most."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    def clean(self) -> None:
        """A condition points to an earlier prompt of the same nomination."""
        other = self.shown_if
        if other is None:
            return
        if other.nomination_id != self.nomination_id or other.position >= self.position:
            raise ValidationError({"shown_if": _("Choose an earlier prompt of this nomination.")})


class Option(models.Model):
    """A choice of a choice prompt, or a column of a table."""

    prompt = models.ForeignKey(
        Prompt, on_delete=models.CASCADE, related_name="options", verbose_name=_("prompt")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    slug = models.SlugField(_("short name"))
    label = LocalizedField(_("text"))

    class Meta:
        verbose_name = _("choice or column")
        verbose_name_plural = _("choices or columns")
        ordering = ["prompt", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["prompt", "slug"],
                name="option_slug_once",
                violation_error_message=_("The prompt has a choice with this short name already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.label)
