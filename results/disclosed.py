"""What a season discloses of its judging: no name, no order, no group under three."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from judging.models import (
    Assignment,
    AssignmentStatus,
    Conflict,
    CorrectedMark,
    Judge,
    Mark,
    Round,
    Scorecard,
)
from nominations.models import Entry
from results.models import Disclosure, OutcomeRule, PublishedResult, ReleaseState
from seasons.models import Season

LEAST = 3


@dataclass
class Disclosed:
    """Rows as the page, the CSV and the JSON show them; None is what the season keeps to itself."""

    marks: list[dict[str, Any]] | None = None
    votes: list[dict[str, Any]] | None = None
    counts: dict[str, int] | None = None
    withheld: int = 0
    rounds: dict[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """What the JSON file holds."""
        return {"marks": self.marks, "votes": self.votes, "counts": self.counts}


def is_over(season: Season) -> bool:
    """Whether every outcome of the season is released, and none was taken back since."""
    rules = OutcomeRule.objects.filter(season=season)
    open_ = rules.exclude(releases__state=ReleaseState.RELEASED)
    return rules.exists() and not open_.exists()


def disclosed_at_all(season: Season) -> bool:
    """Whether something is chosen, and its moment has come."""
    chosen = Disclosure.objects.filter(Q(marks=True) | Q(votes=True) | Q(counts=True))
    return chosen.filter(season=season).exists() and is_over(season)


def disclosed(season: Season) -> Disclosed | None:
    """What may be shown now; None as long as an outcome is not public, or nothing is chosen."""
    choice = Disclosure.objects.filter(season=season).first()
    if choice is None or not disclosed_at_all(season):
        return None
    rounds = list(Round.objects.filter(season=season).order_by("stage__opens_at", "slug"))
    shown = Disclosed(rounds={one.slug: one.name for one in rounds})
    if choice.marks:
        shown.marks, shown.withheld = marks_of(season, rounds)
    if choice.votes:
        shown.votes = votes_of(rounds)
    if choice.counts:
        shown.counts = counts_of(season)
    return shown


def marks_of(season: Season, rounds: list[Round]) -> tuple[list[dict[str, Any]], int]:
    """Marks of the published entries per criterion, from the lowest up; groups under three are left out."""
    names = {
        row.entry_id: row.nominee_name or row.organisation_name
        for row in PublishedResult.objects.filter(season=season)
    }
    cards = Scorecard.objects.filter(assignment__round__in=rounds).counted()
    cards = cards.filter(assignment__entry__in=names)
    found: dict[tuple[Any, ...], list[Decimal]] = defaultdict(list)
    corrected = {
        (scorecard, criterion): value
        for scorecard, criterion, value in CorrectedMark.objects.filter(
            correction__scorecard__in=cards.values("pk")
        )
        .order_by("correction__number")
        .values_list("correction__scorecard", "criterion", "value")
    }
    rows = Mark.objects.filter(scorecard__in=cards.values("pk")).values_list(
        "scorecard",
        "criterion",
        "value",
        "scorecard__assignment__round__slug",
        "scorecard__assignment__entry__nomination__number",
        "scorecard__assignment__entry",
        "criterion__slug",
    )
    for card, criterion, value, round_, nomination, entry, slug in rows:
        mark = corrected.get((card, criterion), value)
        if mark is not None:
            found[round_, nomination, names[entry], entry, slug].append(mark)
    kept = [
        {
            "round": key[0],
            "nomination": key[1],
            "nominee": key[2],
            "criterion": key[4],
            "marks": [f"{value.normalize():f}" for value in sorted(values)],
        }
        for key, values in sorted(found.items())
        if len(values) >= LEAST
    ]
    return kept, len(found) - len(kept)


def votes_of(rounds: list[Round]) -> list[dict[str, Any]]:
    """On how many scorecards each round rests, by nomination, where it is three or more."""
    cards = Scorecard.objects.filter(assignment__round__in=rounds).counted()
    rows = (
        cards.order_by()
        .values_list("assignment__round__slug", "assignment__entry__nomination__number")
        .annotate(scorecards=Count("pk"), judges=Count("assignment__judge", distinct=True))
    )
    return [
        {"round": slug, "nomination": number, "scorecards": total, "judges": judges}
        for slug, number, total, judges in sorted(rows)
        if judges >= LEAST
    ]


def counts_of(season: Season) -> dict[str, int]:
    """How often somebody stood aside; nobody is named."""
    assignments = Assignment.objects.filter(round__season=season)
    entries = Entry.objects.filter(nomination__season=season)
    return {
        "conflicts": Conflict.objects.filter(entry__in=entries).count(),
        "recusals": assignments.filter(status=AssignmentStatus.RECUSED).count(),
        "withdrawn": assignments.filter(status=AssignmentStatus.WITHDRAWN).count(),
        "removed": Judge.objects.filter(jury__season=season, removed_at__isnull=False).count(),
    }
