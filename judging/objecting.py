"""Whom entrants may object to, and until when."""

from datetime import datetime

from django.db.models import Min, QuerySet

from judging.models import ConflictRules, Judge, JuryKind, Round
from seasons.models import Season


def judges_to_object_to(season: Season) -> QuerySet[Judge]:
    """Members on the published list; a public jury is too large to be asked about by name."""
    listed = Judge.objects.public().filter(jury__season=season)
    return listed.exclude(jury__kind=JuryKind.PUBLIC).select_related("user", "jury")


def objections_end(season: Season) -> datetime | None:
    """When the time for objections ends: as the season says, else when the first round opens."""
    rules = ConflictRules.objects.filter(season=season).first()
    if rules is None or not rules.objections:
        return None
    if rules.objections_until is not None:
        return rules.objections_until
    first: datetime | None = Round.objects.filter(season=season).aggregate(
        at=Min("stage__opens_at")
    )["at"]
    return first


def takes_objections(season: Season, at: datetime) -> bool:
    """Whether entrants may object now: the season asks, and its time is not over."""
    end = objections_end(season)
    return end is not None and at < end
