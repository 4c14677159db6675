"""What is shown beside an outcome: the laureate's own page, and what a season discloses."""

import uuid
from datetime import UTC

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.localized import LocalizedField
from nominations.models import Entry
from seasons.models import Season


class PageState(models.TextChoices):
    """How far the text and the picture of a laureate have come."""

    DRAFT = "draft", _("being written")
    APPROVED = "approved", _("approved by the nominee, waiting for the organisers")
    PUBLISHED = "published", _("published")
    DECLINED = "declined", _("not published")


def picture_path(page: "LaureatePage", filename: str) -> str:
    """Keep the picture under an unguessable token."""
    return f"laureates/{page.token}.jpg"


class LaureatePage(models.Model):
    """Summary and picture of an entry for its public page; shown once the nominee and an organiser agree."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="laureate_page", verbose_name=_("entry")
    )
    summary = LocalizedField(_("summary"), blank=True, long=True)
    picture = models.FileField(_("picture"), upload_to=picture_path, blank=True, max_length=200)
    alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=PageState.choices, default=PageState.DRAFT
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("looked at by"),
    )
    moderated_at = models.DateTimeField(_("looked at"), null=True)
    note = models.TextField(_("note to the nominee"), blank=True)

    class Meta:
        verbose_name = _("laureate page")
        verbose_name_plural = _("laureate pages")
        ordering = ["entry__number"]

    def __str__(self) -> str:
        return self.entry.number

    @property
    def version(self) -> str:
        """Which text and picture were approved: any change has to be approved anew."""
        return "" if self.approved_at is None else self.approved_at.astimezone(UTC).isoformat()


class StruckReason(models.TextChoices):
    """Why ballots of a public jury were struck, as the public is told."""

    SEVERAL = "several", _("several ballots of one person")
    INTEREST = "interest", _("an interest in the entry")
    MACHINE = "machine", _("not given by a person")
    RULES = "rules", _("against the rules of voting")
    OTHER = "other", _("another reason")


CHOICES = ("marks", "votes", "panels", "counts", "struck", "discussions", "protocols")


class Disclosure(models.Model):
    """What a season publishes about its judging, once its last outcome is released."""

    season = models.OneToOneField(
        Season, on_delete=models.CASCADE, related_name="disclosure", verbose_name=_("season")
    )
    marks = models.BooleanField(
        _("marks without judges"),
        default=False,
        help_text=_("Marks per criterion in an order that tells nothing; three judges at least."),
    )
    votes = models.BooleanField(
        _("numbers of the panels"),
        default=False,
        help_text=_("How many scorecards each round rests on, by nomination; three at least."),
    )
    panels = models.BooleanField(
        _("votes of the panels"),
        default=False,
        help_text=_(
            "What each jury gave each published entry on average; three judges in each jury at least."
        ),
    )
    counts = models.BooleanField(
        _("conflicts and recusals, counted"),
        default=False,
        help_text=_("How many conflicts, recusals and removals there were; nobody is named."),
    )
    struck = models.BooleanField(
        _("struck ballots of the public jury, counted"),
        default=False,
        help_text=_("By reason from three on; your own words about them are never shown."),
    )
    discussions = models.BooleanField(
        _("summaries of consensus meetings"),
        default=False,
        help_text=_("What a chair or you wrote for the public; never minutes or the discussion."),
    )
    protocols = models.BooleanField(
        _("protocols of the standings"),
        default=False,
        help_text=_(
            "Everybody can recompute the result. A protocol holds the scores and places of all entries "
            "under their numbers, also of those that did not win, and each judge's totals under a "
            "pseudonym; three judges at least."
        ),
    )
    reasons = models.JSONField(_("reasons of struck ballots"), default=dict, editable=False)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")

    def __str__(self) -> str:
        return str(self.season)
