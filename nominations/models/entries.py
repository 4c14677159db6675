"""Entries, their essays while they are written, and the revisions that were submitted."""

import hashlib
import json
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import MemberRole, Organisation, User
from accounts.names import name_key
from common.errors import DomainError
from nominations.barriers import barred
from nominations.models.catalogue import EntryKind, Nomination
from nominations.models.prompts import Prompt, PromptKind
from seasons.models import Season


class EntryStatus(models.TextChoices):
    """Where an entry stands before judging; finalists and laureates are outcomes, not statuses."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", pgettext_lazy("entry", "submitted")
    RETURNED = "returned", _("returned for changes")
    ADMITTED = "admitted", _("admitted")
    DISQUALIFIED = "disqualified", _("disqualified")
    WITHDRAWN = "withdrawn", _("withdrawn")


NEXT_STATUSES: dict[EntryStatus, set[EntryStatus]] = {
    EntryStatus.DRAFT: {EntryStatus.SUBMITTED, EntryStatus.WITHDRAWN},
    EntryStatus.SUBMITTED: {
        EntryStatus.SUBMITTED,
        EntryStatus.RETURNED,
        EntryStatus.ADMITTED,
        EntryStatus.DISQUALIFIED,
        EntryStatus.WITHDRAWN,
    },
    EntryStatus.RETURNED: {
        EntryStatus.SUBMITTED,
        EntryStatus.ADMITTED,
        EntryStatus.DISQUALIFIED,
        EntryStatus.WITHDRAWN,
    },
    EntryStatus.ADMITTED: {
        EntryStatus.SUBMITTED,
        EntryStatus.RETURNED,
        EntryStatus.DISQUALIFIED,
        EntryStatus.WITHDRAWN,
    },
    EntryStatus.DISQUALIFIED: {EntryStatus.ADMITTED},
    EntryStatus.WITHDRAWN: {EntryStatus.DRAFT},
}


LIVE = [EntryStatus.SUBMITTED, EntryStatus.RETURNED, EntryStatus.ADMITTED]


def counted(rows: models.QuerySet[Any], by: str) -> Coalesce:
    """Count the rows of a subquery; none is zero."""
    count = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count), 0)


class EntryQuerySet(models.QuerySet["Entry"]):
    """Phrases about entries."""

    def of_member(self, user: User | AnonymousUser) -> Self:
        """Entries of the organisations the person belongs to, and those shared with the person alone."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(
            Exists(user.memberships.filter(organisation=OuterRef("organisation_id")))
            | Exists(user.shared_entries.filter(entry=OuterRef("pk")))
        )

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Entries of one's seasons, without those a conflict of interest hides."""
        if not isinstance(user, User):
            return self.none()
        hidden = Entry.objects.filter(barred(user)).values("pk")
        organised = Season.objects.organised_by(user).values("pk")
        return self.filter(nomination__season__in=organised).exclude(pk__in=hidden)

    def vetted_by(self, user: User | AnonymousUser) -> Self:
        """Entries one may vet: as an organiser or in the vetting team, never against a conflict."""
        if not isinstance(user, User):
            return self.none()
        hidden = Entry.objects.filter(barred(user)).values("pk")
        organised = Season.objects.organised_by(user).values("pk")
        return (
            self.filter(
                Q(nomination__season__in=organised) | Q(nomination__season__vetters__user=user)
            )
            .exclude(pk__in=hidden)
            .distinct()
        )

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Own and organised entries; judges come by judging.Assignment instead."""
        own = Entry.objects.of_member(user).values("pk")
        organised = Entry.objects.organised_by(user).values("pk")
        return self.filter(Q(pk__in=own) | Q(pk__in=organised))

    def with_progress(self) -> Self:
        """Each with `asked`, `answered` (required prompts that are always asked), `revision_number`, `submitted_at`."""
        required = Prompt.objects.filter(
            nomination=OuterRef("nomination"), required=True, shown_if=None
        ).exclude(kind=PromptKind.FILE)
        answered = Answer.objects.filter(
            entry=OuterRef("pk"), prompt__required=True, prompt__shown_if=None
        )
        latest = Revision.objects.filter(entry=OuterRef("pk")).order_by("-number")
        return self.annotate(
            asked=counted(required, "nomination"),
            answered=counted(answered.exclude(text=""), "entry"),
            revision_number=Subquery(latest.values("number")[:1]),
            submitted_at=Subquery(latest.values("submitted_at")[:1]),
        )

    def submitted(self) -> Self:
        """In, and neither withdrawn nor disqualified."""
        return self.filter(status__in=LIVE)

    def counted_in_limits(self) -> Self:
        """Those that take a place where a nomination or a season takes only so many."""
        return self.exclude(status=EntryStatus.WITHDRAWN)

    def admitted(self) -> Self:
        """Admitted to judging."""
        return self.filter(status=EntryStatus.ADMITTED)


class Entry(models.Model):
    """One applicant competing in one nomination."""

    nomination = models.ForeignKey(
        Nomination, on_delete=models.PROTECT, related_name="entries", verbose_name=_("nomination")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("organisation"),
    )
    number = models.CharField(_("number"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    title = models.CharField(_("title of the project"), max_length=200, blank=True)
    nominee_name = models.CharField(_("person or team"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=EntryStatus.choices, default=EntryStatus.DRAFT
    )
    status_reason = models.TextField(_("reason"), blank=True)
    place = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "Which of the applicant's places in the nomination it takes; none if withdrawn."
        ),
    )
    code = models.ForeignKey(
        "EntryCode",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("code it came with"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="created_entries",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["nomination", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(
                condition=Q(status__in=EntryStatus.values), name="entry_status_known"
            ),
            models.UniqueConstraint(
                fields=["nomination", "organisation", "place"],
                name="entry_place_once",
                violation_error_message=_("This place of the applicant is taken."),
            ),
            models.CheckConstraint(
                condition=Q(place=None) | ~Q(status=EntryStatus.WITHDRAWN),
                name="entry_withdrawn_takes_no_place",
            ),
        ]
        indexes = [models.Index(fields=["status"], name="entry_status")]

    def __str__(self) -> str:
        return f"{self.number} · {self.display_name}"

    def get_absolute_url(self) -> str:
        return reverse("nominations:entry", args=[self.pk])

    @property
    def season(self) -> Season:
        """The season it competes in."""
        return self.nomination.season

    @property
    def display_name(self) -> str:
        """The name a reader knows it by: the person or team with its organisation, or the latter."""
        return (
            f"{self.nominee_name} ({self.organisation.name})"
            if self.nominee_name
            else self.organisation.name
        )

    def become(self, status: EntryStatus) -> None:
        """Follow NEXT_STATUSES, in memory; the caller saves."""
        if status not in NEXT_STATUSES[EntryStatus(self.status)]:
            raise DomainError(
                _("An entry that is %(old)s cannot become %(new)s.")
                % {"old": EntryStatus(self.status).label, "new": status.label}
            )
        self.status = status

    def contacts(self) -> list[User]:
        """People to write to about the entry: those who may write it."""
        of_organisation = Q(
            memberships__organisation=self.organisation_id,
            memberships__role__in=[MemberRole.OWNER, MemberRole.EDITOR],
        )
        of_entry = Q(
            shared_entries__entry=self, shared_entries__role__in=[ShareRole.EDIT, ShareRole.SUBMIT]
        )
        return list(User.objects.filter(of_organisation | of_entry, is_active=True).distinct())

    def latest_revision(self) -> "Revision | None":
        """What was submitted last, if anything."""
        return self.revisions.order_by("-number").first()


class ShareRole(models.TextChoices):
    """What somebody outside the organisation may do with one entry."""

    VIEW = "view", _("read")
    EDIT = "edit", _("read and write")
    SUBMIT = "submit", _("read, write and submit")


class EntryShare(models.Model):
    """One entry shared with a person who need not belong to its organisation."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="shared_entries",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=10, choices=ShareRole.choices)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("share of an entry")
        verbose_name_plural = _("shares of entries")
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "user"], name="entry_shared_once_with_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.user}"


