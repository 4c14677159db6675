"""What interests the portal finds by itself, and what each of them does in a season."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from judging.models.juries import Judge
from seasons.models import Season


class Employment(models.Model):
    """An employer of a judge, now or earlier, by the key that names are compared by."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="employments")
    name_key = models.CharField(max_length=200, db_index=True)
    past = models.BooleanField()

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")

    def __str__(self) -> str:
        return self.name_key


class Severity(models.TextChoices):
    """What an interest that the portal found does."""

    HARD = "hard", _("bars from assignment, reading and scoring")
    SOFT = "soft", _("warns the organisers")
    IGNORE = "ignore", _("does nothing")


class ConflictRules(models.Model):
    """What the interests that the portal finds do in a season; without a row the defaults hold."""

    season = models.OneToOneField(
        Season, on_delete=models.CASCADE, related_name="conflict_rules", verbose_name=_("season")
    )
    email_domain = models.CharField(
        _("address in the organisation's mail domain"),
        max_length=6,
        choices=Severity.choices,
        default=Severity.HARD,
    )
    employer = models.CharField(
        _("works for the organisation"),
        max_length=6,
        choices=Severity.choices,
        default=Severity.HARD,
    )
    past_employer = models.CharField(
        _("worked for the organisation earlier"),
        max_length=6,
        choices=Severity.choices,
        default=Severity.SOFT,
    )
    competitor = models.CharField(
        _("belongs to a competitor in the nomination"),
        max_length=6,
        choices=Severity.choices,
        default=Severity.SOFT,
    )
    objections = models.BooleanField(
        _("entrants may object to judges"),
        default=False,
        help_text=_("To those on the public list of the jury, from their entry's page."),
    )
    objections_until = models.DateTimeField(
        _("objections until"),
        null=True,
        blank=True,
        help_text=_("Empty means until the first round of judging opens."),
    )

    class Meta:
        verbose_name = _("rules about interests")
        verbose_name_plural = _("rules about interests")

    def __str__(self) -> str:
        return str(self.season)
