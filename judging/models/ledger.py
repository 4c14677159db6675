"""What the ledger holds of scorecards, and the fingerprints of rounds that are over."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from judging.models.rounds import Round
from judging.models.scorecards import Scorecard


class Leaf(models.Model):
    """One submitted scorecard as the ledger holds it; the chain carries `sha256` and nothing more.

    The salt keeps anybody who sees the hash from trying marks against it. A correction adds a leaf;
    both databases refuse UPDATE and DELETE here.
    """

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="leaves", verbose_name=_("scorecard")
    )
    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, related_name="leaf", verbose_name=_("event")
    )
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    salt = models.CharField(max_length=64)
    sha256 = models.CharField(_("fingerprint"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("leaf of the ledger")
        verbose_name_plural = _("leaves of the ledger")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sha256


class RoundSeal(models.Model):
    """The fingerprint of all scorecards that counted when a round was over.

    What changes later makes the next seal, which says how many scorecards came, left or were
    corrected; the earlier ones stay.
    """

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="seals", verbose_name=_("round")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    root = models.CharField(_("fingerprint"), max_length=64)
    leaf_count = models.PositiveIntegerField(_("scorecards"))
    added = models.PositiveIntegerField(_("added"), default=0)
    left_out = models.PositiveIntegerField(_("no longer counted"), default=0)
    corrected = models.PositiveIntegerField(_("corrected"), default=0)
    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, related_name="+", verbose_name=_("event")
    )
    sealed_at = models.DateTimeField(_("sealed"))

    class Meta:
        verbose_name = _("seal of a round")
        verbose_name_plural = _("seals of rounds")
        ordering = ["round", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="seal_number_once_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.number}"

    @property
    def fingerprint(self) -> str:
        """The root in groups of eight, as it is read aloud and compared."""
        return " ".join(self.root[at : at + 8] for at in range(0, len(self.root), 8))


class SealedLeaf(models.Model):
    """A leaf under a seal, at its place; the places follow the hashes and tell nothing."""

    seal = models.ForeignKey(RoundSeal, on_delete=models.PROTECT, related_name="sealed")
    position = models.PositiveIntegerField()
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="sealed")

    class Meta:
        verbose_name = _("sealed scorecard")
        verbose_name_plural = _("sealed scorecards")
        ordering = ["seal", "position"]
        constraints = [
            models.UniqueConstraint(fields=["seal", "position"], name="sealed_place_once"),
            models.UniqueConstraint(fields=["seal", "leaf"], name="sealed_leaf_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seal} · {self.position}"
