"""What a distribution takes into account, and the proposals made of it."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from judging.models.juries import Judge
from judging.models.rounds import Round
from nominations.models import Nomination
from seasons.models import Season


class Wish(models.TextChoices):
    """How gladly a judge would read a nomination."""

    WANT = "want", _("want to")
    CAN = "can", _("can")
    RATHER_NOT = "rather_not", _("rather not")


class Bid(models.Model):
    """What a judge says of a nomination before entries are given out; nothing said means “can”."""

    judge = models.ForeignKey(
        Judge, on_delete=models.CASCADE, related_name="bids", verbose_name=_("judge")
    )
    nomination = models.ForeignKey(
        Nomination, on_delete=models.CASCADE, related_name="bids", verbose_name=_("nomination")
    )
    wish = models.CharField(_("wish"), max_length=10, choices=Wish.choices)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("preference of a judge")
        verbose_name_plural = _("preferences of judges")
        ordering = ["judge", "nomination"]
        constraints = [
            models.UniqueConstraint(fields=["judge", "nomination"], name="bid_once"),
            models.CheckConstraint(
                condition=Q(wish__in=["want", "can", "rather_not"]), name="bid_wish_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge} · {self.nomination}: {self.get_wish_display()}"


class AvoidPair(models.Model):
    """Two people who are not to judge the same entry of a season; the lower key stands first."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="avoid_pairs", verbose_name=_("season")
    )
    one = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("judge"),
    )
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("other judge"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    active = models.BooleanField(_("kept apart"), default=True)

    class Meta:
        verbose_name = _("pair of judges kept apart")
        verbose_name_plural = _("pairs of judges kept apart")
        ordering = ["season", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "one", "other"],
                name="avoid_pair_once",
                violation_error_message=_("These two are kept apart already."),
            ),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")),
                name="avoid_pair_in_order",
                violation_error_message=_("Name two different people."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one} · {self.other}"


class ProposalKind(models.TextChoices):
    """Where a proposal comes from."""

    PLAN = "plan", _("worked out")
    FILE = "file", _("from a file")


class ProposalState(models.TextChoices):
    """How far a proposal is."""

    WAITING = "waiting", _("being worked out")
    READY = "ready", _("ready to look at")
    FAILED = "failed", _("failed")
    CONFIRMED = "confirmed", _("confirmed")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Phrases about proposals."""

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Those of rounds of one's seasons."""
        return self.filter(round__season__in=Season.objects.organised_by(user).values("pk"))


class Proposal(models.Model):
    """A distribution to look at before it is made; nobody has got anything by it yet.

    `asked` is what was wanted, `result` what was found: pairs with their reasons, and the proof.
    """

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("round")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=ProposalKind.choices)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ProposalState.choices,
        default=ProposalState.WAITING,
    )
    asked = models.JSONField(_("settings"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed distribution")
        verbose_name_plural = _("proposed distributions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.round} · {self.made_at:%Y-%m-%d %H:%M}"
