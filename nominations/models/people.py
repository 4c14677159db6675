"""People who work on an entry together: invitations, comments, who writes what right now."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from nominations.models.entries import Entry, ShareRole
from nominations.models.prompts import Prompt


class EntryInvitation(Invitation):
    """Somebody is asked by mail to work on one entry."""

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("entry")
    )
    role = models.CharField(_("role"), max_length=10, choices=ShareRole.choices)

    class Meta(Invitation.Meta):
        verbose_name = _("invitation to an entry")
        verbose_name_plural = _("invitations to entries")


class Comment(models.Model):
    """A remark of somebody who works on the entry, about the whole or one answer; no jury sees it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="comments")
    prompt = models.ForeignKey(
        Prompt, on_delete=models.CASCADE, null=True, blank=True, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entry_comments"
    )
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    resolved_at = models.DateTimeField(_("settled"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["entry", "written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.author}"


class Presence(models.Model):
    """Somebody has the entry's essay open, and writes at a prompt; true for a minute."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    prompt = models.ForeignKey(
        Prompt, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(fields=["entry", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.user}"


class DiscussionRead(models.Model):
    """When somebody last had the discussion of an entry in front of them."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="discussion_reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of a discussion")
        verbose_name_plural = _("readings of discussions")
        constraints = [
            models.UniqueConstraint(fields=["entry", "user"], name="discussion_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry.number} · {self.user}"
