"""Categories and nominations."""

from django.db import models
from django.db.models import Q
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
    BRAND = "brand", _("brand")


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
        help_text=_("A list of: organisation, person, team, joint, brand."),
    )
    requires_roles = models.JSONField(
        _("roles an entry must name"),
        default=list,
        blank=True,
        help_text=_("A list of: vendor, client, partner. Empty when there is no such rule."),
    )
    max_per_applicant = models.PositiveSmallIntegerField(
        _("entries of one organisation"),
        null=True,
        blank=True,
        help_text=_("At most so many in this nomination; empty means no limit."),
    )
    max_entries = models.PositiveIntegerField(
        _("entries in all"),
        null=True,
        blank=True,
        help_text=_("At most so many in this nomination; empty means no limit."),
    )
    essay_upload = models.BooleanField(
        _("the essay may be a file"),
        default=False,
        help_text=_("A DOCX or PDF instead of typed answers; judges read it as pages."),
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
            ),
            models.CheckConstraint(
                condition=Q(max_per_applicant=None) | Q(max_per_applicant__gte=1),
                name="nomination_limit_per_applicant",
                violation_error_message=_("A limit is one or more."),
            ),
            models.CheckConstraint(
                condition=Q(max_entries=None) | Q(max_entries__gte=1),
                name="nomination_limit",
                violation_error_message=_("A limit is one or more."),
            ),
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
