"""Scorecards and the marks on them."""

from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from judging.models.assignments import Assignment, AssignmentStatus
from judging.models.rubrics import Criterion
from nominations.models import Revision


class ScorecardStatus(models.TextChoices):
    """Whether a judge has finished."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")


NEXT_SCORECARD_STATUSES: dict[ScorecardStatus, set[ScorecardStatus]] = {
    ScorecardStatus.DRAFT: {ScorecardStatus.SUBMITTED},
    ScorecardStatus.SUBMITTED: set(),
}


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    """Phrases about scorecards."""

    def of_sitting_judges(self) -> Self:
        """Submitted; the judge has neither recused nor been removed."""
        return self.filter(
            status=ScorecardStatus.SUBMITTED,
            assignment__status=AssignmentStatus.ACTIVE,
            assignment__judge__removed_at=None,
        )

    def counted(self) -> Self:
        """Submitted; the judge has neither recused nor been removed, nor got an interest since."""
        from judging.barriers import closed_scorecards  # it knows the models, they not it

        rows = self.of_sitting_judges()
        return rows.exclude(pk__in=closed_scorecards(rows))

    def with_current(self) -> Self:
        """With `current_total`: that of the latest correction, else the one that was submitted."""
        from judging.models.corrections import Correction  # it knows the scorecards, they not it

        latest = Correction.objects.filter(scorecard=OuterRef("pk")).order_by("-number")
        return self.annotate(
            current_total=Coalesce(Subquery(latest.values("total")[:1]), F("total"))
        )

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Scorecards of one's seasons, without those of entries a conflict hides."""
        return self.filter(assignment__in=Assignment.objects.organised_by(user).values("pk"))


class Scorecard(models.Model):
    """A judge's scoring of one revision of an entry; locked for good when submitted.

    `total` is in points of 100, kept at submission: the weighted points given over the weighted
    points that could be had on the criteria answered, so that an abstention neither helps nor harms.
    """

    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, related_name="scorecard"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="scorecards", verbose_name=_("revision")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ScorecardStatus.choices, default=ScorecardStatus.DRAFT
    )
    comment = models.TextField(_("comment for the nominee"), blank=True)
    private_note = models.TextField(_("note for the jury"), blank=True)
    version = models.PositiveIntegerField(default=0)
    total = models.DecimalField(
        _("total of 100"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True)
    active_seconds = models.PositiveIntegerField(
        _("time spent, seconds"), default=0, help_text=_("With the page in sight and in use.")
    )
    timed_at = models.DateTimeField(_("time counted until"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    # Set by `with_current`.
    current_total: Decimal | None

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        ordering = ["assignment"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at=None)
                | Q(status="submitted", submitted_at__isnull=False),
                name="scorecard_submitted_has_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.assignment)

    def become(self, status: ScorecardStatus) -> None:
        """Follow NEXT_SCORECARD_STATUSES, in memory; the caller saves."""
        if status not in NEXT_SCORECARD_STATUSES[ScorecardStatus(self.status)]:
            raise DomainError(_("This scorecard is submitted and locked."))
        self.status = status


class Mark(models.Model):
    """A judge's mark on one criterion; an abstention is `abstained` with no value, never zero."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="marks", verbose_name=_("criterion")
    )
    value = models.DecimalField(_("mark"), max_digits=6, decimal_places=2, null=True, blank=True)
    abstained = models.BooleanField(_("abstained"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["scorecard", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "criterion"], name="mark_once_per_criterion"
            ),
            models.CheckConstraint(
                condition=Q(abstained=False) | Q(value=None), name="mark_abstained_has_no_value"
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0), name="mark_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {'—' if self.value is None else self.value}"


class Quote(models.Model):
    """Words of the essay that a judge attaches to a criterion; frozen with the scorecard.

    `start` counts characters in the answer as it is shown (`judging.evidence`), in the revision named.
    It is for the jury and the organisers: feedback never carries it.
    """

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="quotes")
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="quotes", verbose_name=_("criterion")
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="+", verbose_name=_("revision")
    )
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    prompt = models.SlugField(_("question"))
    start = models.PositiveIntegerField(_("place"))
    text = models.TextField(_("quote"), max_length=1000)
    made_at = models.DateTimeField(_("attached"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence quote")
        verbose_name_plural = _("evidence quotes")
        ordering = ["scorecard", "criterion", "pk"]

    def __str__(self) -> str:
        return f"“{self.text[:60]}”"
