"""What the jury said, for the nominee alone, without a trace of who said it.

Letters stand for judges; they are dealt by a keyed hash of the scorecard, anew for each entry and
round, so that neither their order nor their return elsewhere tells anything. Comments are
shuffled by another hash and carry no letter.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from audit.services import record
from judging.corrections import current_marks
from judging.models import Band, Criterion, Dimension, Round, Way
from nominations.models import Entry, Nomination
from results.models import Feedback, OutcomeRule, ReleaseState
from results.services.collecting import candidates, submitted_scorecards
from results.services.reckoning import Cohorts, Means, places_of, strengths_and_gaps
from results.services.versions import follow
from results.traces import Traces
from seasons.models import Season, StageKind

FORMAT = 2
LEAST_FOR_LETTERS = 3
LEAST_FOR_AVERAGE = 2
BATCH = 200
CENT = Decimal("0.01")


@dataclass
class Sheet:
    """One scorecard's words and numbers, with its marks by criterion."""

    pk: int
    round_id: int
    total: Decimal
    comment: str
    marks: dict[int, tuple[Decimal | None, str]] = field(default_factory=dict)


@transaction.atomic
def create_feedback(season: Season, *, early: bool = False) -> int:
    """Freeze feedback for every judged entry of the season that has none; return how many.

    What has been frozen before follows what changed since. `early` leaves out what an outcome that is
    not public yet is about: entries that still compete for it, and its standing.
    """
    stage = season.stages.filter(kind=StageKind.FEEDBACK).order_by("opens_at").first()
    if stage is None:
        return 0
    scored = Scored(season)
    waiting = list(season.outcome_rules.exclude(pk__in=released_rules(season))) if early else []
    told = season.outcome_rules.exclude(pk__in=[rule.pk for rule in waiting])
    getting = list(without_rivals(scored.entries, waiting))
    known = held(getting)
    for part in frozen(scored, getting, told):
        Feedback.objects.bulk_create(
            Feedback(entry=entry, stage=stage, content=content)
            for entry, content in part
            if entry.pk not in known
        )
        for entry, content in part:
            if entry.pk in known:
                follow(known[entry.pk], content, scored.traces)
    return len(getting) - len(known)


@transaction.atomic
def refresh_feedback(nomination: Nomination) -> int:
    """Have the feedback of a nomination follow its changed result; return how much of it changed."""
    season = nomination.season
    scored = Scored(season)
    public = released_rules(season)
    waiting = list(season.outcome_rules.exclude(pk__in=public))
    judged = list(without_rivals(scored.entries.filter(nomination=nomination), waiting))
    known = held(judged)
    told = season.outcome_rules.filter(pk__in=public)
    getting = [entry for entry in judged if entry.pk in known]
    return sum(
        follow(known[entry.pk], content, scored.traces)
        for part in frozen(scored, getting, told)
        for entry, content in part
    )


def without_rivals(entries: QuerySet[Entry], waiting: Iterable[OutcomeRule]) -> QuerySet[Entry]:
    """Without those that compete for an outcome which is not public yet."""
    for rule in waiting:
        entries = entries.exclude(pk__in=candidates(rule).values("pk"))
    return entries


def held(entries: Iterable[Entry]) -> dict[int, Feedback]:
    """The feedback these entries have, held until the end of the transaction."""
    rows = (
        Feedback.objects.select_for_update(of=("self",))
        .filter(entry__in=entries)
        .select_related("stage", "entry__organisation", "entry__nomination__season")
    )
    return {row.entry_id: row for row in rows.order_by("pk")}


class Scored:
    """The rounds of a season, the scorecards that count in them, and the entries these are about."""

    def __init__(self, season: Season) -> None:
        self.season = season
        self.rounds = list(season.rounds.order_by("stage__opens_at", "pk"))
        self.scorecards = submitted_scorecards(self.rounds)
        scored = self.scorecards.values("assignment__entry")
        self.entries = Entry.objects.filter(pk__in=scored).order_by("pk")
        self.traces = Traces(season)


