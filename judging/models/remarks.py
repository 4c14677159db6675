"""What the jury of a round says to each other about an entry."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from judging.models.rounds import Round
from nominations.barriers import barred
from nominations.models import Entry

LONGEST = 4000


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Phrases about remarks."""

    def without_closed_to(self, user: User | AnonymousUser) -> Self:
        """Those about entries that no conflict hides from the person."""
        if not isinstance(user, User):
            return self.none()
        return self.exclude(entry__in=Entry.objects.filter(barred(user)).values("pk"))


class Remark(models.Model):
    """Plain words of a judge or a chair in the discussion of an entry; kept as they were said."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("round")
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("entry")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    text = models.TextField(_("text"), max_length=LONGEST)
    said_at = models.DateTimeField(_("said"))
    key = models.UUIDField(unique=True, editable=False)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark of the jury")
        verbose_name_plural = _("remarks of the jury")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_says_something")]
        indexes = [models.Index(fields=["round", "entry"], name="remark_of_entry")]

    def __str__(self) -> str:
        return f"{self.author} · {self.entry.number}"
