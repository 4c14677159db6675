"""What an organiser lets entrants read of the comments of the jury."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from judging.models import Round
from nominations.models import Entry


class CommentState(models.TextChoices):
    """What is decided about a comment."""

    WAITING = "waiting", _("to be looked at")
    SHOWN = "shown", _("shown")
    EDITED = "edited", _("shown as edited")
    HELD = "held", _("held back")


class JuryCommentQuerySet(models.QuerySet["JuryComment"]):
    """Phrases about comments."""

    def organised_by(self, user: User | AnonymousUser) -> Self:
        """Those on entries the person runs and no conflict hides."""
        return self.filter(entry__in=Entry.objects.organised_by(user).values("pk"))

    def decided(self) -> Self:
        """Those somebody has looked at."""
        return self.exclude(state=CommentState.WAITING)


class JuryComment(models.Model):
    """A comment as entrants would read it, known by its text: another text is looked at anew.

    No criterion means that it is about the whole entry. Who wrote it is not kept here.
    """

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="jury_comments", verbose_name=_("entry")
    )
    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="jury_comments", verbose_name=_("round")
    )
    criterion = models.SlugField(_("criterion"), blank=True)
    sha256 = models.CharField(max_length=64)
    text = models.TextField(_("comment"))
    state = models.CharField(
        _("state"), max_length=8, choices=CommentState.choices, default=CommentState.WAITING
    )
    shown = models.TextField(_("text that is shown instead"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("looked at by"),
    )
    decided_at = models.DateTimeField(_("looked at"), null=True)

    objects = JuryCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment of the jury")
        verbose_name_plural = _("comments of the jury")
        ordering = ["entry__number", "round", "criterion", "sha256"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "round", "criterion", "sha256"], name="jury_comment_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | ~Q(reason=""), name="jury_comment_held_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="edited") & ~Q(shown="") | ~Q(state="edited") & Q(shown=""),
                name="jury_comment_edited_has_text",
            ),
        ]

    def __str__(self) -> str:
        return self.entry.number
