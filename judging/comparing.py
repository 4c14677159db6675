"""A judge's own entries of a round side by side on one criterion, and own marks against earlier ones.

Nothing of others is read here: every row starts from the judge's own assignments.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import mean
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from judging.blind import shown_content
from judging.corrections import CurrentMark, current_marks
from judging.desk import to_score
from judging.models import (
    Assignment,
    Criterion,
    Quote,
    Round,
    Scorecard,
    ScorecardStatus,
    Way,
)
from judging.seats import is_submitted
from nominations.content import readable
from nominations.models import Revision

BINS = 10
# Earlier scorecards that the histogram looks at, the newest first.
MOST_EARLIER = 500


@dataclass
class Compared:
    """One own entry on the criterion."""

    assignment: Assignment
    name: str
    title: str
    industry: str
    submitted: bool
    mark: CurrentMark | None
    quotes: list[Quote] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Bin:
    """Marks of one tenth of the scale, in this round and before."""

    low: int
    high: int
    now: int
    before: int
    now_share: int
    before_share: int


@dataclass(frozen=True)
class Spread:
    """How own marks lie on the scale, as per cent of the best."""

    bins: list[Bin]
    now: int
    before: int
    now_mean: float | None
    before_mean: float | None


def criteria_of(round_: Round) -> list[Criterion]:
    """What is marked in the round, in order."""
    return list(
        Criterion.objects.filter(dimension__rubric=round_.rubric_id)
        .select_related("dimension")
        .order_by("dimension__position", "position", "pk")
    )


def own_rows(user: User, round_: Round) -> QuerySet[Assignment]:
    """The judge's own entries of the round that they may read now."""
    readable_now = Assignment.objects.visible_to(user).values("pk")
    return (
        to_score(user)
        .filter(pk__in=readable_now, round=round_)
        .filter(entry__in=round_.entries().values("pk"))
        .select_related("entry__organisation", "entry__nomination", "scorecard", "round")
        .order_by("entry__nomination__number", "entry__number", "pk")
    )


def industries_of(round_: Round, rows: QuerySet[Assignment]) -> list[str]:
    """The industries to choose from; a round that hides the applicant shows none of them."""
    if round_.hides_applicant:
        return []
    found = rows.exclude(entry__organisation__industry="").order_by("entry__organisation__industry")
    return list(found.values_list("entry__organisation__industry", flat=True).distinct())


def compare(criterion: Criterion, rows: list[Assignment]) -> list[Compared]:
    """What the judge gave and what the entries say, for the rows of a page."""
    cards = {row.pk: row.scorecard for row in rows if hasattr(row, "scorecard")}
    marks = current_marks(card.pk for card in cards.values())
    quotes: dict[int, list[Quote]] = {}
    keys = [card.pk for card in cards.values()]
    for quote in Quote.objects.filter(scorecard__in=keys, criterion=criterion).order_by("pk"):
        quotes.setdefault(quote.scorecard_id, []).append(quote)
    revisions = revisions_of(rows, cards)
    made = []
    for row in rows:
        key = cards[row.pk].pk if row.pk in cards else 0
        mark = marks.get(key, {}).get(criterion.pk)
        made.append(compared(criterion, row, revisions.get(row.pk), mark, quotes.get(key, [])))
    return made


def revisions_of(rows: list[Assignment], cards: dict[int, Scorecard]) -> dict[int, Revision]:
    """What each row reads: the revision that was scored, or the latest while nothing is submitted."""
    latest = {
        one.entry_id: one
        for one in Revision.objects.filter(entry__in=[row.entry_id for row in rows]).order_by(
            "number"
        )
    }
    scored = Revision.objects.in_bulk(
        [card.revision_id for card in cards.values() if card.status == ScorecardStatus.SUBMITTED]
    )
    found = {}
    for row in rows:
        card = cards.get(row.pk)
        submitted = card is not None and card.status == ScorecardStatus.SUBMITTED
        revision = scored.get(card.revision_id) if card and submitted else latest.get(row.entry_id)
        if revision is not None:
            found[row.pk] = revision
    return found


