"""A scorecard as a page shows it: criteria with their scale and bands, marks, what is left to do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from judging.bands import shown
from judging.figures import Figure, Suggestion, suggestions
from judging.models import (
    Band,
    Criterion,
    Dimension,
    Mark,
    Quote,
    Round,
    Rubric,
    Scorecard,
    SplitCriterion,
    TrialMark,
)
from judging.totals import scored_of, total_of

MOST_BUTTONS = 31
BAND_COLOURS = 5


@dataclass
class Line:
    """One criterion with its mark, or with what was typed and could not be saved."""

    criterion: Criterion
    mark: Mark | None = None
    value: str = ""
    abstained: bool = False
    comment: str = ""
    version: int = 0
    error: str = ""
    quotes: list[Quote] = field(default_factory=list)
    opens_comment: bool = False
    typed_quote: str = ""
    comment_low: str = ""
    comment_high: str = ""
    bands: list[dict[str, Any]] = field(default_factory=list)
    figure: Figure | None = None
    advice: list[Suggestion] = field(default_factory=list)
    split: SplitCriterion | None = None
    split_maximum: str = ""

    @property
    def answered(self) -> bool:
        """Whether it has a mark or an abstention."""
        return self.abstained or self.value != ""

    @property
    def key(self) -> str:
        """What its fields are named after."""
        return str(self.criterion.pk)

    def note_extremes(self, rubric: Rubric) -> None:
        """Note the marks at and beyond which a comment is asked for."""
        low, high = rubric.comment_at_or_below, rubric.comment_at_or_above
        self.comment_low = "" if low is None else shown(self.criterion.maximum * low / 100)
        self.comment_high = "" if high is None else shown(self.criterion.maximum * high / 100)

    @property
    def maximum(self) -> str:
        return shown(self.criterion.maximum)

    @property
    def step(self) -> str:
        return shown(self.criterion.step)

    @property
    def suggested(self) -> str:
        """The marks that guidance suggests for the entrant's figure; advice, never a limit."""
        return next((one.marks for one in self.advice if one.fits), "")

    @property
    def has_buttons(self) -> bool:
        """A button per mark while they fit; a number field beyond that."""
        return self.criterion.maximum / self.criterion.step < MOST_BUTTONS

    def options(self) -> list[dict[str, Any]]:
        """Every possible mark, coloured and named by its band."""
        made = []
        mark, step = Decimal(0), self.criterion.step
        while mark <= self.criterion.maximum:
            band = next(
                (one for one in self.bands if one["low_mark"] <= mark <= one["high_mark"]), None
            )
            made.append(
                {
                    "value": shown(mark),
                    "checked": self.value == shown(mark),
                    "band": band["number"] if band else None,
                    "band_name": band["name"] if band else "",
                }
            )
            mark += step
        return made


def band_rows(bands: list[Band]) -> list[dict[str, Any]]:
    """Bands from the highest down; colours run from 1, the lowest, to 5."""
    ordered = sorted(bands, key=lambda band: band.high)
    span = max(len(ordered) - 1, 1)
    return [
        {
            "number": 1 + round(position * (BAND_COLOURS - 1) / span),
            "low": shown(band.low),
            "high": shown(band.high),
            "low_mark": band.low,
            "high_mark": band.high,
            "name": band.name,
            "descriptor": band.descriptor,
        }
        for position, band in reversed(list(enumerate(ordered)))
    ]


@dataclass
class Sheet:
    """A whole scorecard, grouped by dimension."""

    groups: list[tuple[Dimension, list[Line]]]
    active_seconds: int = 0
    comment: str = ""
    private_note: str = ""
    version: int = 0

    @property
    def lines(self) -> list[Line]:
        return [line for _dimension, lines in self.groups for line in lines]

    @property
    def minutes(self) -> int:
        """Minutes spent, as far as the browser counted."""
        return round(self.active_seconds / 60)

    @property
    def done(self) -> int:
        return sum(line.answered for line in self.lines)

    @property
    def of(self) -> int:
        return len(self.lines)

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if not line.answered]

    @property
    def faulty(self) -> list[Line]:
        return [line for line in self.lines if line.error]


