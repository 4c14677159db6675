"""What the big screen of a ceremony shows: a nomination somebody put there, and public rows alone."""

from dataclasses import dataclass, field

from nominations.models import Nomination
from results.models import ENDED, Ceremony, OutcomeKind, PublishedResult
from results.public import by_name
from seasons.models import Season


@dataclass
class Screen:
    """The nomination on the screen; no nomination is the title."""

    nomination: Nomination | None = None
    laureates: list[PublishedResult] = field(default_factory=list)
    finalists: list[PublishedResult] = field(default_factory=list)


def on_screen(season: Season) -> Screen:
    """Read the state of the season's latest ceremony; nothing here reads what is still secret."""
    ceremony = (
        Ceremony.objects.filter(release__rule__season=season)
        .exclude(release__state__in=ENDED)
        .select_related("release__rule", "nomination__category")
        .order_by("-release__armed_at")
        .first()
    )
    if ceremony is None or ceremony.nomination is None:
        return Screen()
    rows = sorted(
        PublishedResult.objects.filter(season=season, nomination=ceremony.nomination), key=by_name
    )
    kind = ceremony.release.rule.kind
    won = [row for row in rows if row.kind == kind]
    there = {row.entry_id for row in won}
    return Screen(
        nomination=ceremony.nomination,
        laureates=won,
        finalists=[
            row for row in rows if row.kind == OutcomeKind.FINALIST and row.entry_id not in there
        ],
    )
