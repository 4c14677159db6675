"""What the jury said, for the nominee alone."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from nominations.models import Entry
from seasons.models import Stage


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Phrases about feedback."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of own entries; whether its date has come is compared with `stage.opens_at`."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(
            Exists(user.memberships.filter(organisation=OuterRef("entry__organisation_id")))
        )


class Feedback(models.Model):
    """Marks and comments of the jury for an entry's own nominee; made by the last release."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("entry")
    )
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("shown from")
    )
    content = models.JSONField(_("marks and comments"), encoder=DjangoJSONEncoder)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    read_at = models.DateTimeField(_("first read"), null=True, blank=True)
    question = models.TextField(_("question to the organisers"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["entry"]

    def __str__(self) -> str:
        return self.entry.number


class EarlierFeedback(models.Model):
    """What feedback said while it could be read, before a changed result; never rewritten."""

    feedback = models.ForeignKey(
        Feedback, on_delete=models.PROTECT, related_name="earlier", verbose_name=_("feedback")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("marks and comments"), encoder=DjangoJSONEncoder)
    read_at = models.DateTimeField(_("first read"), null=True)
    replaced_at = models.DateTimeField(_("replaced"))

    class Meta:
        verbose_name = _("earlier feedback")
        verbose_name_plural = _("earlier feedback")
        ordering = ["feedback", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "version"], name="earlier_feedback_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.feedback} ({self.version})"
