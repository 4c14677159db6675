"""Rounds of judging, assignments, scorecards and the defence."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from common.fields import WebAddressField
from common.localized import LocalizedField
from judging.models.juries import Agreement, Consent, Judge, Jury
from judging.models.rubrics import Criterion, Rubric
from nominations.barriers import barred
from nominations.models import Entry, Nomination, Revision
from seasons.models import Season, Stage


class Entrants(models.TextChoices):
    """Which entries a round judges."""

    ADMITTED = "admitted", _("all admitted entries")
    FINALISTS = "finalists", _("released finalists only")


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
        ]

    def __str__(self) -> str:
        return f"{self.season.code} · {self.name}"

    @property
    def has_defence(self) -> bool:
        """Whether finalists present live."""
        return self.entrants == Entrants.FINALISTS

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


class Advancement(models.Model):
    """An entry goes on into a later round; written by the release of finalists."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="advancements")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="advancements")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("advancement")
        verbose_name_plural = _("advancements")
        constraints = [models.UniqueConstraint(fields=["round", "entry"], name="advancement_once")]

    def __str__(self) -> str:
        return f"{self.entry.number} → {self.round}"


class AssignmentStatus(models.TextChoices):
    """Whether the judge still scores the entry."""

    ACTIVE = "active", _("active")
    RECUSED = "recused", _("recused")
    WITHDRAWN = "withdrawn", _("withdrawn by the organisers")


NEXT_ASSIGNMENT_STATUSES: dict[AssignmentStatus, set[AssignmentStatus]] = {
    AssignmentStatus.ACTIVE: {AssignmentStatus.RECUSED, AssignmentStatus.WITHDRAWN},
    AssignmentStatus.RECUSED: set(),
    AssignmentStatus.WITHDRAWN: {AssignmentStatus.ACTIVE},
}


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
            )
        ]
        indexes = [models.Index(fields=["judge", "status"], name="assignment_of_judge")]

    def __str__(self) -> str:
        return f"{self.judge} · {self.entry.number}"

    def get_absolute_url(self) -> str:
        return reverse("judging:assignment", args=[self.pk])

    def become(self, status: AssignmentStatus) -> None:
        """Follow NEXT_ASSIGNMENT_STATUSES, in memory; the caller saves."""
        if status not in NEXT_ASSIGNMENT_STATUSES[AssignmentStatus(self.status)]:
            raise DomainError(_("This assignment can no longer change that way."))
        self.status = status


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

    def counted(self) -> Self:
        """Submitted; the judge has neither recused nor been removed, nor got an interest since."""
        from judging.barriers import closed_scorecards  # it knows the models, they not it

        rows = self.filter(
            status=ScorecardStatus.SUBMITTED,
            assignment__status=AssignmentStatus.ACTIVE,
            assignment__judge__removed_at=None,
        )
        return rows.exclude(pk__in=closed_scorecards(rows))

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
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

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


class DefenceSlot(models.Model):
    """When and where a finalist presents to the jury."""

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="slots", verbose_name=_("round")
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="defence_slots", verbose_name=_("entry")
    )
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=20)
    place = models.CharField(_("place"), max_length=200, blank=True)
    video_link = WebAddressField(_("video link"), blank=True)

    class Meta:
        verbose_name = _("defence slot")
        verbose_name_plural = _("defence slots")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "entry"],
                name="slot_once_per_entry",
                violation_error_message=_("This entry has a slot already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} {self.starts_at:%Y-%m-%d %H:%M}"
