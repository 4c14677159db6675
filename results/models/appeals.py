"""Appeals: a nominee contests a result, an independent panel scores anew, two people decide."""

import uuid
from pathlib import PurePath
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from judging.models import Assignment
from nominations.models import Entry
from results.models.outcomes import OutcomeRule, Standing
from results.models.releases import Release


class Ground(models.TextChoices):
    """What an appeal rests on."""

    PROCEDURE = "procedure", _("the rules of the season were not followed")
    INTEREST = "interest", _("a judge had an interest in the result")
    FACTS = "facts", _("facts in the entry were overlooked or misread")
    OTHER = "other", _("something else")


class AppealStatus(models.TextChoices):
    """How far an appeal has come."""

    FILED = "filed", _("filed")
    REFUSED = "refused", _("not admissible")
    ADMITTED = "admitted", _("admitted, being reviewed")
    PROPOSED = "proposed", _("decided, waiting for a second person")
    UPHELD = "upheld", _("the result stands")
    CHANGED = "changed", _("the result is changed")
    WITHDRAWN = "withdrawn", _("withdrawn")


NEXT_APPEAL_STATUSES: dict[AppealStatus, set[AppealStatus]] = {
    AppealStatus.FILED: {AppealStatus.REFUSED, AppealStatus.ADMITTED, AppealStatus.WITHDRAWN},
    AppealStatus.ADMITTED: {AppealStatus.PROPOSED, AppealStatus.WITHDRAWN},
    AppealStatus.PROPOSED: {AppealStatus.ADMITTED, AppealStatus.UPHELD, AppealStatus.CHANGED},
    AppealStatus.REFUSED: set(),
    AppealStatus.UPHELD: set(),
    AppealStatus.CHANGED: set(),
    AppealStatus.WITHDRAWN: set(),
}
OPEN_APPEALS = [AppealStatus.FILED, AppealStatus.ADMITTED, AppealStatus.PROPOSED]


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Phrases about appeals."""

    def of_member(self, user: User | AnonymousUser) -> Self:
        """Those about one's own entries."""
        return self.filter(entry__in=Entry.objects.of_member(user).values("pk"))

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Those about entries one organises, without those a conflict hides."""
        return self.filter(entry__in=Entry.objects.organised_by(user).values("pk"))

    def closes(self, release: Release) -> Self:
        """Those that leave no room for another about a release: still open, or about that very one."""
        mine = self.filter(rule=release.rule_id).exclude(status=AppealStatus.WITHDRAWN)
        return mine.filter(Q(status__in=OPEN_APPEALS) | Q(release=release))

    def waiting(self) -> Self:
        """Those nobody has ended."""
        return self.filter(status__in=OPEN_APPEALS)


class Appeal(models.Model):
    """A nominee contests an outcome; what was written and decided is never rewritten."""

    rule = models.ForeignKey(
        OutcomeRule, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("outcome")
    )
    release = models.ForeignKey(
        Release,
        on_delete=models.PROTECT,
        related_name="appeals",
        verbose_name=_("release"),
        help_text=_("What is contested; once decided, the release it was decided about."),
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("entry")
    )
    ground = models.CharField(_("ground"), max_length=10, choices=Ground.choices)
    text = models.TextField(_("what is contested, and why"))
    status = models.CharField(
        _("status"), max_length=10, choices=AppealStatus.choices, default=AppealStatus.FILED
    )
    idempotency_key = models.UUIDField(unique=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("filed by"),
    )
    filed_at = models.DateTimeField(_("filed"))
    looked_at_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("looked at by"),
    )
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    answer = models.TextField(_("answer about admissibility"), blank=True)
    changes = models.BooleanField(_("the result changes"), default=False)
    reasons = models.TextField(_("reasons of the decision"), blank=True)
    holders = models.JSONField(
        _("who holds the outcome"), default=list, blank=True, encoder=DjangoJSONEncoder
    )
    standing = models.ForeignKey(
        Standing,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals",
        verbose_name=_("standing"),
        help_text=_("What the decision rests on."),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-filed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "entry"],
                condition=~Q(status="withdrawn"),
                name="appeal_once_per_release",
                violation_error_message=_("There is an appeal about this result already."),
            ),
            models.UniqueConstraint(
                fields=["rule", "entry"],
                condition=Q(status__in=["filed", "admitted", "proposed"]),
                name="appeal_one_open_per_outcome",
                violation_error_message=_("There is an appeal about this result already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return reverse("results:appeal", args=[self.pk])

    def become(self, status: AppealStatus) -> None:
        """Follow NEXT_APPEAL_STATUSES, in memory; the caller saves."""
        if status not in NEXT_APPEAL_STATUSES[AppealStatus(self.status)]:
            raise DomainError(_("This appeal can no longer change that way."))
        self.status = status

    @property
    def is_open(self) -> bool:
        """Whether nobody has ended it."""
        return self.status in OPEN_APPEALS


def appeal_file_path(row: "AppealFile", filename: str) -> str:
    """Keep a file under its token alone; the name people gave it is a column."""
    return f"appeals/{row.token}{PurePath(filename).suffix.lower()}"


class AppealFile(models.Model):
    """A file that came with an appeal; private to its people and the organisers."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=appeal_file_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("file of an appeal")
        verbose_name_plural = _("files of appeals")
        ordering = ["appeal", "pk"]

    def __str__(self) -> str:
        return self.name


class AppealReview(models.Model):
    """A new, independent scoring of the contested entry."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="reviews")
    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, related_name="appeal_review"
    )

    class Meta:
        verbose_name = _("review of an appeal")
        verbose_name_plural = _("reviews of appeals")
        ordering = ["appeal", "pk"]

    def __str__(self) -> str:
        return str(self.assignment)
