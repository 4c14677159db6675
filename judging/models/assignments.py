"""Who is asked to score what."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from judging.models.juries import Agreement, Consent, Judge
from judging.models.rounds import Round
from nominations.barriers import barred
from nominations.models import Entry
from seasons.models import Season


class AssignmentStatus(models.TextChoices):
    """Whether the judge still scores the entry."""

    ACTIVE = "active", _("active")
    RECUSED = "recused", _("recused")
    WITHDRAWN = "withdrawn", _("withdrawn by the organisers")
    STRUCK = "struck", _("struck by the organisers")


NEXT_ASSIGNMENT_STATUSES: dict[AssignmentStatus, set[AssignmentStatus]] = {
    AssignmentStatus.ACTIVE: {
        AssignmentStatus.RECUSED,
        AssignmentStatus.WITHDRAWN,
        AssignmentStatus.STRUCK,
    },
    AssignmentStatus.RECUSED: set(),
    AssignmentStatus.WITHDRAWN: {AssignmentStatus.ACTIVE},
    AssignmentStatus.STRUCK: set(),
}


class Purpose(models.TextChoices):
    """Why the judge was asked: in the round's time, or later for one entry alone."""

    REGULAR = "regular", _("in the round")
    EXTRA = "extra", _("one more review")
    APPEAL = "appeal", _("independent review of an appeal")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Phrases about assignments."""

    def of_judge(self, user: User | AnonymousUser) -> Self:
        """A judge's own, still theirs, without those a conflict closes; consent is not asked here."""
        if not isinstance(user, User):
            return self.none()
        hidden = Entry.objects.filter(barred(user)).values("pk")
        return self.filter(
            judge__user=user, judge__removed_at=None, status=AssignmentStatus.ACTIVE
        ).exclude(entry__in=hidden)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What a judge may open: own, and the latest agreement of the season accepted."""
        if not isinstance(user, User):
            return self.none()
        newer = Agreement.objects.filter(season=OuterRef("season"), pk__gt=OuterRef("pk"))
        agreed = Consent.objects.filter(
            user=user,
            agreement__in=Agreement.objects.filter(~Exists(newer)).values("pk"),
            agreement__season=OuterRef("round__season"),
        )
        none_asked = ~Exists(Agreement.objects.filter(season=OuterRef("round__season")))
        return self.of_judge(user).filter(Exists(agreed) | none_asked)

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Assignments of one's seasons, without those of entries a conflict hides."""
        if not isinstance(user, User):
            return self.none()
        hidden = Entry.objects.filter(barred(user)).values("pk")
        organised = Season.objects.organised_by(user).values("pk")
        return self.filter(round__season__in=organised).exclude(entry__in=hidden)

    def active(self) -> Self:
        """Still to be scored, or scored."""
        return self.filter(status=AssignmentStatus.ACTIVE, judge__removed_at=None)


class Assignment(models.Model):
    """A judge asked to score an entry in a round."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("round")
    )
    judge = models.ForeignKey(
        Judge, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("judge")
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("entry")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=AssignmentStatus.choices,
        default=AssignmentStatus.ACTIVE,
    )
    reason = models.TextField(_("reason"), blank=True)
    purpose = models.CharField(
        _("purpose"), max_length=8, choices=Purpose.choices, default=Purpose.REGULAR
    )
    until = models.DateTimeField(
        _("open until"),
        null=True,
        blank=True,
        help_text=_("Only of a review asked for beside the round: its own deadline."),
    )
    assigned_at = models.DateTimeField(_("assigned"), auto_now_add=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned by"),
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["round", "entry__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "judge", "entry"],
                name="assignment_once",
                violation_error_message=_("The judge has this entry already."),
            ),
            models.CheckConstraint(
                condition=Q(purpose="regular", until=None)
                | (Q(purpose__in=["extra", "appeal"]) & Q(until__isnull=False)),
                name="assignment_late_has_its_deadline",
            ),
        ]
        indexes = [models.Index(fields=["judge", "status"], name="assignment_of_judge")]

    def __str__(self) -> str:
        return f"{self.judge} · {self.entry.number}"

    def get_absolute_url(self) -> str:
        return reverse("judging:assignment", args=[self.pk])

    @property
    def shown_name(self) -> str:
        """What its judge may call the entry."""
        return self.round.name_of(self.entry)

    @property
    def shown_title(self) -> str:
        """The title, if its judge may read it."""
        return self.round.title_of(self.entry)

    @property
    def is_late(self) -> bool:
        """Whether it was asked for beside the round, with a clock of its own."""
        return self.until is not None

    @property
    def opens_at(self) -> datetime:
        """When the judge may begin to read."""
        return self.assigned_at if self.is_late else self.round.stage.opens_at

    @property
    def closes_at(self) -> datetime:
        """The first moment that is too late for a mark."""
        return self.until or self.round.stage.closes_for()

    def has_opened(self) -> bool:
        """Whether its clock has started; before that nobody reads."""
        return self.opens_at <= timezone.now()

    def is_open(self) -> bool:
        """Whether its clock is running."""
        return self.opens_at <= timezone.now() < self.closes_at

    def become(self, status: AssignmentStatus) -> None:
        """Follow NEXT_ASSIGNMENT_STATUSES, in memory; the caller saves."""
        if status not in NEXT_ASSIGNMENT_STATUSES[AssignmentStatus(self.status)]:
            raise DomainError(_("This assignment can no longer change that way."))
        self.status = status
