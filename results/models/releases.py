"""Releases, and the public rows they create."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nominations.models import Entry, Nomination
from results.models.outcomes import OutcomeKind, OutcomeRule
from seasons.models import Season


class ReleaseState(models.TextChoices):
    """How far a release has come."""

    ARMED = "armed", _("prepared")
    CONFIRMED = "confirmed", _("confirmed, waiting for its moment")
    RELEASED = "released", _("released")
    CANCELLED = "cancelled", _("cancelled")
    RETRACTED = "retracted", _("taken back")


# A release that came to nothing leaves room for another one.
ENDED = (ReleaseState.CANCELLED, ReleaseState.RETRACTED)


class Release(models.Model):
    """The act that makes outcomes public: prepared by one person, confirmed by another, at a moment."""

    rule = models.ForeignKey(
        OutcomeRule, on_delete=models.PROTECT, related_name="releases", verbose_name=_("outcome")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReleaseState.choices, default=ReleaseState.ARMED
    )
    not_before = models.DateTimeField(
        _("not before"), help_text=_("The moment of publication; never before the stage opens.")
    )
    by_ceremony = models.BooleanField(
        _("revealed at a ceremony"),
        default=False,
        help_text=_("A host publishes it nomination by nomination; the clock alone does not."),
    )
    two_people = models.BooleanField(
        _("needs two people"),
        default=True,
        help_text=_("As the season said when the release was prepared."),
    )
    older = models.JSONField(
        _("nominations decided on an older standing"),
        default=dict,
        help_text=_("By number: what today's standing would have been known by."),
    )
    older_reason = models.TextField(_("why they are released as they are"), blank=True)
    armed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    armed_at = models.DateTimeField(_("prepared"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    released_at = models.DateTimeField(_("released"), null=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-armed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=~Q(state__in=["cancelled", "retracted"]),
                name="release_once_per_outcome",
                violation_error_message=_("This outcome has a release already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.rule)


class Retraction(models.Model):
    """Taking a release back: one person asks and says why, another does it; never forgotten."""

    release = models.ForeignKey(
        Release, on_delete=models.PROTECT, related_name="retractions", verbose_name=_("release")
    )
    reason = models.TextField(_("reason"))
    tells = models.BooleanField(
        _("write to the nominees"),
        default=True,
        help_text=_("The people who were told of an outcome are told that it is taken back."),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    done = models.BooleanField(_("taken back"), default=False)

    class Meta:
        verbose_name = _("retraction")
        verbose_name_plural = _("retractions")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["release"],
                condition=Q(decided_at__isnull=True),
                name="retraction_one_open_per_release",
                violation_error_message=_("Somebody has asked for this already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.release)


class Ceremony(models.Model):
    """What the big screen shows; only what is public, and the names of nominations."""

    release = models.OneToOneField(
        Release, on_delete=models.CASCADE, related_name="ceremony", verbose_name=_("release")
    )
    nomination = models.ForeignKey(
        Nomination,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("on the screen"),
    )
    notes = models.JSONField(_("how names are said"), default=dict)

    class Meta:
        verbose_name = _("ceremony")
        verbose_name_plural = _("ceremonies")

    def __str__(self) -> str:
        return str(self.release)


class Reveal(models.Model):
    """A nomination revealed at a ceremony: its outcome became public at this moment."""

    release = models.ForeignKey(
        Release, on_delete=models.PROTECT, related_name="reveals", verbose_name=_("release")
    )
    nomination = models.ForeignKey(
        Nomination, on_delete=models.PROTECT, related_name="+", verbose_name=_("nomination")
    )
    revealed_at = models.DateTimeField(_("revealed"))
    revealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("revealed by"),
    )

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        ordering = ["revealed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "nomination"], name="reveal_once")
        ]

    def __str__(self) -> str:
        return str(self.nomination)


class PublishedResult(models.Model):
    """A public row; there is none before its release."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="results")
    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="published_results", verbose_name=_("season")
    )
    nomination = models.ForeignKey(
        Nomination,
        on_delete=models.CASCADE,
        related_name="published_results",
        verbose_name=_("nomination"),
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="published_results")
    kind = models.CharField(_("outcome"), max_length=10, choices=OutcomeKind.choices)
    organisation_name = models.CharField(_("organisation"), max_length=200)
    nominee_name = models.CharField(_("person or team"), max_length=200, blank=True)
    title = models.CharField(_("title of the project"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("released"))

    class Meta:
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        ordering = ["nomination__number", "kind", "organisation_name", "nominee_name"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind"], name="published_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organisation_name}"
