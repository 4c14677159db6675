"""Consultation on a draft version of a rubric: who is asked, and what they say."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.localized import LocalizedField
from judging.models.rubrics import Rubric
from seasons.models import Season


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Phrases about consultations."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those the person is invited to, from the day they open, and those of one's own seasons."""
        if not isinstance(user, User):
            return self.none()
        mine = Invitee.objects.of(user).values("consultation")
        invited = Q(pk__in=mine, opens_at__lte=timezone.now())
        return self.filter(invited | Q(rubric__season__in=Season.objects.organised_by(user)))

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Those of one's seasons."""
        return self.filter(rubric__season__in=Season.objects.organised_by(user))

    def running(self) -> Self:
        """Announced and not over: the draft stands still meanwhile."""
        return self.filter(closes_at__gt=timezone.now())


class Consultation(models.Model):
    """A draft version of a rubric shown to invited people, who comment until it closes."""

    rubric = models.OneToOneField(
        Rubric, on_delete=models.CASCADE, related_name="consultation", verbose_name=_("rubric")
    )
    text = LocalizedField(
        _("invitation"), long=True, help_text=_("What the invited people are asked.")
    )
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    shares_comments = models.BooleanField(
        _("invited people read each other's comments"), default=False
    )
    answer = LocalizedField(_("answer of the organisers"), blank=True, long=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="consultation_closes_after_it_opens",
                violation_error_message=_("A consultation closes after it opens."),
            )
        ]

    def __str__(self) -> str:
        return str(self.rubric)

    def get_absolute_url(self) -> str:
        return reverse("judging:consultation", args=[self.pk])

    def has_opened(self) -> bool:
        """Whether invited people may see it."""
        return self.opens_at <= timezone.now()

    def is_open(self) -> bool:
        """Whether comments may be written now."""
        return self.opens_at <= timezone.now() < self.closes_at


class InviteeRole(models.TextChoices):
    """In which role somebody is asked."""

    ENTRANT = "entrant", _("entrant")
    EXPERT = "expert", _("expert")


class InviteeQuerySet(models.QuerySet["Invitee"]):
    """Phrases about invited people."""

    def of(self, user: User) -> Self:
        """Those who are this person, by account or by the address of the account."""
        return self.filter(Q(user=user) | Q(user=None, email__iexact=user.email))


class Invitee(models.Model):
    """A person asked to comment; who has no account yet is known by the address."""

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.CASCADE,
        related_name="invitees",
        verbose_name=_("consultation"),
    )
    email = models.EmailField(_("e-mail"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="consulted",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    role = models.CharField(
        _("role"), max_length=10, choices=InviteeRole.choices, default=InviteeRole.EXPERT
    )
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)

    objects = InviteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("invited person")
        verbose_name_plural = _("invited people")
        ordering = ["consultation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "email"],
                name="invitee_once",
                violation_error_message=_("This person is invited already."),
            )
        ]

    def __str__(self) -> str:
        return self.user.full_name if self.user is not None else self.email


class Opinion(models.Model):
    """What an invited person says on one criterion, or on the whole (no short name)."""

    invitee = models.ForeignKey(
        Invitee, on_delete=models.CASCADE, related_name="opinions", verbose_name=_("invited person")
    )
    criterion = models.SlugField(_("criterion"), blank=True)
    text = models.TextField(_("comment"))
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on a draft")
        ordering = ["invitee", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["invitee", "criterion"], name="opinion_once")
        ]

    def __str__(self) -> str:
        return f"{self.invitee}: {self.criterion}"
