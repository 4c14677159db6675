"""How people come onto a jury: by an invitation, or by registering for a public one."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from common.errors import DomainError
from judging.models.juries import Background, Judge, Jury


class JuryInvitation(Invitation):
    """Somebody is asked by mail onto a jury; `employer` is for the check of interests alone."""

    jury = models.ForeignKey(
        Jury, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("jury")
    )
    language = models.CharField(_("language of the letter"), max_length=10)
    text = models.TextField(_("personal words"), blank=True, max_length=2000)
    chair = models.BooleanField(_("as chair"), default=False)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    past_employers = models.TextField(_("earlier employers"), blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    decline_reason = models.TextField(_("reason to decline"), blank=True)

    class Meta(Invitation.Meta):
        verbose_name = _("invitation to a jury")
        verbose_name_plural = _("invitations to juries")

    @property
    def role(self) -> str:
        """What the letter asks the person to be."""
        return "chair" if self.chair else "member"

    @property
    def state(self) -> str:
        """How it stands, as organisers read it."""
        if self.accepted_at is not None:
            return "accepted"
        if self.declined_at is not None:
            return "declined"
        if self.revoked_at is not None:
            return "revoked"
        return "waiting" if self.is_waiting(timezone.now()) else "expired"


class RegistrationStatus(models.TextChoices):
    """Whether somebody who registered may judge."""

    WAITING = "waiting", _("waits for the organisers")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")


NEXT_REGISTRATION_STATUSES: dict[RegistrationStatus, set[RegistrationStatus]] = {
    RegistrationStatus.WAITING: {RegistrationStatus.CONFIRMED, RegistrationStatus.DECLINED},
    RegistrationStatus.CONFIRMED: set(),
    RegistrationStatus.DECLINED: set(),
}


class Registration(models.Model):
    """A person asks onto a public jury; `email_key` is the mailbox behind the ways to write it."""

    PROFILES: ClassVar = [
        (one.value, one.label) for one in (Background.CUSTOMER, Background.OBSERVER)
    ]

    jury = models.ForeignKey(
        Jury, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("jury")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    profile = models.CharField(_("profile"), max_length=12, choices=PROFILES)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    about = models.TextField(_("why this person wants to judge"), blank=True, max_length=1000)
    email_key = models.CharField(max_length=254, editable=False, db_index=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=RegistrationStatus.choices,
        default=RegistrationStatus.WAITING,
    )
    made_at = models.DateTimeField(_("registered"), auto_now_add=True)
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.TextField(_("reason"), blank=True)
    judge = models.OneToOneField(
        Judge, on_delete=models.PROTECT, null=True, blank=True, related_name="registration"
    )

    class Meta:
        verbose_name = _("registration for a public jury")
        verbose_name_plural = _("registrations for public juries")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["jury", "user"],
                name="registration_once",
                violation_error_message=_("You have registered already."),
            ),
            models.CheckConstraint(
                condition=Q(status="confirmed", judge__isnull=False)
                | Q(~Q(status="confirmed"), judge=None),
                name="registration_confirmed_has_a_seat",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.jury}"

    def become(self, status: RegistrationStatus) -> None:
        """Follow NEXT_REGISTRATION_STATUSES, in memory; the caller saves."""
        if status not in NEXT_REGISTRATION_STATUSES[RegistrationStatus(self.status)]:
            raise DomainError(_("This registration is decided already."))
        self.status = status
