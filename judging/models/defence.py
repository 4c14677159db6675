"""The live defence of finalists: its times, its clock, who helps, and its end."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from common.fields import WebAddressField
from judging.models.juries import Judge
from judging.models.rounds import Round
from nominations.barriers import barred
from nominations.models import Entry, EntryStatus


class DefencePhase(models.TextChoices):
    """How far a presentation is."""

    WAITING = "waiting", _("not started")
    PRESENTING = "presenting", _("presentation")
    QUESTIONS = "questions", _("questions of the jury")
    ENDED = "ended", _("ended")


NEXT_DEFENCE_PHASES: dict[DefencePhase, set[DefencePhase]] = {
    DefencePhase.WAITING: {DefencePhase.PRESENTING},
    DefencePhase.PRESENTING: {DefencePhase.QUESTIONS, DefencePhase.ENDED},
    DefencePhase.QUESTIONS: {DefencePhase.ENDED},
    DefencePhase.ENDED: set(),
}


class DefenceRules(models.Model):
    """How the defences of a round go; without a row the defaults hold."""

    round = models.OneToOneField(
        Round, on_delete=models.CASCADE, related_name="defence_rules", verbose_name=_("round")
    )
    presentation_minutes = models.PositiveSmallIntegerField(_("presentation, minutes"), default=15)
    question_minutes = models.PositiveSmallIntegerField(_("questions, minutes"), default=10)
    pause_minutes = models.PositiveSmallIntegerField(_("pause between, minutes"), default=5)
    from_start = models.BooleanField(
        _("marks only from the start of the slot"),
        default=False,
        help_text=_(
            "An entry is scored from the start of its defence, not from the opening of the round."
        ),
    )
    rooms = models.TextField(
        _("rooms"),
        blank=True,
        help_text=_("One a line; in each of them somebody may present at the same time."),
    )

    class Meta:
        verbose_name = _("rules of a defence")
        verbose_name_plural = _("rules of defences")
        constraints = [
            models.CheckConstraint(
                condition=Q(presentation_minutes__gt=0),
                name="defence_presents_a_minute",
                violation_error_message=_("A presentation lasts at least one minute."),
            )
        ]

    def __str__(self) -> str:
        return str(self.round)

    @property
    def minutes(self) -> int:
        """How long a slot is."""
        return self.presentation_minutes + self.question_minutes

    @property
    def room_names(self) -> list[str]:
        """The rooms, in the order of the organisers."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.rooms.splitlines()))))


class DefenceSlotQuerySet(models.QuerySet["DefenceSlot"]):
    """Phrases about slots."""

    def of_competitors(self) -> Self:
        """Slots of entries that are still in the competition and in the round."""
        return self.filter(
            entry__status=EntryStatus.ADMITTED, entry__advancements__round=F("round")
        )

    def open_to(self, user: User | AnonymousUser) -> Self:
        """Without those of entries that a conflict of interest hides from the person."""
        if not isinstance(user, User):
            return self.none()
        return self.exclude(entry__in=Entry.objects.filter(barred(user)).values("pk"))


class DefenceSlot(models.Model):
    """When and where a finalist presents to the jury, and how its clock stands.

    The clock of a phase has run `used_seconds`, and runs since `running_since` unless it is paused.
    """

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
    phase = models.CharField(
        _("phase"),
        max_length=10,
        choices=DefencePhase.choices,
        default=DefencePhase.WAITING,
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    running_since = models.DateTimeField(null=True, blank=True, editable=False)
    used_seconds = models.PositiveIntegerField(default=0, editable=False)
    began_at = models.DateTimeField(_("really began"), null=True, blank=True, editable=False)
    questions_at = models.DateTimeField(
        _("questions really began"), null=True, blank=True, editable=False
    )
    ended_at = models.DateTimeField(_("really ended"), null=True, blank=True, editable=False)

    objects = DefenceSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("defence slot")
        verbose_name_plural = _("defence slots")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "entry"],
                name="slot_once_per_entry",
                violation_error_message=_("This entry has a slot already."),
            ),
            models.UniqueConstraint(
                fields=["round", "place"],
                condition=Q(phase__in=["presenting", "questions"]),
                name="slot_one_presents_in_a_room",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def shown_name(self) -> str:
        """What the jury calls the entry."""
        return self.round.name_of(self.entry)

    @property
    def shown_number(self) -> str:
        """The number, or what stands for it where the jury does not know the applicant."""
        return self.shown_name if self.round.hides_applicant else self.entry.number

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_live(self) -> bool:
        """Whether somebody presents or answers."""
        return self.phase in {DefencePhase.PRESENTING, DefencePhase.QUESTIONS}

    def become(self, phase: DefencePhase) -> None:
        """Follow NEXT_DEFENCE_PHASES, in memory; the caller saves."""
        if phase not in NEXT_DEFENCE_PHASES[DefencePhase(self.phase)]:
            raise DomainError(_("The defence cannot go on that way from where it is."))
        self.phase = phase

    def seconds_used(self, at: datetime | None = None) -> int:
        """How long the phase has run, without pauses."""
        if self.running_since is None:
            return self.used_seconds
        run = ((at or timezone.now()) - self.running_since).total_seconds()
        return self.used_seconds + max(int(run), 0)


class JudgeAbsence(models.Model):
    """When a judge cannot be at a defence."""

    judge = models.ForeignKey(
        Judge, on_delete=models.CASCADE, related_name="absences", verbose_name=_("judge")
    )
    starts_at = models.DateTimeField(_("away from"))
    ends_at = models.DateTimeField(_("away until"))

    class Meta:
        verbose_name = _("absence of a judge")
        verbose_name_plural = _("absences of judges")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("An absence ends after it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.judge} {self.starts_at:%Y-%m-%d %H:%M}"


class Secretary(models.Model):
    """Somebody who keeps the time of a round's defences and enters marks from paper."""

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="secretaries", verbose_name=_("round")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="secretary_rows",
        verbose_name=_("person"),
    )

    class Meta:
        verbose_name = _("secretary")
        verbose_name_plural = _("secretaries")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"],
                name="secretary_once_per_round",
                violation_error_message=_("This person is a secretary of the round already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class Closure(models.Model):
    """The chair ended the scoring of one entry, or (`entry` is empty) of a whole round."""

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="closures", verbose_name=_("round")
    )
    entry = models.ForeignKey(
        Entry,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=_("entry"),
    )
    missing = models.PositiveSmallIntegerField(_("scorecards missing"), default=0)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed"), auto_now_add=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opened again by"),
    )
    reopened_at = models.DateTimeField(_("opened again"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("end of scoring")
        verbose_name_plural = _("ends of scoring")
        ordering = ["-closed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "entry"],
                condition=Q(reopened_at=None),
                name="closure_once_per_entry",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(reopened_at=None, entry=None),
                name="closure_once_per_round",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None)
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reason="")),
                name="closure_reopened_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.entry.number if self.entry else '*'}"