def compared(
    criterion: Criterion,
    row: Assignment,
    revision: Revision | None,
    mark: CurrentMark | None,
    quotes: list[Quote],
) -> Compared:
    """One entry; answers the criterion is about come first, the others can be unfolded."""
    round_ = row.round
    shown = shown_content(round_, revision.content) if revision else None
    content = readable(shown, lambda _token: "", lambda *_page: "") if shown else None
    answers = [{**one, "files": []} for one in content["answers"]] if content else []
    about = {criterion.measure_prompt} | {quote.prompt for quote in quotes}
    return Compared(
        row,
        name=(content["nominee_name"] or content["organisation"]) if content else "",
        title=content["title"] if content else "",
        industry="" if round_.hides_applicant else row.entry.organisation.industry,
        submitted=is_submitted(row),
        mark=mark,
        quotes=quotes,
        answers=[one for one in answers if one["prompt"] in about],
        others=[one for one in answers if one["prompt"] not in about],
    )


def spread_of(user: User, round_: Round, criterion: Criterion | None) -> Spread:
    """Own marks of this round against own earlier ones: of one criterion, or totals for None.

    A criterion is the same where its short name is, in any version, in seasons of one programme.
    """
    mine = Scorecard.objects.filter(
        assignment__in=Assignment.objects.visible_to(user).values("pk"),
        assignment__round__way=Way.SCORECARD,
    )
    now = mine.filter(assignment__round=round_)
    before = mine.filter(
        status=ScorecardStatus.SUBMITTED,
        assignment__round__stage__opens_at__lt=round_.stage.opens_at,
    ).exclude(assignment__round=round_)
    if criterion is None:
        return spread(
            totals(now.filter(status=ScorecardStatus.SUBMITTED)),
            totals(before.order_by("-submitted_at")[:MOST_EARLIER]),
        )
    before = before.filter(
        assignment__round__season__programme=round_.season.programme_id,
        marks__criterion__slug=criterion.slug,
    )
    return spread(
        shares(now, criterion.slug),
        shares(before.order_by("-submitted_at")[:MOST_EARLIER], criterion.slug),
    )


def totals(cards: Any) -> list[float]:
    """Points of 100 as they stand now."""
    return [
        float(one.current_total) for one in cards.with_current() if one.current_total is not None
    ]


def shares(cards: QuerySet[Scorecard], slug: str) -> list[float]:
    """Marks on the criteria of this short name, as per cent of their maxima."""
    keys = list(cards.values_list("pk", flat=True))
    maxima = dict(
        Criterion.objects.filter(slug=slug, marks__scorecard__in=keys).values_list("pk", "maximum")
    )
    return [
        float(mark.value / maxima[pk] * 100)
        for marks in current_marks(keys).values()
        for pk, mark in marks.items()
        if pk in maxima and mark.value is not None
    ]


def spread(now: Iterable[float], before: Iterable[float]) -> Spread:
    """Count both into tenths of the scale; the best mark belongs to the last."""
    now, before = list(now), list(before)
    both = [counts(now), counts(before)]
    most = max([1, *both[0], *both[1]])
    return Spread(
        [
            Bin(
                low=at * 100 // BINS,
                high=(at + 1) * 100 // BINS,
                now=both[0][at],
                before=both[1][at],
                now_share=round(both[0][at] * 100 / most),
                before_share=round(both[1][at] * 100 / most),
            )
            for at in reversed(range(BINS))
        ],
        len(now),
        len(before),
        mean(now) if now else None,
        mean(before) if before else None,
    )


def counts(values: list[float]) -> list[int]:
    """How many values fall into each tenth."""
    found = [0] * BINS
    for value in values:
        found[min(int(Decimal(repr(value)) * BINS / 100), BINS - 1)] += 1
    return found
