"""Scorecards on paper: one person enters what a judge wrote, another one countersigns it."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from judging.models.assignments import Assignment
from judging.models.rubrics import Criterion


class PaperStatus(models.TextChoices):
    """What became of a sheet."""

    WAITING = "waiting", _("waits for a second person")
    COUNTERSIGNED = "countersigned", _("countersigned")
    RETURNED = "returned", _("sent back")
    REPLACED = "replaced", _("entered anew")


NEXT_PAPER_STATUSES: dict[PaperStatus, set[PaperStatus]] = {
    PaperStatus.WAITING: {
        PaperStatus.COUNTERSIGNED,
        PaperStatus.RETURNED,
        PaperStatus.REPLACED,
    },
    PaperStatus.COUNTERSIGNED: set(),
    PaperStatus.RETURNED: set(),
    PaperStatus.REPLACED: set(),
}


def scan_path(sheet: "PaperSheet", name: str) -> str:
    """Where the picture of a sheet is kept; its name says nothing."""
    ending = name.rpartition(".")[2].lower()
    return f"paper/{uuid4().hex}.{ending}"


class PaperSheetQuerySet(models.QuerySet["PaperSheet"]):
    """Phrases about sheets."""

    def waiting(self) -> Self:
        """Entered, and not yet looked at by a second person."""
        return self.filter(status=PaperStatus.WAITING)


class PaperSheet(models.Model):
    """What a judge wrote on paper, as somebody entered it; it counts when another person countersigns."""

    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        related_name="paper_sheets",
        verbose_name=_("assignment"),
    )
    status = models.CharField(
        _("status"), max_length=13, choices=PaperStatus.choices, default=PaperStatus.WAITING
    )
    comment = models.TextField(_("comment for the nominee"), blank=True)
    private_note = models.TextField(_("note for the jury"), blank=True)
    scan = models.FileField(_("scan"), upload_to=scan_path, max_length=200, blank=True)
    scan_name = models.CharField(_("name of the scan"), max_length=200, blank=True)
    scan_type = models.CharField(_("type of the scan"), max_length=100, blank=True)
    key = models.UUIDField(unique=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = PaperSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper sheet")
        verbose_name_plural = _("paper sheets")
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(status="waiting"),
                name="paper_one_waits_per_assignment",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="paper_takes_two_people",
                violation_error_message=_("Whoever entered a sheet does not countersign it."),
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", decided_by=None, decided_at=None)
                | Q(status="replaced", decided_by=None, decided_at__isnull=False)
                | Q(status="countersigned", decided_by__isnull=False, decided_at__isnull=False)
                | (
                    Q(status="returned", decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(reason="")
                ),
                name="paper_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.assignment)

    def become(self, status: PaperStatus) -> None:
        """Follow NEXT_PAPER_STATUSES, in memory; the caller saves."""
        if status not in NEXT_PAPER_STATUSES[PaperStatus(self.status)]:
            raise DomainError(_("Somebody has decided about this sheet already."))
        self.status = status


class PaperMark(models.Model):
    """One mark of a sheet; an abstention is `abstained` with no value."""

    sheet = models.ForeignKey(PaperSheet, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion")
    )
    value = models.DecimalField(_("mark"), max_digits=6, decimal_places=2, null=True, blank=True)
    abstained = models.BooleanField(_("abstained"), default=False)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("mark from paper")
        verbose_name_plural = _("marks from paper")
        ordering = ["sheet", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion"], name="paper_mark_once_per_criterion"
            ),
            models.CheckConstraint(
                condition=Q(abstained=True, value=None) | Q(abstained=False, value__gte=0),
                name="paper_mark_or_abstention",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {'—' if self.value is None else self.value}"