def frozen(
    scored: Scored, entries: Sequence[Entry], told: QuerySet[OutcomeRule]
) -> Iterator[list[tuple[Entry, dict[str, Any]]]]:
    """What these entries read of the season as it stands now, with the outcomes that are told."""
    if not entries:
        return
    cohorts = cohorts_of(scored.scorecards, list(scored.entries))
    places = places_of(told)
    rubrics = {
        round_.pk: dimensions_of(round_) if round_.way == Way.SCORECARD else []
        for round_ in scored.rounds
    }
    traces = scored.traces
    for start in range(0, len(entries), BATCH):
        part = entries[start : start + BATCH]
        sheets = sheets_of(scored.scorecards, part)
        yield [
            (
                entry,
                content_of(entry, scored.rounds, rubrics, sheets[entry.pk], traces, cohorts)
                | {"standings": places.get(entry.pk, [])},
            )
            for entry in part
        ]


def cohorts_of(scorecards: Any, entries: Sequence[Entry]) -> Cohorts:
    """The means of all judged entries, those that have their feedback already included."""
    cohorts = Cohorts()
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        sheets = sheets_of(scorecards, batch)
        for entry in batch:
            cohorts.add(entry.nomination_id, means_of(sheets[entry.pk]))
    return cohorts


def means_of(sheets: Iterable[Sheet]) -> Means:
    """The mean mark of each criterion that at least one judge has marked."""
    values: dict[int, list[Decimal]] = defaultdict(list)
    for sheet in sheets:
        for criterion, (value, _comment) in sheet.marks.items():
            if value is not None:
                values[criterion].append(value)
    return {
        criterion: mean for criterion, some in values.items() if (mean := average(some)) is not None
    }


def dimensions_of(round_: Round) -> list[Dimension]:
    """The round's rubric with its criteria and bands at hand."""
    return list(
        Dimension.objects.filter(rubric=round_.rubric_id)
        .order_by("position")
        .prefetch_related("criteria__bands", "criteria__part_of", "criteria__phase")
    )


def sheets_of(scorecards: Any, entries: Sequence[Entry]) -> dict[int, list[Sheet]]:
    """The submitted scorecards of some entries, with their marks as they stand now, in a fixed number of queries."""
    found: dict[int, list[Sheet]] = defaultdict(list)
    by_pk: dict[int, Sheet] = {}
    rows = (
        scorecards.filter(assignment__entry__in=entries)
        .with_current()
        .values_list(
            "pk", "assignment__round_id", "assignment__entry_id", "current_total", "comment"
        )
    )
    for pk, round_id, entry_id, total, comment in rows:
        by_pk[pk] = Sheet(pk=pk, round_id=round_id, total=total, comment=comment)
        found[entry_id].append(by_pk[pk])
    for scorecard_id, marks in current_marks(by_pk).items():
        for criterion_id, mark in marks.items():
            by_pk[scorecard_id].marks[criterion_id] = (mark.value, mark.comment)
    return found