class Reopening(models.Model):
    """An entry may be changed after the deadline: who allowed it, why, until when."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="reopenings")
    until = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("granted by"),
    )
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("reopening")
        verbose_name_plural = _("reopenings")
        ordering = ["entry", "-granted_at"]

    def __str__(self) -> str:
        return f"{self.entry.number} → {self.until:%Y-%m-%d %H:%M}"


class ReadyDraft(models.Model):
    """The last state of a draft that was complete; submitted at the deadline where the season says so."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="ready")
    content = models.JSONField(encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("complete since"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("complete draft")
        verbose_name_plural = _("complete drafts")

    def __str__(self) -> str:
        return self.entry.number


class ParticipantRole(models.TextChoices):
    """The part an organisation has in an entry."""

    CLIENT = "client", _("client: uses the solution")
    VENDOR = "vendor", _("vendor or integrator: made the solution")
    PARTNER = "partner", _("partner")


class Participant(models.Model):
    """An organisation that takes part in an entry, the applicant among them, with its role."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="participations",
    )
    name = models.CharField(_("organisation"), max_length=200)
    name_key = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    role = models.CharField(_("role"), max_length=10, choices=ParticipantRole.choices)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "name"],
                name="participant_once_per_entry",
                violation_error_message=_("This organisation is named already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Conflicts of interest go by the name, however it is written."""
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)


class Answer(models.Model):
    """The draft answer to one prompt; `version` grows with each save, so that no save hides another."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="answers")
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"), blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(_("saved"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["entry", "prompt__position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "prompt"], name="answer_once_per_prompt")
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.prompt.slug}"


class Revision(models.Model):
    """What was submitted, frozen and hashed; never changed afterwards."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("revision"))
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    idempotency_key = models.UUIDField(unique=True)
    submitted_at = models.DateTimeField(_("submitted"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("submitted by"),
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["entry", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.number}"

    @staticmethod
    def digest(content: dict[str, Any]) -> str:
        """SHA-256 of the canonical JSON of a content (sorted keys, UTF-8, no spaces)."""
        text = json.dumps(
            content,
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
            cls=DjangoJSONEncoder,
        )
        return hashlib.sha256(text.encode()).hexdigest()
