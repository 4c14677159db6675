"""Rounds of judging, and who goes on into them."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from common.localized import LocalizedField
from judging.models.juries import Jury
from judging.models.rubrics import Rubric
from nominations.models import Entry, Nomination
from seasons.models import Season, Stage


class Entrants(models.TextChoices):
    """Which entries a round judges."""

    ADMITTED = "admitted", _("all admitted entries")
    FINALISTS = "finalists", _("released finalists only")
    VISITED = "visited", _("entries that are visited")


class Shows(models.TextChoices):
    """How much of an entry the jury of a round sees."""

    EVERYTHING = "everything", _("the whole entry")
    NO_APPLICANT = "no-applicant", _("no applicant and no people: number, title, answers, files")
    ANSWERS = "answers", _("answers alone: no applicant, people, title, files, links or pictures")


class SeeOthers(models.TextChoices):
    """When judges see what the others gave to the entries they judge."""

    NEVER = "never", _("never")
    OWN = "own", _("after submitting their own scorecard")
    CLOSE = "close", _("after the round has closed")


class Calibration(models.TextChoices):
    """Whether judges score samples before the entries of a round."""

    NONE = "none", _("no samples")
    OFFERED = "offered", _("samples are offered")
    REQUIRED = "required", _("samples first: scorecards open when all are submitted")


class Way(models.TextChoices):
    """How judges say what they think; each way ends in points of 100."""

    SCORECARD = "scorecard", _("scorecard by the rubric")
    SCREENING = "screening", _("yes, no or maybe")
    RANKING = "ranking", _("ranking")
    POINTS = "points", _("budget of points")
    PAIRWISE = "pairwise", _("pairs side by side")


LIST_WAYS = (Way.RANKING, Way.POINTS, Way.PAIRWISE)


class Round(models.Model):
    """One pass of judging in a stage; `weight` is its share of the final result."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="rounds", verbose_name=_("season")
    )
    slug = models.SlugField(_("short name"))
    name = LocalizedField(_("name"))
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("stage")
    )
    rubric = models.ForeignKey(
        Rubric, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("rubric")
    )
    juries = models.ManyToManyField(Jury, related_name="rounds", verbose_name=_("juries"))
    nominations = models.ManyToManyField(
        Nomination,
        blank=True,
        related_name="rounds",
        verbose_name=_("nominations"),
        help_text=_("Empty means all nominations of the season."),
    )
    entrants = models.CharField(
        _("entries judged"), max_length=10, choices=Entrants.choices, default=Entrants.ADMITTED
    )
    weight = models.DecimalField(
        _("weight in the result, %"), max_digits=5, decimal_places=2, default=Decimal(100)
    )
    asks_preferences = models.BooleanField(
        _("judges say what they would like to judge"),
        default=False,
        help_text=_("Until the round opens, by nomination; applicants are not shown."),
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"), default=3, help_text=_("Least scorecards for a place in the ranking.")
    )
    shows = models.CharField(
        _("the jury sees"),
        max_length=12,
        choices=Shows.choices,
        default=Shows.EVERYTHING,
        help_text=_(
            "Entries go by their numbers when the applicant is hidden. The text itself may still"
            " name the applicant: see the list of such entries."
        ),
    )
    see_others = models.CharField(
        _("judges see each other's marks"),
        max_length=5,
        choices=SeeOthers.choices,
        default=SeeOthers.NEVER,
    )
    others_named = models.BooleanField(
        _("with names"),
        default=False,
        help_text=_("Otherwise letters stand for the judges, also in the discussion."),
    )
    discussion_until = models.DateTimeField(
        _("discussion until"),
        null=True,
        blank=True,
        help_text=_(
            "Judges discuss an entry after submitting their scorecards of it. Empty: no discussion."
        ),
    )
    calibration = models.CharField(
        _("calibration"),
        max_length=8,
        choices=Calibration.choices,
        default=Calibration.NONE,
        help_text=_(
            "Judges score sample entries and then see how far they are from the reference marks."
            " For scorecards only; nothing of it counts."
        ),
    )
    way = models.CharField(
        _("way of judging"),
        max_length=10,
        choices=Way.choices,
        default=Way.SCORECARD,
        help_text=_("Except by scorecard, the rubric is shown to judges as guidance only."),
    )
    question = LocalizedField(
        _("question to the judges"),
        blank=True,
        default=dict,
        help_text=_("Not for scorecards; for example: which entry has done more for customers?"),
    )
    one_list = models.BooleanField(
        _("one list for all nominations"),
        default=False,
        help_text=_("For ranking, points and pairs; otherwise each nomination has its own."),
    )
    ties_allowed = models.BooleanField(
        _("equals allowed"),
        default=False,
        help_text=_("For ranking and pairs: a judge may call entries equal."),
    )
    comment_on_no = models.BooleanField(
        _("a no needs a comment"), default=False, help_text=_("For yes, no or maybe.")
    )
    budget = models.PositiveSmallIntegerField(
        _("points to give"),
        default=100,
        validators=[MinValueValidator(1)],
        help_text=_("For the budget of points: how many a judge spreads over a list."),
    )
    most_points = models.PositiveSmallIntegerField(
        _("most points for one entry"), default=40, validators=[MinValueValidator(1)]
    )
    comparisons_each = models.PositiveSmallIntegerField(
        _("comparisons of each entry"),
        default=6,
        validators=[MinValueValidator(1)],
        help_text=_("For pairs: how often a judge sees each entry of a list, on average."),
    )

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["season", "stage__opens_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "slug"],
                name="round_slug_once",
                violation_error_message=_("The season has a round with this short name already."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="round_weight_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(
                    budget__gt=0,
                    most_points__gt=0,
                    most_points__lte=F("budget"),
                    comparisons_each__gt=0,
                ),
                name="round_points_fit_the_budget",
                violation_error_message=_(
                    "The most points for one entry are at least 1 and at most the points to give."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season.code} · {self.name}"

    @property
    def has_defence(self) -> bool:
        """Whether finalists present live."""
        return self.entrants == Entrants.FINALISTS

    @property
    def has_visits(self) -> bool:
        """Whether a team of judges goes to see the applicant."""
        return self.entrants == Entrants.VISITED

    @property
    def hides_applicant(self) -> bool:
        """Whether the jury knows entries by their numbers."""
        return self.shows != Shows.EVERYTHING

    def name_of(self, entry: Entry) -> str:
        """What the jury calls an entry."""
        return entry.number if self.hides_applicant else entry.display_name

    def title_of(self, entry: Entry) -> str:
        """The title of the work, unless the jury sees answers alone."""
        return "" if self.shows == Shows.ANSWERS else entry.title

    def takes(self) -> Q:
        """Entries of its nominations; a round that names none judges them all."""
        named = Round.nominations.through._default_manager.filter(round=self.pk)
        return Q(Exists(named.filter(nomination=OuterRef("nomination")))) | Q(~Exists(named))

    def entries(self) -> models.QuerySet[Entry]:
        """The entries it judges: all admitted, or those that advanced into it."""
        admitted = Entry.objects.filter(self.takes(), nomination__season=self.season_id).admitted()
        if self.entrants == Entrants.ADMITTED:
            return admitted
        return admitted.filter(advancements__round=self)


class PanelWeight(models.Model):
    """What one jury of a round weighs in it; without any, all scorecards count alike.

    Experts and the public together have to have weights (`Composer.unclear`, in results).
    """

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="panel_weights", verbose_name=_("round")
    )
    jury = models.ForeignKey(
        Jury, on_delete=models.CASCADE, related_name="panel_weights", verbose_name=_("jury")
    )
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("weight of a jury")
        verbose_name_plural = _("weights of the juries")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "jury"],
                name="panel_weight_once",
                violation_error_message=_("The weight of this jury is set already."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100),
                name="panel_weight_is_a_share",
                violation_error_message=_("A weight is more than zero and at most 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jury}: {self.weight}"


class Advancement(models.Model):
    """An entry goes on into a later round; written by the release of finalists, or the plan of a visit."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="advancements")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="advancements")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("advancement")
        verbose_name_plural = _("advancements")
        constraints = [models.UniqueConstraint(fields=["round", "entry"], name="advancement_once")]

    def __str__(self) -> str:
        return f"{self.entry.number} → {self.round}"
