"""Juries, their members, what they agree to, and the interests that bar them."""

from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation, User
from accounts.names import name_key
from common.localized import LocalizedField
from nominations.models import Category, Entry
from seasons.models import Season


class JuryKind(models.TextChoices):
    """Who sits on a jury."""

    EXPERT = "expert", _("expert jury")
    PUBLIC = "public", _("public jury")
    REVIEW = "review", _("review panel")


class Admission(models.TextChoices):
    """How people come onto a public jury."""

    INVITED = "invited", _("by invitation only")
    MODERATED = "moderated", _("anybody may register; organisers confirm")
    OPEN = "open", _("anybody may register; confirmed at once")


class Handout(models.TextChoices):
    """How the entries of a round come to the members of a jury."""

    ASSIGNED = "assigned", _("organisers give them out")
    NEXT = "next", _("members ask for the next one")
    ALL = "all", _("members choose among all")


class Jury(models.Model):
    """A panel of a season."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="juries", verbose_name=_("season")
    )
    slug = models.SlugField(_("short name"))
    kind = models.CharField(
        _("kind"), max_length=10, choices=JuryKind.choices, default=JuryKind.EXPERT
    )
    name = LocalizedField(_("name"))
    admission = models.CharField(
        _("members come"), max_length=10, choices=Admission.choices, default=Admission.INVITED
    )
    handout = models.CharField(
        _("entries come"),
        max_length=10,
        choices=Handout.choices,
        default=Handout.ASSIGNED,
        help_text=_("Only a public jury takes entries by itself."),
    )
    daily_limit = models.PositiveSmallIntegerField(
        _("entries a day at most"),
        null=True,
        blank=True,
        help_text=_("How many entries one member may take in 24 hours; empty means no limit."),
    )
    about = LocalizedField(
        _("what members are asked"),
        blank=True,
        long=True,
        help_text=_("Why this jury is there and its rules; shown before somebody registers."),
    )

    class Meta:
        verbose_name = _("jury")
        verbose_name_plural = _("juries")
        ordering = ["season", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="public") | Q(admission="invited", handout="assigned"),
                name="jury_registers_public_only",
                violation_error_message=_(
                    "Only a public jury takes registrations, or entries by itself."
                ),
            ),
            models.UniqueConstraint(
                fields=["season", "slug"],
                name="jury_slug_once",
                violation_error_message=_("The season has a jury with this short name already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season.code} · {self.name}"


class Background(models.TextChoices):
    """Where a judge's experience comes from."""

    PRACTITIONER = "practitioner", _("practitioner")
    ACADEMIC = "academic", _("academic")
    TECHNOLOGIST = "technologist", _("technologist")
    CONSULTANT = "consultant", _("consultant")
    CUSTOMER = "customer", _("customer representative")
    OBSERVER = "observer", _("industry observer")


def photo_path(judge: "Judge", filename: str) -> str:
    """Keep a portrait under a name nobody can guess."""
    return f"portraits/{uuid4()}.jpg"


class JudgeQuerySet(models.QuerySet["Judge"]):
    """Phrases about judges."""

    def active(self) -> Self:
        """Members who still judge."""
        return self.filter(removed_at=None)

    def public(self) -> Self:
        """Those on the published list of the jury."""
        return self.active().filter(listed=True)


