"""What an applicant must hold before an entry counts, and what it shows for it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.localized import LocalizedField
from nominations.models.catalogue import Nomination
from nominations.models.entries import Entry
from nominations.models.files import Attachment
from seasons.models import Season


class MissingRule(models.TextChoices):
    """What a missing document does."""

    BLOCKS = "blocks", _("the entry cannot be submitted")
    CONDITIONAL = "conditional", _("the entry is conditional until an organiser confirms")


class Prerequisite(models.Model):
    """A document an applicant must hold: a certificate, a licence, an enrolment."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="prerequisites", verbose_name=_("season")
    )
    slug = models.SlugField(_("short name"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    name = LocalizedField(_("name"))
    help = LocalizedField(_("tip"), blank=True, long=True)
    missing = models.CharField(
        _("if it is missing"),
        max_length=12,
        choices=MissingRule.choices,
        default=MissingRule.BLOCKS,
    )
    needs_proof = models.BooleanField(_("a scan is needed"), default=True)
    nominations = models.ManyToManyField(
        Nomination,
        blank=True,
        related_name="prerequisites",
        verbose_name=_("nominations"),
        help_text=_("Empty means all nominations of the season."),
    )

    class Meta:
        verbose_name = _("prerequisite")
        verbose_name_plural = _("prerequisites")
        ordering = ["season", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "slug"],
                name="prerequisite_slug_once",
                violation_error_message=_(
                    "The season has a prerequisite with this short name already."
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class CredentialState(models.TextChoices):
    """What the organisers made of a document."""

    GIVEN = "given", _("to be checked")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")


class Credential(models.Model):
    """What an entry shows for a prerequisite; changing it takes the organiser's word back."""

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="credentials", verbose_name=_("entry")
    )
    prerequisite = models.ForeignKey(
        Prerequisite,
        on_delete=models.PROTECT,
        related_name="credentials",
        verbose_name=_("prerequisite"),
    )
    number = models.CharField(_("number of the document"), max_length=120, blank=True)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    proof = models.ForeignKey(
        Attachment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("scan"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=CredentialState.choices, default=CredentialState.GIVEN
    )
    note = models.TextField(_("note to the nominee"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["entry", "prerequisite__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "prerequisite"], name="credential_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.prerequisite}"
