"""How outcomes come about: rules, frozen standings, decisions."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

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
    appeal_days = models.PositiveSmallIntegerField(
        _("days for appeals"),
        null=True,
        blank=True,
        help_text=_("Counted from the release; empty means that appeals are not taken by a form."),
    )

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
