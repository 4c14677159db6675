"""Calibration: samples with reference marks, which judges score before the round's own entries.

Nothing here counts: a trial is no scorecard, has no leaf in the ledger and no place in a standing.
"""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.localized import LocalizedField
from judging.models.juries import Agreement, Consent, Judge
from judging.models.rounds import Calibration, Round, Way
from judging.models.rubrics import Criterion


class SampleQuerySet(models.QuerySet["Sample"]):
    """Phrases about samples."""

    def ready(self) -> Self:
        """Those with a reference mark on each criterion of the round's rubric."""
        asked = Criterion.objects.filter(dimension__rubric=OuterRef("round__rubric"))
        given = ReferenceMark.objects.filter(
            sample=OuterRef(OuterRef("pk")), criterion=OuterRef("pk")
        )
        return self.filter(Exists(asked), ~Exists(asked.filter(~Exists(given))))

    def given_to_judges(self) -> Self:
        """Those that the judges of their rounds score: ready, in a round that calibrates."""
        return (
            self.ready()
            .filter(round__way=Way.SCORECARD)
            .exclude(round__calibration=Calibration.NONE)
        )

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Samples of the rounds a judge sits in, the season's latest agreement accepted."""
        if not isinstance(user, User):
            return self.none()
        seats = Judge.objects.active().filter(user=user, jury__rounds=OuterRef("round"))
        newer = Agreement.objects.filter(season=OuterRef("season"), pk__gt=OuterRef("pk"))
        agreed = Consent.objects.filter(
            user=user,
            agreement__in=Agreement.objects.filter(~Exists(newer)).values("pk"),
            agreement__season=OuterRef("round__season"),
        )
        none_asked = ~Exists(Agreement.objects.filter(season=OuterRef("round__season")))
        return self.given_to_judges().filter(Exists(seats), Exists(agreed) | none_asked)

    def with_answered(self) -> Self:
        """With `answered`: how many judges have submitted marks of each."""
        return self.annotate(
            answered=Count("trials", filter=Q(trials__submitted_at__isnull=False), distinct=True)
        )

    def unanswered_by(self, user: User) -> Self:
        """Those whose marks the person has not submitted."""
        done = Trial.objects.filter(sample=OuterRef("pk"), user=user, submitted_at__isnull=False)
        return self.filter(~Exists(done))


class Sample(models.Model):
    """A made-up entry with reference marks; locked once a judge of the round has answered."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="samples", verbose_name=_("round")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    slug = models.SlugField(_("short name"))
    title = LocalizedField(_("title"))

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("calibration sample")
        verbose_name_plural = _("calibration samples")
        ordering = ["round", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "slug"],
                name="sample_slug_once",
                violation_error_message=_("The round has a sample with this short name already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.title)


class SampleAnswer(models.Model):
    """One question of a sample with its answer, in the organiser's words."""

    sample = models.ForeignKey(
        Sample, on_delete=models.CASCADE, related_name="answers", verbose_name=_("sample")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    question = LocalizedField(_("question"))
    text = LocalizedField(_("answer"), long=True)

    class Meta:
        verbose_name = _("answer of a sample")
        verbose_name_plural = _("answers of samples")
        ordering = ["sample", "position", "pk"]

    def __str__(self) -> str:
        return str(self.question)


class ReferenceMark(models.Model):
    """What a sample deserves on one criterion, and why; a judge reads it after answering."""

    sample = models.ForeignKey(
        Sample, on_delete=models.CASCADE, related_name="references", verbose_name=_("sample")
    )
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.PROTECT,
        related_name="reference_marks",
        verbose_name=_("criterion"),
    )
    value = models.DecimalField(_("reference mark"), max_digits=6, decimal_places=2)
    reason = LocalizedField(_("reason"), long=True)

    class Meta:
        verbose_name = _("reference mark")
        verbose_name_plural = _("reference marks")
        ordering = ["sample", "criterion__dimension__position", "criterion__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "criterion"],
                name="reference_once_per_criterion",
                violation_error_message=_("This criterion has a reference mark already."),
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="reference_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {Decimal(self.value).normalize():f}"


class Trial(models.Model):
    """A judge's scoring of a sample; locked when submitted."""

    sample = models.ForeignKey(
        Sample, on_delete=models.PROTECT, related_name="trials", verbose_name=_("sample")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("judge"),
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        verbose_name = _("scored sample")
        verbose_name_plural = _("scored samples")
        ordering = ["sample", "pk"]
        constraints = [models.UniqueConstraint(fields=["sample", "user"], name="trial_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.sample}"


class TrialMark(models.Model):
    """A mark on a sample; an abstention has no value."""

    trial = models.ForeignKey(
        Trial, on_delete=models.PROTECT, related_name="marks", verbose_name=_("scored sample")
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion")
    )
    value = models.DecimalField(_("mark"), max_digits=6, decimal_places=2, null=True, blank=True)
    abstained = models.BooleanField(_("abstained"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("mark on a sample")
        verbose_name_plural = _("marks on samples")
        ordering = ["trial", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "criterion"], name="trial_mark_once"),
            models.CheckConstraint(
                condition=Q(abstained=False) | Q(value=None), name="trial_abstained_has_no_value"
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0), name="trial_mark_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {'—' if self.value is None else self.value}"
