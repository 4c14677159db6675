"""Programmes, their seasons, and the dated stages whose clock opens and closes every right."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User, check_time_zone
from common.localized import LocalizedField

check_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #rrggbb."))


class Programme(models.Model):
    """An award brand, run year after year by its organisers."""

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = LocalizedField(_("name"))
    summary = LocalizedField(_("summary"), blank=True, long=True)
    organisers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Organiser", related_name="programmes"
    )

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)


class Organiser(models.Model):
    """A person who runs a programme."""

    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        related_name="organiser_rows",
        verbose_name=_("programme"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="organiser_rows",
        verbose_name=_("person"),
    )
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user"],
                name="organiser_once",
                violation_error_message=_("This person is an organiser already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.programme}"


class SeasonQuerySet(models.QuerySet["Season"]):
    """Phrases about seasons."""

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Seasons of the programmes the person runs; a superuser runs all."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(programme__organiser_rows__user=user)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Published seasons, and one's own before that."""
        own = Season.objects.organised_by(user).values("pk")
        return self.filter(Q(published=True) | Q(pk__in=own))


def open_channel() -> list[str]:
    """A season is open to everybody unless it says otherwise."""
    return ["open"]


class DraftRule(models.TextChoices):
    """What the deadline does to a draft that is complete and was not submitted."""

    STAY = "stay", _("it stays a draft and does not take part")
    SUBMIT = "submit", _("its last complete state is submitted")


class Channel(models.TextChoices):
    """How applicants come into a season."""

    OPEN = "open", _("open to everybody")
    INVITATION = "invitation", _("invited by the organisers")
    RECOMMENDATION = "recommendation", _("recommended by a peer")
    LINK = "link", _("by a link or QR code")


class Season(models.Model):
    """One edition of a programme, with its stages and rules."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="seasons", verbose_name=_("programme")
    )
    slug = models.SlugField(_("short name in addresses"), unique=True)
    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        help_text=_("Starts the numbers of entries and diplomas, for example CX22."),
    )
    name = LocalizedField(_("name"))
    summary = LocalizedField(_("summary"), blank=True, long=True)
    about = LocalizedField(_("about the season"), blank=True, long=True)
    rules = LocalizedField(_("rules"), blank=True, long=True)
    language = models.CharField(_("main language"), max_length=10, default="ru")
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Moscow", validators=[check_time_zone]
    )
    accent = models.CharField(
        _("colour"), max_length=7, default="#1f5f8b", validators=[check_colour]
    )
    logo = models.CharField(
        _("logo"),
        max_length=120,
        blank=True,
        help_text=_("Name of a picture kept with the portal, for example cx-award.svg."),
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    published = models.BooleanField(_("shown to the public"), default=True)
    two_person_release = models.BooleanField(
        _("a release needs two people"),
        default=True,
        help_text=_("One organiser prepares a release, another confirms it."),
    )
    moderate_comments = models.BooleanField(
        _("comments of the jury are looked at first"),
        default=True,
        help_text=_(
            "Entrants read in their feedback only comments that an organiser has looked at."
        ),
    )
    draft_rule = models.CharField(
        _("a complete draft at the deadline"),
        max_length=6,
        choices=DraftRule.choices,
        default=DraftRule.STAY,
    )
    channels = models.JSONField(
        _("how applicants come in"),
        default=open_channel,
        help_text=_("A list of: open, invitation, recommendation, link."),
    )
    max_entries_per_applicant = models.PositiveSmallIntegerField(
        _("entries of one organisation"),
        null=True,
        blank=True,
        help_text=_("At most so many in the whole season; empty means no limit."),
    )
    last_entry_number = models.PositiveIntegerField(default=0, editable=False)
    last_diploma_number = models.PositiveIntegerField(default=0, editable=False)

    objects = SeasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("seasons:season", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        """The zone its dates are written in."""
        return ZoneInfo(self.time_zone)

    def stage(self, kind: "StageKind | str") -> "Stage | None":
        """Return the first stage of a kind, from the prefetched list when there is one."""
        stages = [stage for stage in self.stages.all() if stage.kind == kind]
        return stages[0] if stages else None


class StageKind(models.TextChoices):
    """What a stage lets people do."""

    ENTRY = "entry", _("entries")
    JUDGING = "judging", _("judging")
    FINALISTS = "finalists", _("finalists")
    DEFENCE = "defence", _("defence")
    CEREMONY = "ceremony", _("ceremony")
    FEEDBACK = "feedback", _("feedback")


class StageQuerySet(models.QuerySet["Stage"]):
    """Phrases about stages."""

    def open(self, at: datetime | None = None) -> Self:
        """Those whose clock is running."""
        at = at or timezone.now()
        return self.filter(opens_at__lte=at, closes_at__gt=at)


class Stage(models.Model):
    """A dated step of a season, [opens_at, closes_at); the clock opens and closes it, no job does."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="stages", verbose_name=_("season")
    )
    slug = models.SlugField(_("short name"))
    kind = models.CharField(_("kind"), max_length=10, choices=StageKind.choices)
    name = LocalizedField(_("name"))
    who = LocalizedField(_("whose turn"), blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"), help_text=_("The first moment that is too late."))

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["season", "opens_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "slug"],
                name="stage_slug_once_per_season",
                violation_error_message=_("The season has a stage with this short name already."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="stage_closes_after_it_opens",
                violation_error_message=_("A stage closes after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season.code} · {self.name}"

    def state(self, at: datetime | None = None) -> str:
        """Return past, now or next."""
        at = at or timezone.now()
        if at < self.opens_at:
            return "next"
        return "now" if at < self.closes_at else "past"

    def closes_for(self, organisation: Organisation | None = None) -> datetime:
        """The deadline that holds for an organisation: its latest extension, or the stage's own."""
        untils = [
            extension.until
            for extension in self.extensions.all()
            if extension.organisation_id is None
            or (organisation is not None and extension.organisation_id == organisation.pk)
        ]
        return max([self.closes_at, *untils])

    def is_open(self, organisation: Organisation | None = None, at: datetime | None = None) -> bool:
        """Whether the clock is running for everybody, or for this organisation by extension."""
        at = at or timezone.now()
        return self.opens_at <= at < self.closes_for(organisation)


class Extension(models.Model):
    """A later deadline, for everybody or for one organisation: who allowed it, why, until when."""

    stage = models.ForeignKey(
        Stage, on_delete=models.CASCADE, related_name="extensions", verbose_name=_("stage")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("organisation"),
        help_text=_("Empty means everybody."),
    )
    until = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("granted by"),
    )
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-granted_at"]

    def __str__(self) -> str:
        return f"{self.stage} → {self.until:%Y-%m-%d %H:%M}"
