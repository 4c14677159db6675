"""Which nominations a judge may say a preference of, and what they said."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from judging.models import Bid, Judge, Round
from nominations.models import Nomination
from seasons.models import Season


@dataclass(frozen=True)
class Choice:
    """A nomination with what the judge said of it."""

    nomination: Nomination
    wish: str


def rounds_asking() -> QuerySet[Round]:
    """Rounds that ask and have not opened."""
    return Round.objects.filter(asks_preferences=True, stage__opens_at__gt=timezone.now())


def asking(user: User, season: Season) -> QuerySet[Round]:
    """Those of the judge's juries."""
    seats = Judge.objects.active().filter(user=user, jury__season=season)
    return rounds_asking().filter(season=season, juries__in=seats.values("jury")).distinct()


def nominations_of(rounds: QuerySet[Round]) -> QuerySet[Nomination]:
    """What these rounds judge: the nominations they name, or all of the season."""
    named = Round.nominations.through._default_manager
    all_of = rounds.filter(~Exists(named.filter(round=OuterRef("pk"))))
    return Nomination.objects.filter(
        Q(pk__in=named.filter(round__in=rounds.values("pk")).values("nomination"))
        | Q(season__in=all_of.values("season"))
    ).order_by("number")


def choices_of(user: User, season: Season) -> list[Choice]:
    """The nominations to speak of; nothing of an entry or an applicant."""
    said = dict(
        Bid.objects.filter(judge__user=user, judge__jury__season=season).values_list(
            "nomination", "wish"
        )
    )
    rows = nominations_of(asking(user, season)).select_related("category")
    return [Choice(nomination, said.get(nomination.pk, "can")) for nomination in rows]