class Judge(models.Model):
    """A member of a jury; what the public list says of them is theirs."""

    jury = models.ForeignKey(
        Jury, on_delete=models.CASCADE, related_name="judges", verbose_name=_("jury")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="judge_rows",
        verbose_name=_("person"),
    )
    position = models.CharField(pgettext_lazy("job", "position"), max_length=200, blank=True)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    past_employers = models.TextField(
        _("earlier employers"),
        blank=True,
        help_text=_("One a line, of the last years; not shown to the public."),
    )
    biography = LocalizedField(_("biography"), blank=True, long=True)
    photo = models.FileField(_("photo"), upload_to=photo_path, blank=True, editable=False)
    city = models.CharField(_("city"), max_length=80, blank=True)
    background = models.CharField(
        _("background"), max_length=12, choices=Background.choices, blank=True
    )
    areas = models.ManyToManyField(
        Category,
        blank=True,
        related_name="experts",
        verbose_name=_("areas"),
        help_text=_("Categories the judge knows well."),
    )
    languages = models.CharField(
        _("languages"),
        max_length=100,
        blank=True,
        help_text=_("Codes of the languages the judge reads, for example: ru, en, zh."),
    )
    load_limit = models.PositiveSmallIntegerField(
        _("entries at most"),
        null=True,
        blank=True,
        help_text=_("In one round; empty means as many as the round says."),
    )
    available = models.BooleanField(
        _("available"),
        default=True,
        help_text=_("Who is not available gets no more entries."),
    )
    chair = models.BooleanField(_("chair"), default=False)
    listed = models.BooleanField(_("on the public list"), default=True)
    since = models.DateTimeField(_("since"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    removal_reason = models.TextField(_("reason of the removal"), blank=True)
    violation = models.BooleanField(_("violated the agreement"), default=False, editable=False)

    objects = JudgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("judge")
        verbose_name_plural = _("judges")
        ordering = ["jury", "user__full_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["jury", "user"],
                name="judge_once_per_jury",
                violation_error_message=_("This person is on the jury already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keys that employers are compared by."""
        super().save(*args, **kwargs)
        fields = kwargs.get("update_fields")
        if fields is None or {"employer", "past_employers"} & set(fields):
            self.keep_employments()

    def keep_employments(self) -> None:
        """One row for each employer that is named, now or earlier."""
        names = [(self.employer, False)]
        names += [(name, True) for name in self.past_employers.splitlines()]
        wanted = {(name_key(name), past) for name, past in names if name_key(name)}
        if wanted != set(self.employments.values_list("name_key", "past")):
            self.employments.all().delete()
            for key, past in sorted(wanted):
                self.employments.create(name_key=key, past=past)

    def reads(self) -> set[str]:
        """Languages the judge reads, by their short codes."""
        return {code.strip().lower().split("-")[0] for code in self.languages.split(",")} - {""}


class Agreement(models.Model):
    """The confidentiality agreement of a season; a new version asks everybody again."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="agreements", verbose_name=_("season")
    )
    version = models.CharField(_("version"), max_length=20)
    text = LocalizedField(_("text"), long=True)
    since = models.DateTimeField(_("in force since"), auto_now_add=True)

    class Meta:
        verbose_name = _("confidentiality agreement")
        verbose_name_plural = _("confidentiality agreements")
        ordering = ["season", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "version"],
                name="agreement_version_once",
                violation_error_message=_("The season has this version already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.season.code} · {self.version}"


class Consent(models.Model):
    """A judge accepted one version of the agreement; the hash says which words, in which language."""

    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("confidentiality agreement"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("person"),
    )
    language = models.CharField(_("language"), max_length=10)
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [models.UniqueConstraint(fields=["agreement", "user"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.agreement}"


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Phrases about conflicts."""

    def of(self, user: User | AnonymousUser) -> Self:
        """The conflicts of one person that hold."""
        return self.in_force().filter(user=user) if isinstance(user, User) else self.none()

    def in_force(self) -> Self:
        """Those that nobody lifted."""
        return self.filter(lifted_at=None)


class Conflict(models.Model):
    """An interest that bars a person, judge or organiser, from an entry or from all of an organisation's."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="conflicts",
        verbose_name=_("person"),
    )
    entry = models.ForeignKey(
        Entry,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conflicts",
        verbose_name=_("entry"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conflicts",
        verbose_name=_("organisation"),
    )
    reason = models.TextField(_("reason"))
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("declared by"),
    )
    declared_at = models.DateTimeField(_("declared"), auto_now_add=True)
    lift_reason = models.TextField(_("reason to lift it"), blank=True)
    lift_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked to lift it"),
    )
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lifted by"),
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["-declared_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry=None, organisation__isnull=False)
                | Q(entry__isnull=False, organisation=None),
                name="conflict_names_one_thing",
                violation_error_message=_("Name either an entry or an organisation."),
            ),
            models.UniqueConstraint(
                fields=["user", "entry"],
                condition=Q(lifted_at=None),
                name="conflict_once_per_entry",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(lifted_at=None),
                name="conflict_once_per_organisation",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | (
                    Q(lifted_at__isnull=False, lift_asked_by__isnull=False, lifted_by__isnull=False)
                    & ~Q(lifted_by=F("lift_asked_by"))
                    & ~Q(lifted_by=F("user"))
                    & ~Q(lift_asked_by=F("user"))
                ),
                name="conflict_lifted_by_two_others",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ⨯ {self.entry or self.organisation}"
