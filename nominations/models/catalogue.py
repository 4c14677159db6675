"""Categories, nominations and the prompts an essay answers."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.localized import LocalizedField
from seasons.models import Season


class EntryKind(models.TextChoices):
    """Who competes with an entry."""

    ORGANISATION = "organisation", _("organisation")
    PERSON = "person", _("person")
    TEAM = "team", _("team")
    JOINT = "joint", _("joint entry")


class Category(models.Model):
    """A group of nominations."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="categories", verbose_name=_("season")
    )
    slug = models.SlugField(_("short name"))
    number = models.PositiveSmallIntegerField(_("number"))
    name = LocalizedField(_("name"))
    description = LocalizedField(_("description"), blank=True, long=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["season", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "number"],
                name="category_number_once",
                violation_error_message=_("The season has a category with this number already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class Nomination(models.Model):
    """What is competed for; `requires_roles` names roles that must be among an entry's participants."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="nominations", verbose_name=_("season")
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="nominations", verbose_name=_("category")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    slug = models.SlugField(_("short name"))
    name = LocalizedField(_("name"))
    summary = LocalizedField(_("summary"), blank=True, long=True)
    kinds = models.JSONField(
        _("who may enter"),
        default=list,
        help_text=_("A list of: organisation, person, team, joint."),
    )
    requires_roles = models.JSONField(
        _("roles an entry must name"),
        default=list,
        blank=True,
        help_text=_("A list of: vendor, client, partner. Empty when there is no such rule."),
    )

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["season", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "number"],
                name="nomination_number_once",
                violation_error_message=_("The season has a nomination with this number already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("nominations:nomination", args=[self.season.slug, self.number])

    def kind_labels(self) -> list[str]:
        """Who may enter, in words."""
        return [str(EntryKind(kind).label) for kind in self.kinds]


class Hint(models.Model):
    """“Look at nomination N instead”, where the rules say so."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="hints")
    better = models.ForeignKey(
        Nomination,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("the better nomination"),
    )
    text = LocalizedField(_("text"), long=True)

    class Meta:
        verbose_name = _("hint")
        verbose_name_plural = _("hints")
        ordering = ["nomination", "pk"]

    def __str__(self) -> str:
        return str(self.text)


class PromptKind(models.TextChoices):
    """What kind of answer a prompt takes."""

    TEXT = "text", _("text")
    YEAR = "year", _("year")


class Prompt(models.Model):
    """One thing a nominee must show; the essay answers each."""

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
    min_words = models.PositiveIntegerField(_("least words"), null=True, blank=True)
    max_words = models.PositiveIntegerField(_("most words"), null=True, blank=True)
    minimum = models.IntegerField(_("earliest year"), null=True, blank=True)
    minimum_message = LocalizedField(_("message when it is earlier"), blank=True, long=True)

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
        ]

    def __str__(self) -> str:
        return str(self.label)
