"""Standings, decisions, releases, and the public rows a release creates."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from judging.models import Round
from nominations.models import Entry, Nomination
from seasons.models import Season, Stage


class OutcomeKind(models.TextChoices):
    """What an entry can come to."""

    FINALIST = "finalist", _("finalist")
    LAUREATE = "laureate", _("laureate")


class OutcomeRule(models.Model):
    """How an outcome comes about: from which rounds, how many, announced at which stage."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="outcome_rules", verbose_name=_("season")
    )
    kind = models.CharField(_("outcome"), max_length=10, choices=OutcomeKind.choices)
    stage = models.ForeignKey(
        Stage,
        on_delete=models.PROTECT,
        related_name="outcome_rules",
        verbose_name=_("announced at"),
        help_text=_("Nothing is public before this stage opens."),
    )
    rounds = models.ManyToManyField(Round, related_name="outcome_rules", verbose_name=_("rounds"))
    quota = models.PositiveSmallIntegerField(_("at most per nomination"), default=5)
    diploma = models.BooleanField(_("with a diploma"), default=True)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["season", "stage__opens_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "kind"],
                name="outcome_rule_once",
                violation_error_message=_("The season has this outcome already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.season.code} · {self.get_kind_display()}"


class Standing(models.Model):
    """A computed, frozen ranking of one nomination; a later one says more, none is rewritten."""

    rule = models.ForeignKey(
        OutcomeRule, on_delete=models.CASCADE, related_name="standings", verbose_name=_("outcome")
    )
    nomination = models.ForeignKey(
        Nomination,
        on_delete=models.CASCADE,
        related_name="standings",
        verbose_name=_("nomination"),
    )
    method = models.CharField(_("method"), max_length=40)
    inputs = models.JSONField(_("inputs"), encoder=DjangoJSONEncoder)
    inputs_sha256 = models.CharField(_("SHA-256 of the inputs"), max_length=64)
    computed_at = models.DateTimeField(_("computed"))
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("computed by"),
    )

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["-computed_at"]

    def __str__(self) -> str:
        return f"{self.rule} · {self.nomination}"


class StandingRow(models.Model):
    """An entry's place in a standing; without quorum it has a score but no place."""

    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="rows")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="standing_rows")
    place = models.PositiveIntegerField(_("place"), null=True)
    score = models.DecimalField(_("score of 100"), max_digits=9, decimal_places=6, null=True)
    parts = models.JSONField(_("parts"), default=dict, encoder=DjangoJSONEncoder)
    proposed = models.BooleanField(_("proposed"), default=False)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["standing", "place", "entry__number"]
        constraints = [
            models.UniqueConstraint(fields=["standing", "entry"], name="standing_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.place or '—'} {self.entry.number}"


class Decision(models.Model):
    """A person confirmed an outcome for an entry; secret until a release."""

    rule = models.ForeignKey(
        OutcomeRule, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("outcome")
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("entry")
    )
    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="decisions")
    reason = models.TextField(
        _("reason"), blank=True, help_text=_("Needed where it departs from the proposal.")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["rule", "entry__number"]
        constraints = [models.UniqueConstraint(fields=["rule", "entry"], name="decision_once")]

    def __str__(self) -> str:
        return f"{self.rule} · {self.entry.number}"


class ReleaseState(models.TextChoices):
    """How far a release has come."""

    ARMED = "armed", _("prepared")
    CONFIRMED = "confirmed", _("confirmed, waiting for its moment")
    RELEASED = "released", _("released")
    CANCELLED = "cancelled", _("cancelled")


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
                condition=~Q(state="cancelled"),
                name="release_once_per_outcome",
                violation_error_message=_("This outcome has a release already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.rule)


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


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Phrases about feedback."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of own entries; whether its date has come is compared with `stage.opens_at`."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(
            Exists(user.memberships.filter(organisation=OuterRef("entry__organisation_id")))
        )


class Feedback(models.Model):
    """Marks and comments of the jury for an entry's own nominee; made by the last release."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("entry")
    )
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("shown from")
    )
    content = models.JSONField(_("marks and comments"), encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    read_at = models.DateTimeField(_("first read"), null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["entry"]

    def __str__(self) -> str:
        return self.entry.number