def running(
    round_: Round, marks: Iterable[Mark | TrialMark], criteria: list[Criterion] | None = None
) -> dict[str, Any]:
    """The total so far and the progress, from what is stored."""
    by_criterion = {mark.criterion_id: mark for mark in marks}
    if criteria is None:
        criteria = list(
            Criterion.objects.filter(dimension__rubric=round_.rubric_id).select_related("phase")
        )
    answered = [
        (criterion, by_criterion[criterion.pk])
        for criterion in criteria
        if criterion.pk in by_criterion
        and (by_criterion[criterion.pk].value is not None or by_criterion[criterion.pk].abstained)
    ]
    total = total_of(scored_of(criteria, {one.pk: mark.value for one, mark in answered}))
    return {
        "total": None if total is None else round(float(total), 1),
        "done": len(answered),
        "of": len(criteria),
    }


def build_sheet(
    round_: Round,
    scorecard: Scorecard | None,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[int, str] | None = None,
    figures: Mapping[str, Figure] | None = None,
) -> Sheet:
    """Lay out the rubric of a round with stored marks; `typed` values win, so that nothing is lost.

    `figures` are those of the revision, for the guidance beside the marks.
    """
    marks = {} if scorecard is None else {m.criterion_id: m for m in scorecard.marks.all()}
    quotes = defaultdict(list)
    for quote in [] if scorecard is None else scorecard.quotes.all():
        quotes[quote.criterion_id].append(quote)
    dimensions = (
        Dimension.objects.filter(rubric=round_.rubric_id)
        .order_by("position", "pk")
        .prefetch_related(
            "criteria__bands", "criteria__guidance", "criteria__part_of", "criteria__phase"
        )
    )
    groups = []
    for dimension in dimensions:
        ordered = sorted(dimension.criteria.all(), key=lambda one: (one.position, one.pk))
        lines = [line_of(criterion, marks.get(criterion.pk)) for criterion in ordered]
        head_splits(lines)
        for line in lines:
            line.note_extremes(round_.rubric)
            line.quotes = quotes[line.criterion.pk]
            advise(line, figures or {})
            line.error = (errors or {}).get(line.criterion.pk, "")
            overlay(line, typed)
        groups.append((dimension, lines))
    sheet = Sheet(groups)
    if scorecard is not None:
        sheet.comment, sheet.private_note = scorecard.comment, scorecard.private_note
        sheet.version = scorecard.version
        sheet.active_seconds = scorecard.active_seconds
    if typed is not None:
        sheet.comment = typed.get("comment", sheet.comment)
        sheet.private_note = typed.get("private_note", sheet.private_note)
    return sheet


def line_of(criterion: Criterion, mark: Mark | None) -> Line:
    """A criterion with what is stored."""
    line = Line(criterion, mark, bands=band_rows(list(criterion.bands.all())))
    if mark is not None:
        line.value = "" if mark.value is None else shown(mark.value)
        line.abstained, line.comment, line.version = mark.abstained, mark.comment, mark.version
    return line


def head_splits(lines: list[Line]) -> None:
    """Let the first sub-item of each split criterion bring its heading and the sum of its maxima."""
    headed = None
    for line in lines:
        split = line.criterion.part_of
        if split is not None and split != headed:
            items = [one.criterion for one in lines if one.criterion.part_of_id == split.pk]
            line.split, line.split_maximum = split, shown(sum_of_maxima(items))
        headed = split


def sum_of_maxima(criteria: Iterable[Criterion]) -> Decimal:
    """The best mark of a split criterion."""
    return sum((one.maximum for one in criteria), Decimal(0))


def advise(line: Line, figures: Mapping[str, Figure]) -> None:
    """Put the entrant's own figure and the guidance beside a criterion."""
    line.figure = figures.get(line.criterion.measure_prompt)
    line.advice = suggestions(line.criterion.guidance.all(), line.figure)


def overlay(line: Line, typed: Mapping[str, str] | None) -> None:
    """Show what was typed over what is stored."""
    if typed is None:
        return
    pk = line.criterion.pk
    line.comment = typed.get(f"comment-{pk}", line.comment)
    line.typed_quote = typed.get(f"quote-{pk}", "") if line.error else ""
    raw = typed.get(f"mark-{pk}")
    if raw is not None:
        line.abstained = f"abstain-{pk}" in typed or (line.has_buttons and raw == "")
        line.value = "" if line.abstained else raw.strip()
