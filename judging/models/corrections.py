"""What changes after a scorecard was submitted: new rows beside it, never the scorecard itself."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from judging.models.rounds import Round
from judging.models.rubrics import Criterion
from judging.models.scorecards import Scorecard
from nominations.barriers import barred
from nominations.models import Entry


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Phrases about consensus meetings."""

    def open(self) -> Self:
        """Those where marks may be changed."""
        return self.filter(closed_at=None)

    def without_closed_to(self, user: User | AnonymousUser) -> Self:
        """Those about entries that no conflict hides from the person."""
        if not isinstance(user, User):
            return self.none()
        return self.exclude(entry__in=Entry.objects.filter(barred(user)).values("pk"))


class Meeting(models.Model):
    """The jury of a round talks about one entry, led by a chair; a closed one stays as it is."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("round")
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("entry")
    )
    agenda = models.TextField(_("agenda"), blank=True)
    notes = models.TextField(_("minutes"), blank=True)
    decision = models.TextField(_("decision"), blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("consensus meeting")
        verbose_name_plural = _("consensus meetings")
        ordering = ["round", "entry__number", "-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "entry"],
                condition=Q(closed_at=None),
                name="meeting_one_open_per_entry",
                violation_error_message=_("A meeting about this entry is open already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(decision="")),
                name="meeting_closed_with_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.entry.number}"


class LeaveQuerySet(models.QuerySet["CorrectionLeave"]):
    """Phrases about leaves."""

    def unused(self) -> Self:
        """Those by which nothing was corrected yet."""
        return self.filter(~Exists(Correction.objects.filter(leave=OuterRef("pk"))))


class CorrectionLeave(models.Model):
    """An organiser lets a judge correct one submitted scorecard, once, for a reason."""

    scorecard = models.ForeignKey(
        Scorecard,
        on_delete=models.PROTECT,
        related_name="leaves_given",
        verbose_name=_("scorecard"),
    )
    reason = models.TextField(_("reason"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("given by"),
    )
    given_at = models.DateTimeField(_("given"))

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave to correct")
        verbose_name_plural = _("leaves to correct")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.scorecard)


class CorrectionKind(models.TextChoices):
    """Why a submitted scorecard got new marks."""

    CONSENSUS = "consensus", _("in a consensus meeting")
    CORRECTION = "correction", _("with leave of an organiser")
    APPEAL = "appeal", _("after an appeal")


class Correction(models.Model):
    """New marks for a submitted scorecard; the latest one counts, and all of them stay.

    Both databases refuse UPDATE and DELETE here; each correction adds a leaf to the ledger.
    """

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("scorecard")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=CorrectionKind.choices)
    total = models.DecimalField(_("total of 100"), max_digits=9, decimal_places=6)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
    )
    made_at = models.DateTimeField(_("made"))
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("consensus meeting"),
    )
    leave = models.OneToOneField(
        CorrectionLeave,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("leave to correct"),
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["scorecard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "number"], name="correction_number_once_per_scorecard"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_reason"),
            models.CheckConstraint(
                condition=Q(kind="consensus", meeting__isnull=False, leave=None)
                | (~Q(kind="consensus") & Q(meeting=None, leave__isnull=False)),
                name="correction_by_meeting_or_leave",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} · {self.number}"


class CorrectedMark(models.Model):
    """A mark as it is after a correction; a correction carries every criterion of the scorecard."""

    correction = models.ForeignKey(
        Correction, on_delete=models.PROTECT, related_name="marks", verbose_name=_("correction")
    )
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.PROTECT,
        related_name="corrected_marks",
        verbose_name=_("criterion"),
    )
    value = models.DecimalField(_("mark"), max_digits=6, decimal_places=2, null=True, blank=True)
    abstained = models.BooleanField(_("abstained"), default=False)

    class Meta:
        verbose_name = _("corrected mark")
        verbose_name_plural = _("corrected marks")
        ordering = ["correction", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["correction", "criterion"], name="corrected_mark_once_per_criterion"
            ),
            models.CheckConstraint(
                condition=Q(abstained=True, value=None) | Q(abstained=False, value__gte=0),
                name="corrected_mark_or_abstention",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {'—' if self.value is None else self.value}"
