"""What a season discloses of its judging: no name, no order, no group under three."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from judging.corrections import corrected_values
from judging.models import (
    Answer,
    Assignment,
    AssignmentStatus,
    Conflict,
    Judge,
    Mark,
    MeetingSummary,
    Round,
    Scorecard,
)
from nominations.models import Entry
from results.models import (
    CHOICES,
    Disclosure,
    OutcomeRule,
    PublishedResult,
    ReleaseState,
    StruckReason,
)
from results.protocols import offered
from results.traces import Traces
from seasons.models import Season

LEAST = 3
CENT = Decimal("0.01")


@dataclass
class Disclosed:
    """Rows as the page, the CSV and the JSON show them; None is what the season keeps to itself."""

    marks: list[dict[str, Any]] | None = None
    votes: list[dict[str, Any]] | None = None
    panels: list[dict[str, Any]] | None = None
    counts: dict[str, int] | None = None
    struck: dict[str, Any] | None = None
    discussions: list[dict[str, Any]] | None = None
    protocols: list[dict[str, Any]] | None = None
    withheld: int = 0
    rounds: dict[str, Any] = field(default_factory=dict)
    juries: dict[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """What the JSON file holds."""
        return {name: getattr(self, name) for name in CHOICES}


def fingerprint(reason: str) -> str:
    """What a reason for striking a ballot is known by."""
    return hashlib.sha256(reason.encode()).hexdigest()[:16]


def is_over(season: Season) -> bool:
    """Whether every outcome of the season is released, and none was taken back since."""
    rules = OutcomeRule.objects.filter(season=season)
    open_ = rules.exclude(releases__state=ReleaseState.RELEASED)
    return rules.exists() and not open_.exists()


def disclosed_at_all(season: Season) -> bool:
    """Whether something is chosen, and its moment has come."""
    anything = reduce(or_, (Q(**{name: True}) for name in CHOICES))
    return Disclosure.objects.filter(anything, season=season).exists() and is_over(season)


def shows_protocols(season: Season) -> bool:
    """Whether the protocols of the standings are open to everybody now."""
    return Disclosure.objects.filter(season=season, protocols=True).exists() and is_over(season)


def disclosed(season: Season) -> Disclosed | None:
    """What may be shown now; None as long as an outcome is not public, or nothing is chosen."""
    choice = Disclosure.objects.filter(season=season).first()
    if choice is None or not disclosed_at_all(season):
        return None
    rounds = list(Round.objects.filter(season=season).order_by("stage__opens_at", "slug"))
    turns = {one.slug: turn for turn, one in enumerate(rounds)}
    names = published_names(season)
    shown = Disclosed(
        rounds={one.slug: one.name for one in rounds},
        juries={one.slug: one.name for one in season.juries.all()},
    )
    told: dict[str, Callable[[], Any]] = {
        "marks": lambda: marks_of(names, rounds, shown),
        "votes": lambda: votes_of(rounds),
        "panels": lambda: panels_of(names, rounds),
        "counts": lambda: counts_of(season),
        "struck": lambda: struck_of(season, choice),
        "discussions": lambda: discussions_of(season, names, rounds),
        "protocols": lambda: protocols_of(season),
    }
    for name in CHOICES:
        if getattr(choice, name):
            setattr(shown, name, told[name]())
    for rows in (shown.marks, shown.votes, shown.panels):
        if rows:
            rows.sort(key=lambda row: turns[row["round"]])
    return shown


def published_names(season: Season) -> dict[int, str]:
    """By published entry: what the public calls it."""
    return {
        row.entry_id: row.nominee_name or row.organisation_name
        for row in PublishedResult.objects.filter(season=season)
    }


def marks_of(names: dict[int, str], rounds: list[Round], shown: Disclosed) -> list[dict[str, Any]]:
    """Marks of the published entries per criterion, from the lowest up; groups under three are left out."""
    cards = Scorecard.objects.filter(assignment__round__in=rounds).counted()
    cards = cards.filter(assignment__entry__in=names)
    found: dict[tuple[Any, ...], list[Decimal]] = defaultdict(list)
    corrected = corrected_values(cards.values("pk"))
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
    shown.withheld = len(found) - len(kept)
    return kept


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


def panels_of(names: dict[int, str], rounds: list[Round]) -> list[dict[str, Any]]:
    """What each jury gave each published entry on average, and its words where it said yes or no.

    Where one jury of a round is too small to be shown, none is: the rest would give it away.
    """
    cards: Any = Scorecard.objects.filter(assignment__round__in=rounds).counted().with_current()
    rows = cards.filter(assignment__entry__in=names, total__isnull=False).values_list(
        "assignment__round__slug",
        "assignment__entry__nomination__number",
        "assignment__entry",
        "assignment__judge__jury__slug",
        "current_total",
        "verdict__answer",
    )
    found: dict[tuple[str, int, int], dict[str, list[tuple[Decimal, str]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for round_, nomination, entry, jury, total, answer in rows:
        found[round_, nomination, entry][jury].append((total, answer or ""))
    told = []
    for (round_, nomination, entry), juries in sorted(found.items()):
        if min(len(given) for given in juries.values()) < LEAST:
            continue
        for jury, given in sorted(juries.items()):
            mean = sum((total for total, _answer in given), Decimal(0)) / len(given)
            words = Counter(answer for _total, answer in given if answer)
            told.append(
                {
                    "round": round_,
                    "nomination": nomination,
                    "nominee": names[entry],
                    "jury": jury,
                    "judges": len(given),
                    "average": f"{mean.quantize(CENT):f}",
                    **({word.value: words[word.value] for word in Answer} if words else {}),
                }
            )
    return told


def struck_of(season: Season, choice: Disclosure) -> dict[str, Any]:
    """How many ballots were struck, and by which reasons from three on; their own words stay inside."""
    rows = Assignment.objects.filter(round__season=season, status=AssignmentStatus.STRUCK)
    why = Counter(
        choice.reasons.get(fingerprint(reason), StruckReason.OTHER.value)
        for reason in rows.values_list("reason", flat=True)
    )
    total = sum(why.values())
    return {"ballots": total, "reasons": dict(sorted(why.items())) if total >= LEAST else {}}


def discussions_of(
    season: Season, names: dict[int, str], rounds: list[Round]
) -> list[dict[str, Any]]:
    """Summaries of closed meetings about published entries that three judges scored at least."""
    judged = {
        (round_, entry)
        for round_, entry, judges in Scorecard.objects.filter(assignment__round__in=rounds)
        .counted()
        .order_by()
        .values_list("assignment__round", "assignment__entry")
        .annotate(judges=Count("assignment__judge__user", distinct=True))
        if judges >= LEAST
    }
    rows = (
        MeetingSummary.objects.filter(
            meeting__round__in=rounds, meeting__entry__in=names, meeting__closed_at__isnull=False
        )
        .exclude(text="")
        .select_related("meeting__round", "meeting__entry__nomination")
        .order_by("meeting__entry__nomination__number", "meeting__entry__number", "meeting")
    )
    traces = Traces(season)
    return [
        {
            "round": row.meeting.round.slug,
            "nomination": row.meeting.entry.nomination.number,
            "nominee": names[row.meeting.entry_id],
            "summary": traces.removed_from(row.text),
        }
        for row in rows
        if (row.meeting.round_id, row.meeting.entry_id) in judged
    ]


def protocols_of(season: Season) -> list[dict[str, Any]]:
    """The standings behind the outcomes by their fingerprints, with the address of the protocol."""
    return [
        {
            "outcome": one.standing.rule.kind,
            "nomination": one.standing.nomination.number,
            "inputs_sha256": one.standing.inputs_sha256,
            "results_sha256": one.standing.results_sha256,
            "protocol": reverse(
                "results:protocol",
                args=[season.slug, one.standing.rule.kind, one.standing.nomination.number],
            )
            if one.open
            else None,
        }
        for one in offered(season)
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
