"""How outcomes come about: rules, frozen standings, decisions."""

import secrets
from decimal import Decimal

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.localized import LocalizedField
from judging.models import Criterion, Jury, Round
from nominations.models import Entry, Nomination
from seasons.models import Season, Stage


class OutcomeKind(models.TextChoices):
    """What an entry can come to."""

    FINALIST = "finalist", _("finalist")
    LAUREATE = "laureate", _("laureate")


class Method(models.TextChoices):
    """How the score of an entry follows from its scorecards."""

    STANDARD = "standard", _("standard: strictness taken out where the plan of judging allows")
    MEAN = "mean", _("plain mean")
    OLYMPIC = "olympic", _("mean without the extremes, from five scorecards on")
    JUDGES_EB = "judges_eb", _("strictness taken out as far as the evidence goes")
    ADDITIVE = "additive", _("strictness taken out whole (least squares)")
    ROBUST = "robust", _("strictness taken out, outlying scores count less")
    MFRM = "mfrm", _("many-facet Rasch model of the single marks")
    BAYES = "bayes", _("mean drawn to the average while votes are few (public votes)")


PUBLIC_METHODS = frozenset({Method.MEAN, Method.OLYMPIC, Method.BAYES})


class Missing(models.TextChoices):
    """What becomes of an entry that lacks a part of the result."""

    NO_PLACE = "no-place", _("it gets no place")
    ZERO = "zero", _("the part counts as zero")
    SHARED = "shared", _("its weight is shared among the other parts")


def against_standardised(least_score: Decimal | None, missing: str) -> str:
    """What of an outcome does not go with a standardised part, which knows no points; nothing if all does."""
    if least_score is not None:
        return str(_("A least score is in points of 100; a standardised part (50 ± 10) is not."))
    if missing == Missing.ZERO:
        return str(_("A standardised part (50 ± 10) has no zero for those who lack it."))
    return ""


class QuotaMode(models.TextChoices):
    """What becomes of entries that stay tied across the limit; they never get more places."""

    REVIEW = "review", _("one more review: none is proposed before")
    SHRINK = "shrink", _("they are left out")
    DRAW = "draw", _("drawn by the published seed")


class TieOrder(models.TextChoices):
    """What parts equal scores, after every decimal of the score itself."""

    NONE = "", _("nothing: equal scores share a place")
    PRIORITY = "priority", _("the priority criterion")
    MEETING = "head-to-head", _("the judges who saw both")
    BOTH = "priority head-to-head", _("the priority criterion, then the judges who saw both")


class Scale(models.TextChoices):
    """On which scale a part of the result is weighed."""

    POINTS = "points", _("points of 100")
    STANDARDISED = "standardised", _("standardised within the nomination (50 ± 10)")


def new_seed() -> str:
    """Something nobody has chosen, published before the first score."""
    return secrets.token_hex(8)


