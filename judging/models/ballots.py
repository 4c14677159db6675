"""What a judge says where the round is not judged by scorecards: a word, a place, points, a pair."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from judging.models.assignments import Assignment
from judging.models.juries import Judge
from judging.models.rounds import Round
from judging.models.scorecards import Scorecard
from nominations.models import Nomination


class Answer(models.TextChoices):
    """The three words of a screening."""

    YES = "yes", _("Yes")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("No")


class Outcome(models.TextChoices):
    """What a judge says of a pair."""

    FIRST = "first", _("the first is better")
    SECOND = "second", _("the second is better")
    EQUAL = "equal", _("equal")


class BallotQuerySet(models.QuerySet["Ballot"]):
    """Lists of judges."""

    def submitted_lists(self, round_: Round) -> set[tuple[int, int | None]]:
        """(judging person, nomination) of what is submitted; no nomination closes the whole round."""
        rows = self.filter(round=round_, submitted_at__isnull=False)
        return set(rows.values_list("judge__user", "nomination"))


class Ballot(models.Model):
    """A list of entries that a judge orders, gives points or compares, and submits as a whole.

    No nomination means that the round has one list.
    """

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="ballots", verbose_name=_("round")
    )
    judge = models.ForeignKey(
        Judge, on_delete=models.PROTECT, related_name="ballots", verbose_name=_("judge")
    )
    nomination = models.ForeignKey(
        Nomination,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nomination"),
    )
    version = models.PositiveIntegerField(default=0)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of a judge")
        verbose_name_plural = _("lists of judges")
        ordering = ["round", "judge", "nomination"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "judge", "nomination"], name="ballot_once_per_nomination"
            ),
            models.UniqueConstraint(
                fields=["round", "judge"],
                condition=Q(nomination=None),
                name="ballot_once_per_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.judge}"


class Verdict(models.Model):
    """What a judge says of one entry: a word of a screening, a place, or points.

    `place` is the middle of the places that equal entries share; `of` is the length of the list for
    a place, and the most points one entry may have for points. The row is locked with its scorecard.
    """

    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="verdict")
    answer = models.CharField(_("answer"), max_length=5, choices=Answer.choices, blank=True)
    place = models.DecimalField(_("place"), max_digits=5, decimal_places=1, null=True, blank=True)
    points = models.PositiveIntegerField(_("points"), null=True, blank=True)
    of = models.PositiveIntegerField(_("of"), null=True, blank=True)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["scorecard"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(place=None, points=None, of=None) & ~Q(answer="")
                    | Q(answer="", points=None, place__gte=1, place__lte=F("of"))
                    | Q(answer="", place=None, points__lte=F("of"), of__gte=1)
                ),
                name="verdict_says_one_thing",
            )
        ]

    def __str__(self) -> str:
        if self.answer:
            return str(self.get_answer_display())
        number = self.points if self.place is None else self.place.normalize()
        return f"{number} / {self.of}"


class Comparison(models.Model):
    """Which of two entries is better, as the judge saw them; only ever added.

    A later row on the same pair takes the place of an earlier one.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="comparisons")
    first = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome.choices)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first=F("second")), name="comparison_of_two_entries"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.second}: {self.outcome}"
