"""Site visits: the check list fixed beforehand, the team, what it saw, and the proof of it."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.models import Event
from common.errors import DomainError
from common.localized import LocalizedField
from judging.models.assignments import Assignment
from judging.models.juries import Judge
from judging.models.rounds import Round
from judging.models.rubrics import Criterion
from nominations.models import Entry, EntryStatus

# The team may arrive early.
EARLY = timedelta(hours=1)


class VisitRules(models.Model):
    """How the visits of a round go; without a row the defaults hold."""

    round = models.OneToOneField(
        Round, on_delete=models.CASCADE, related_name="visit_rules", verbose_name=_("round")
    )
    names_shown = models.BooleanField(
        _("the applicant learns who comes"),
        default=False,
        help_text=_("Otherwise the applicant is told the time and the place alone."),
    )
    report_for_all = models.BooleanField(
        _("other rounds read the report"),
        default=False,
        help_text=_(
            "Judges of other rounds of the season see the check list and the findings of a visit"
            " that is done beside their scorecard of the entry."
        ),
    )
    photos = models.PositiveSmallIntegerField(
        _("most photos of one finding"), default=6, help_text=_("0 means no photos.")
    )

    class Meta:
        verbose_name = _("rules of visits")
        verbose_name_plural = _("rules of visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(photos__lte=20),
                name="visit_photos_few",
                violation_error_message=_("At most 20 photos of one finding."),
            )
        ]

    def __str__(self) -> str:
        return str(self.round)


class ItemKind(models.TextChoices):
    """What a line of the check list asks for."""

    YES_NO = "yes-no", _("yes or no")
    PARTLY = "partly", _("yes, partly or no")
    FIGURE = "figure", _("figure")


class VisitItem(models.Model):
    """A line of the check list; it stands still once any visit of the round has begun."""

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="visit_items", verbose_name=_("round")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    slug = models.SlugField(_("short name"))
    text = LocalizedField(_("text"))
    kind = models.CharField(
        _("asks for"), max_length=6, choices=ItemKind.choices, default=ItemKind.PARTLY
    )
    unit = LocalizedField(
        _("unit"), blank=True, default=dict, help_text=_("Of a figure; for example: seconds.")
    )
    required = models.BooleanField(_("must be answered"), default=True)

    class Meta:
        verbose_name = _("line of the check list")
        verbose_name_plural = _("check list of visits")
        ordering = ["round", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "slug"],
                name="visit_item_once",
                violation_error_message=_("The check list has a line with this short name."),
            )
        ]

    def __str__(self) -> str:
        return str(self.text)


class VisitStatus(models.TextChoices):
    """How far a visit is."""

    PLANNED = "planned", _("planned")
    CONFIRMED = "confirmed", _("confirmed by the applicant")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


NEXT_VISIT_STATUSES: dict[VisitStatus, set[VisitStatus]] = {
    VisitStatus.PLANNED: {VisitStatus.CONFIRMED, VisitStatus.DONE, VisitStatus.CANCELLED},
    # A visit that is moved waits for the applicant again.
    VisitStatus.CONFIRMED: {VisitStatus.PLANNED, VisitStatus.DONE, VisitStatus.CANCELLED},
    VisitStatus.DONE: set(),
    VisitStatus.CANCELLED: set(),
}


class SiteVisitQuerySet(models.QuerySet["SiteVisit"]):
    """Phrases about visits."""

    def alive(self) -> Self:
        """Not cancelled, of entries that are still in the competition and in the round."""
        return self.exclude(status=VisitStatus.CANCELLED).filter(
            entry__status=EntryStatus.ADMITTED, entry__advancements__round=F("round")
        )

    def of_team(self, user: User | AnonymousUser) -> Self:
        """Visits one goes to, as long as the entry is one's own to judge."""
        own = Assignment.objects.visible_to(user).filter(
            round=OuterRef("round"), entry=OuterRef("entry"), judge__visits__visit=OuterRef("pk")
        )
        return self.alive().filter(Exists(own))

    def reported_to(self, user: User | AnonymousUser) -> Self:
        """Visits that are done, whose report stands beside a scorecard of the person."""
        own = Assignment.objects.visible_to(user).filter(
            entry=OuterRef("entry"), round__stage__opens_at__lte=timezone.now()
        )
        done = self.alive().filter(status=VisitStatus.DONE)
        for_all = Q(round__visit_rules__report_for_all=True)
        return done.filter((for_all & Exists(own)) | Exists(own.filter(round=OuterRef("round"))))

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Visits to entries that the person runs and no conflict hides."""
        return self.filter(entry__in=Entry.objects.organised_by(user).values("pk"))


class SiteVisit(models.Model):
    """A visit of a team of judges to an applicant; `begun_at` is when the first thing was noted."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="visits", verbose_name=_("round")
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="visits", verbose_name=_("entry")
    )
    place = models.CharField(_("address"), max_length=300)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    note = models.TextField(
        _("note for the applicant"),
        blank=True,
        max_length=2000,
        help_text=_("What to prepare, whom the team wants to talk to."),
    )
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=VisitStatus.choices,
        default=VisitStatus.PLANNED,
        editable=False,
    )
    move_reason = models.TextField(
        _("the applicant asks to move it"), blank=True, max_length=1000, editable=False
    )
    move_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    cancel_reason = models.TextField(_("why it was cancelled"), blank=True, editable=False)
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        Judge,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("ended by"),
    )

    objects = SiteVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("site visit")
        verbose_name_plural = _("site visits")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "entry"],
                condition=~Q(status="cancelled"),
                name="visit_once_per_entry",
                violation_error_message=_("A visit to this entry is planned already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="visit_ends_after_it_starts",
                violation_error_message=_("A visit ends after it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(status="done")
                | Q(done_at__isnull=False, done_by__isnull=False, begun_at__isnull=False),
                name="visit_done_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.round.name}"

    def get_absolute_url(self) -> str:
        return reverse("judging:visit", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether it will not take place any more, or has."""
        return self.status in {VisitStatus.DONE, VisitStatus.CANCELLED}

    @property
    def opens_at(self) -> datetime:
        """When the team may begin to note."""
        return self.starts_at - EARLY

    @property
    def takes_answer(self) -> bool:
        """Whether the applicant may still confirm it or ask for another time."""
        return not self.is_over and timezone.now() < self.starts_at

    def is_open(self) -> bool:
        """Whether the team may note something now: from its start to the close of the round."""
        now = timezone.now()
        return not self.is_over and self.opens_at <= now < self.round.stage.closes_for()

    def become(self, status: VisitStatus) -> None:
        """Follow NEXT_VISIT_STATUSES, in memory; the caller saves."""
        if status not in NEXT_VISIT_STATUSES[VisitStatus(self.status)]:
            raise DomainError(_("This visit can no longer change that way."))
        self.status = status


class VisitMember(models.Model):
    """A judge in the team of a visit; one of them leads it."""

    visit = models.ForeignKey(
        SiteVisit, on_delete=models.CASCADE, related_name="members", verbose_name=_("visit")
    )
    judge = models.ForeignKey(
        Judge, on_delete=models.PROTECT, related_name="visits", verbose_name=_("judge")
    )
    leads = models.BooleanField(_("leads the team"), default=False)

    class Meta:
        verbose_name = _("member of the team")
        verbose_name_plural = _("members of the team")
        ordering = ["visit", "-leads", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "judge"], name="visit_member_once"),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(leads=True), name="visit_led_by_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.judge)


class Seen(models.TextChoices):
    """What the team says to a line that is no figure."""

    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")
    UNSEEN = "unseen", _("could not be checked")


class VisitAnswer(models.Model):
    """What the team found on one line of the check list; locked when the visit is done."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(VisitItem, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField(max_length=6, choices=Seen.choices, blank=True)
    figure = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    comment = models.TextField(blank=True, max_length=2000)
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer of a visit")
        verbose_name_plural = _("answers of visits")
        ordering = ["visit", "item__position"]
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="visit_answer_once")]

    def __str__(self) -> str:
        return f"{self.visit} · {self.item}"

    @property
    def is_given(self) -> bool:
        """Whether it answers the line; a comment alone does not."""
        return bool(self.value) or self.figure is not None


class Finding(models.Model):
    """Something the team saw, with photos; locked when the visit is done."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="findings")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(_("what you saw"), max_length=4000)
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("criterion"),
    )
    made_by = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["visit", "pk"]

    def __str__(self) -> str:
        return f"{self.visit} · {self.pk}"


def visit_photo_path(photo: "VisitPhoto", filename: str) -> str:
    """Keep a photo under its token alone."""
    return f"visits/{photo.token}.jpg"


class VisitPhoto(models.Model):
    """A private photo of a finding, drawn anew, so that it says nothing of the place or the camera."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="photos")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    image = models.FileField(upload_to=visit_photo_path, max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("photo of a visit")
        verbose_name_plural = _("photos of visits")
        ordering = ["finding", "pk"]

    def __str__(self) -> str:
        return str(self.token)


class VisitLeaf(models.Model):
    """What the ledger holds of a visit that is done; the chain carries `sha256` and nothing more."""

    visit = models.OneToOneField(SiteVisit, on_delete=models.PROTECT, related_name="leaf")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    salt = models.CharField(max_length=64)
    sha256 = models.CharField(_("fingerprint"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("leaf of a visit")
        verbose_name_plural = _("leaves of visits")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sha256