def new_salt() -> str:
    """What makes the pseudonyms of judges impossible to try out."""
    return secrets.token_hex(16)


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
    least_score = models.DecimalField(
        _("least score"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_(
            "Points of 100. Who scores less keeps the place and is not proposed; "
            "empty means that the limit alone decides."
        ),
    )
    diploma = models.BooleanField(_("with a diploma"), default=True)
    appeal_days = models.PositiveSmallIntegerField(
        _("days for appeals"),
        null=True,
        blank=True,
        help_text=_("Counted from the release; empty means that appeals are not taken by a form."),
    )
    method = models.CharField(
        _("method"), max_length=12, choices=Method.choices, default=Method.STANDARD
    )
    missing = models.CharField(
        _("an entry that lacks a part"),
        max_length=10,
        choices=Missing.choices,
        default=Missing.NO_PLACE,
    )
    ties = models.CharField(
        _("what parts equal scores"),
        max_length=24,
        blank=True,
        choices=TieOrder.choices,
        default=TieOrder.NONE,
    )
    priority = models.ForeignKey(
        Criterion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("priority criterion"),
    )
    quota_mode = models.CharField(
        _("a tie across the limit"),
        max_length=6,
        choices=QuotaMode.choices,
        default=QuotaMode.REVIEW,
    )
    seed = models.CharField(
        _("seed of draws"),
        max_length=64,
        default=new_seed,
        help_text=_("Published with the rules, before the first score."),
    )
    judge_salt = models.CharField(max_length=32, default=new_salt, editable=False)

    # Set by the console: whether a release is prepared or done, so that decisions stand still.
    has_release: bool

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


class ResultPart(models.Model):
    """A part of a result: a round, or one jury of it, or a group of parts under it.

    `under` is the short name of the part it belongs to; empty means the result itself. An outcome
    without parts weighs its rounds by their own weights.
    """

    rule = models.ForeignKey(
        OutcomeRule, on_delete=models.CASCADE, related_name="parts", verbose_name=_("outcome")
    )
    slug = models.SlugField(_("short name"))
    under = models.SlugField(
        _("part of"), blank=True, help_text=_("Short name of another part; empty: of the result.")
    )
    name = LocalizedField(_("name"), blank=True)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2)
    round = models.ForeignKey(
        Round,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="result_parts",
        verbose_name=_("round"),
        help_text=_("Empty for a group of parts."),
    )
    jury = models.ForeignKey(
        Jury,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="result_parts",
        verbose_name=_("jury"),
        help_text=_("Empty: all juries of the round together."),
    )
    scale = models.CharField(_("scale"), max_length=12, choices=Scale.choices, default=Scale.POINTS)
    method = models.CharField(
        _("method"),
        max_length=12,
        blank=True,
        choices=Method.choices,
        help_text=_("Empty: that of the outcome; a public jury's is always a mean."),
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"), null=True, blank=True, help_text=_("Empty: that of the round.")
    )
    decimals = models.PositiveSmallIntegerField(
        _("decimals kept"), null=True, blank=True, help_text=_("Empty: all of them.")
    )

    class Meta:
        verbose_name = _("part of a result")
        verbose_name_plural = _("parts of the result")
        ordering = ["rule", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "slug"],
                name="result_part_slug_once",
                violation_error_message=_("The outcome has a part with this short name already."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="result_part_weighs_something",
                violation_error_message=_("A weight is more than zero."),
            ),
            models.CheckConstraint(
                condition=~Q(under=F("slug")),
                name="result_part_not_under_itself",
                violation_error_message=_("A part cannot be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(jury=None) | Q(round__isnull=False),
                name="result_part_jury_of_a_round",
                violation_error_message=_("A jury is named together with its round."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name) or self.slug


class RulesLock(models.Model):
    """The rules of an outcome as they were fixed; a later one says why they changed."""

    rule = models.ForeignKey(
        OutcomeRule, on_delete=models.CASCADE, related_name="locks", verbose_name=_("outcome")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField(_("rules"), encoder=DjangoJSONEncoder)
    sha256 = models.CharField(_("SHA-256 of the rules"), max_length=64)
    scores_visible = models.BooleanField(_("after the first scorecard"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    locked_at = models.DateTimeField(_("fixed"))
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("fixed by"),
    )

    class Meta:
        verbose_name = _("fixed rules")
        verbose_name_plural = _("fixed rules")
        ordering = ["rule", "number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rules_lock_once")]

    def __str__(self) -> str:
        return f"{self.rule} · {self.number}"


class RunState(models.TextChoices):
    """How far a computation is."""

    WAITING = "waiting", _("being computed")
    DONE = "done", _("computed")
    FAILED = "failed", _("failed")


class StandingRun(models.Model):
    """A computation somebody asked for: of one nomination, or of the whole season."""

    rule = models.ForeignKey(
        OutcomeRule, on_delete=models.CASCADE, related_name="runs", verbose_name=_("outcome")
    )
    nomination = models.ForeignKey(
        Nomination,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("nomination"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=RunState.choices, default=RunState.WAITING
    )
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    computed = models.PositiveIntegerField(_("standings computed"), default=0)
    refused = models.JSONField(_("what could not be computed"), default=list)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )

    class Meta:
        verbose_name = _("computation")
        verbose_name_plural = _("computations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.rule} · {self.get_state_display()}"


class StandingBasis(models.Model):
    """What standings were computed from: the scorecards of nominations that share judges."""

    inputs = models.JSONField(_("inputs"), encoder=DjangoJSONEncoder)
    sha256 = models.CharField(_("SHA-256 of the inputs"), max_length=64, db_index=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("inputs of standings")
        verbose_name_plural = _("inputs of standings")

    def __str__(self) -> str:
        return self.sha256


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
    basis = models.ForeignKey(
        StandingBasis, on_delete=models.PROTECT, null=True, related_name="standings"
    )
    lock = models.ForeignKey(
        RulesLock, on_delete=models.PROTECT, null=True, related_name="standings"
    )
    versions = models.JSONField(_("versions"), default=dict)
    results = models.JSONField(_("results"), default=dict, encoder=DjangoJSONEncoder)
    results_sha256 = models.CharField(_("SHA-256 of the results"), max_length=64, blank=True)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="later", verbose_name=_("earlier")
    )
    changes = models.JSONField(_("what changed"), default=dict, encoder=DjangoJSONEncoder)
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
    raw = models.DecimalField(_("plain mean"), max_digits=9, decimal_places=6, null=True)
    se = models.DecimalField(_("standard error"), max_digits=9, decimal_places=6, null=True)
    lo = models.PositiveIntegerField(_("best likely place"), null=True)
    hi = models.PositiveIntegerField(_("worst likely place"), null=True)
    p_top = models.DecimalField(
        _("chance of being among the best"), max_digits=5, decimal_places=4, null=True
    )
    contested = models.BooleanField(_("contested"), default=False)
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