def content_of(  # noqa: PLR0917
    entry: Entry,
    rounds: Iterable[Round],
    rubrics: dict[int, list[Dimension]],
    sheets: Iterable[Sheet],
    traces: Traces,
    cohorts: Cohorts,
) -> dict[str, Any]:
    """What is frozen for one entry."""
    by_round: dict[int, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_round[sheet.round_id].append(sheet)
    return {
        "format": FORMAT,
        "entry": entry.number,
        "rounds": [
            round_content(entry, round_, rubrics[round_.pk], by_round[round_.pk], traces, cohorts)
            for round_ in rounds
            if by_round[round_.pk]
        ],
    }


def round_content(  # noqa: PLR0917
    entry: Entry,
    round_: Round,
    dimensions: Iterable[Dimension],
    sheets: list[Sheet],
    traces: Traces,
    cohorts: Cohorts,
) -> dict[str, Any]:
    """One round: an average only of several scorecards, letters only where they hide somebody."""
    dealt = shuffled(sheets, f"letters:{round_.slug}:{entry.number}")
    letters = (
        [letter(index) for index in range(len(dealt))] if len(dealt) >= LEAST_FOR_LETTERS else []
    )
    comments = [sheet.comment for sheet in dealt if sheet.comment.strip()]
    groups = [
        {
            "name": dict(dimension.name),
            "criteria": [
                criterion_content(entry, criterion, dealt, letters, traces, cohorts)
                for criterion in dimension.criteria.all()
            ],
        }
        for dimension in dimensions
    ]
    return {
        "slug": round_.slug,
        "name": dict(round_.name),
        "judges": len(dealt),
        "average": number(average([sheet.total for sheet in dealt]))
        if len(dealt) >= LEAST_FOR_AVERAGE
        else None,
        "letters": letters,
        "totals": [number(sheet.total) for sheet in dealt] if letters else [],
        "dimensions": groups,
        **strengths_and_gaps(one for group in groups for one in group["criteria"]),
        "comments": anonymous(comments, f"comments:{round_.slug}:{entry.number}", traces),
    }


def criterion_content(  # noqa: PLR0917
    entry: Entry,
    criterion: Criterion,
    dealt: list[Sheet],
    letters: list[str],
    traces: Traces,
    cohorts: Cohorts,
) -> dict[str, Any]:
    """One criterion: its average, the band the average is in, each letter's mark, the comments.

    Without letters nothing is told that follows from a single mark: its average would be that mark,
    and its band and quarter would say nearly as much.
    """
    bands = sorted(criterion.bands.all(), key=lambda band: band.low)
    marks = [sheet.marks.get(criterion.pk, (None, "")) for sheet in dealt]
    values = [value for value, _comment in marks if value is not None]
    mean = average(values)
    tells = bool(letters) or len(values) >= LEAST_FOR_AVERAGE
    grouped = {}
    if criterion.part_of is not None:
        grouped["part_of"] = dict(criterion.part_of.name)
    if criterion.phase is not None:
        grouped["phase"] = dict(criterion.phase.name)
    return {
        "slug": criterion.slug,
        "name": dict(criterion.name),
        "description": dict(criterion.description),
        "maximum": number(criterion.maximum),
        "answered": len(values),
        "average": number(mean) if tells else None,
        "band": band_content(bands, mean) if tells else None,
        "quartile": None
        if mean is None or not tells
        else cohorts.quartile(entry.nomination_id, criterion.pk, mean),
        "marks": [
            {"value": number(value), "band": band_content(bands, value)} for value, _said in marks
        ]
        if letters
        else [],
        "comments": anonymous(
            [comment for _value, comment in marks if comment.strip()],
            f"comments:{criterion.slug}:{entry.number}",
            traces,
        ),
        **grouped,
    }


def band_content(bands: Sequence[Band], value: Decimal | None) -> dict[str, Any] | None:
    """The band a mark is in: the highest that starts at or below it."""
    if value is None:
        return None
    reached = [index for index, band in enumerate(bands) if band.low <= value]
    if not reached:
        return None
    band = bands[reached[-1]]
    level = 1 + round(4 * reached[-1] / max(len(bands) - 1, 1))
    return {"name": dict(band.name), "descriptor": dict(band.descriptor), "level": level}


def average(values: Sequence[Decimal]) -> Decimal | None:
    """The plain mean, to cents."""
    return (sum(values, Decimal(0)) / len(values)).quantize(CENT) if values else None


def number(value: Decimal | None) -> str | None:
    """A number as JSON keeps it: 8 rather than 8.00."""
    if value is None:
        return None
    text = f"{value.quantize(CENT):f}"
    return text.rstrip("0").rstrip(".") or "0"


def letter(index: int) -> str:
    """A, B, … Z, AA, AB and so on."""
    first, second = divmod(index, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + second)


def shuffled(sheets: Iterable[Sheet], salt: str) -> list[Sheet]:
    """In an order that is always the same and that nobody without the portal's key can explain."""
    return sorted(sheets, key=lambda sheet: salted_hmac(f"feedback:{salt}", str(sheet.pk)).digest())


def anonymous(texts: Iterable[str], salt: str, traces: Traces) -> list[str]:
    """The texts without judges' names, shuffled by their own hashes."""
    cleaned = [traces.removed_from(text.strip()) for text in texts]
    return sorted(cleaned, key=lambda text: salted_hmac(f"feedback:{salt}", text).digest())


@transaction.atomic
def mark_read(feedback: Feedback, *, by: User) -> Feedback:
    """Keep when somebody of the nominee first said that it was read."""
    feedback = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if feedback.read_at is None:
        feedback.read_at = timezone.now()
        feedback.save(update_fields=["read_at"])
        record(
            "feedback.read",
            by=by,
            about=feedback,
            season=feedback.entry.nomination.season.slug,
        )
    return feedback


def released_rules(season: Season) -> QuerySet[OutcomeRule]:
    """The outcomes that are public."""
    return season.outcome_rules.filter(releases__state=ReleaseState.RELEASED)
