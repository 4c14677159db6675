"""How applicants come in: freely, invited, recommended by a peer, or by a link on a poster."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from seasons.models import Channel, Season


class EntryCode(models.Model):
    """A code that lets organisations enter a season: how often, from when, until when."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="entry_codes", verbose_name=_("season")
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    code = models.CharField(_("code"), max_length=24, unique=True)
    label = models.CharField(
        _("what it is for"), max_length=150, blank=True, help_text=_("For the organisers' lists.")
    )
    email = models.EmailField(_("sent to"), blank=True)
    max_uses = models.PositiveIntegerField(
        _("organisations"),
        null=True,
        blank=True,
        help_text=_("How many may enter with it; empty means any number."),
    )
    uses = models.PositiveIntegerField(_("used"), default=0, editable=False)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    disabled_at = models.DateTimeField(_("switched off"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("entry code")
        verbose_name_plural = _("entry codes")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(max_uses=None) | Q(uses__lte=F("max_uses")),
                name="entry_code_uses",
                violation_error_message=_("The code was used as often as it may."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gt=F("valid_from")),
                name="entry_code_dates",
                violation_error_message=_("A code ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.code


class CodeUse(models.Model):
    """An organisation entered with a code; once however many entries it makes."""

    code = models.ForeignKey(EntryCode, on_delete=models.CASCADE, related_name="users")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="code_uses"
    )
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("use of a code")
        verbose_name_plural = _("uses of codes")
        constraints = [
            models.UniqueConstraint(fields=["code", "organisation"], name="code_used_once_each")
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.organisation}"


class RecommendationState(models.TextChoices):
    """What the organisers made of a recommendation."""

    WAITING = "waiting", _("to be decided")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")


class Recommendation(models.Model):
    """A peer recommends an applicant; approved, the applicant gets a code by mail."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="recommendations", verbose_name=_("season")
    )
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("recommended by"),
    )
    organisation_name = models.CharField(_("organisation or team"), max_length=200)
    contact_name = models.CharField(_("contact person"), max_length=150)
    contact_email = models.EmailField(_("e-mail of the contact person"))
    reason = models.TextField(_("why they should take part"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=RecommendationState.choices,
        default=RecommendationState.WAITING,
    )
    note = models.TextField(_("answer to the recommender"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    code = models.OneToOneField(
        EntryCode,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="recommendation",
        verbose_name=_("code"),
    )
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.organisation_name
