"""An entrant's objection to a judge, and what the organisers decided."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from judging.models.juries import Judge
from nominations.models import Entry


class ObjectionStatus(models.TextChoices):
    """What became of it."""

    OPEN = "open", _("waits for a decision")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


NEXT_OBJECTION_STATUSES: dict[ObjectionStatus, set[ObjectionStatus]] = {
    ObjectionStatus.OPEN: {ObjectionStatus.ACCEPTED, ObjectionStatus.DECLINED},
    ObjectionStatus.ACCEPTED: set(),
    ObjectionStatus.DECLINED: set(),
}


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Phrases about objections."""

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Of entries one runs and no conflict hides; nobody reads who objects to themselves."""
        if not isinstance(user, User):
            return self.none()
        entries = Entry.objects.organised_by(user).values("pk")
        return self.filter(entry__in=entries).exclude(judge__user=user)


class Objection(models.Model):
    """An entrant says why a judge should not judge an entry; the judge is never told who said it."""

    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="objections", verbose_name=_("entry")
    )
    judge = models.ForeignKey(
        Judge, on_delete=models.PROTECT, related_name="objections", verbose_name=_("judge")
    )
    reason = models.TextField(_("reason"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("objected by"),
    )
    made_at = models.DateTimeField(_("objected"), auto_now_add=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ObjectionStatus.choices, default=ObjectionStatus.OPEN
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.TextField(
        _("answer to the entrant"), blank=True, help_text=_("The entrant reads it.")
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection to a judge")
        verbose_name_plural = _("objections to judges")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "judge"],
                name="objection_once",
                violation_error_message=_("You have objected to this judge already."),
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at=None, decided_by=None)
                | Q(~Q(status="open"), decided_at__isnull=False, decided_by__isnull=False),
                name="objection_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.judge}"

    def become(self, status: ObjectionStatus) -> None:
        """Follow NEXT_OBJECTION_STATUSES, in memory; the caller saves."""
        if status not in NEXT_OBJECTION_STATUSES[ObjectionStatus(self.status)]:
            raise DomainError(_("This objection is decided already."))
        self.status = status
