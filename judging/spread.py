"""How far judges are apart on an entry: totals, criteria, outliers."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median, pstdev
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from judging.corrections import CurrentMark, current_marks
from judging.models import Criterion, Round, Scorecard
from nominations.models import Entry

# Points of 100 from the middle of an entry's totals that make a scorecard an outlier.
FAR_TOTAL = 15
# The same for one criterion, as a share of its maximum.
FAR_MARK = 0.3
LEAST = 3


@dataclass
class Voice:
    """One judge's scorecard as the others may see it."""

    user_id: int
    label: str
    total: float
    corrected: bool
    comment: str
    private_note: str
    marks: dict[int, CurrentMark]
    is_own: bool = False
    is_far: bool = False


@dataclass
class Row:
    """One criterion across the judges."""

    criterion: Criterion
    cells: list[tuple[CurrentMark | None, bool, str]]
    least: Decimal | None
    most: Decimal | None

    @property
    def apart(self) -> Decimal | None:
        """The distance between the highest and the lowest mark."""
        return None if self.least is None or self.most is None else self.most - self.least


@dataclass
class EntrySpread:
    """How far judges are apart on one entry of a round."""

    entry_id: int
    totals: list[float] = field(default_factory=list)
    widest: str = ""
    widest_share: float = 0.0

    @property
    def count(self) -> int:
        return len(self.totals)

    @property
    def mean(self) -> float | None:
        return sum(self.totals) / len(self.totals) if self.totals else None

    @property
    def deviation(self) -> float:
        return pstdev(self.totals) if len(self.totals) > 1 else 0.0

    @property
    def range(self) -> float:
        return max(self.totals) - min(self.totals) if self.totals else 0.0

    @property
    def outliers(self) -> int:
        return sum(far_flags(self.totals, FAR_TOTAL))


def far_flags(values: list[float], limit: float) -> list[bool]:
    """Which values lie that far from the middle one; two alone say nothing of who is out."""
    if len(values) < LEAST:
        return [False] * len(values)
    middle = median(values)
    return [abs(value - middle) >= limit for value in values]


def letters_of(round_: Round, entry: Entry, users: Iterable[int]) -> dict[int, str]:
    """A letter for each person at the table, dealt anew for each entry, so that none can be followed."""
    salt = f"table:{round_.pk}:{entry.pk}"
    dealt = sorted(set(users), key=lambda pk: salted_hmac(salt, str(pk)).digest())
    return {pk: letter(index) for index, pk in enumerate(dealt)}


def letter(index: int) -> str:
    """A, B, … Z, AA and so on."""
    first, second = divmod(index, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + second)


def cards_of(round_: Round) -> Any:
    """Scorecards of a round that count, with their totals as they are now."""
    rows: Any = Scorecard.objects.filter(assignment__round=round_).counted().with_current()
    return rows.filter(total__isnull=False)


def voices_of(round_: Round, entry: Entry, reader: int, names: dict[int, str]) -> list[Voice]:
    """Every scorecard of an entry that counts, under the names given, the reader's own first."""
    cards = list(
        cards_of(round_).filter(assignment__entry=entry).select_related("assignment__judge")
    )
    marks = current_marks([card.pk for card in cards])
    voices = [
        Voice(
            user_id=card.assignment.judge.user_id,
            label=names.get(card.assignment.judge.user_id, "?"),
            total=float(card.current_total),
            corrected=card.current_total != card.total
            or any(mark.corrected for mark in marks.get(card.pk, {}).values()),
            comment=card.comment,
            private_note=card.private_note,
            marks=marks.get(card.pk, {}),
            is_own=card.assignment.judge.user_id == reader,
        )
        for card in cards
    ]
    for voice, far in zip(voices, far_flags([one.total for one in voices], FAR_TOTAL), strict=True):
        voice.is_far = far
    return sorted(voices, key=lambda one: (not one.is_own, one.label))


def rows_of(round_: Round, voices: list[Voice]) -> list[Row]:
    """The criteria across the judges, with marks far from the others flagged."""
    criteria = Criterion.objects.filter(dimension__rubric=round_.rubric_id).order_by(
        "dimension__position", "position", "pk"
    )
    return [row_of(criterion, voices) for criterion in criteria]


def row_of(criterion: Criterion, voices: list[Voice]) -> Row:
    """One criterion."""
    marks = [voice.marks.get(criterion.pk) for voice in voices]
    values = [one.value for one in marks if one is not None and one.value is not None]
    flags = iter(far_flags([float(one) for one in values], FAR_MARK * float(criterion.maximum)))
    cells = []
    for voice, mark in zip(voices, marks, strict=True):
        given = mark is not None and mark.value is not None
        cells.append((mark, next(flags) if given else False, voice.label))
    return Row(criterion, cells, min(values, default=None), max(values, default=None))


def spreads_of(
    round_: Round, entries: Collection[int], counted: Collection[int] | None = None
) -> list[EntrySpread]:
    """Entries of a round by disagreement, the widest first; a fixed number of queries.

    Whoever knows already which scorecards count says it, since finding out asks much.
    """
    found = {pk: EntrySpread(pk) for pk in entries}
    known: Any = Scorecard.objects.with_current().filter(pk__in=counted or [])
    cards = list(
        (cards_of(round_) if counted is None else known)
        .filter(assignment__entry__in=entries)
        .values_list("pk", "assignment__entry", "current_total")
    )
    entry_of = {pk: entry for pk, entry, _total in cards}
    for _pk, entry, total in cards:
        found[entry].totals.append(float(total))
    criteria = Criterion.objects.filter(dimension__rubric=round_.rubric_id).in_bulk()
    by_place: dict[tuple[int, int], list[float]] = defaultdict(list)
    for card, marks in current_marks(entry_of).items():
        for criterion, mark in marks.items():
            if mark.value is not None and criterion in criteria:
                by_place[entry_of[card], criterion].append(float(mark.value))
    for (entry, criterion), values in by_place.items():
        share = (max(values) - min(values)) / float(criteria[criterion].maximum)
        if share > found[entry].widest_share:
            found[entry].widest, found[entry].widest_share = str(criteria[criterion].name), share
    return sorted(found.values(), key=lambda one: (-one.deviation, -one.range, one.entry_id))


def name_of_voice(user_id: int, letters: dict[int, str]) -> str:
    """Judge A, judge B."""
    return _("Judge %(letter)s") % {"letter": letters[user_id]}
