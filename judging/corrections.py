"""Marks as they stand now: those of the latest correction, else those that were submitted."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.keys import among
from judging.models import CorrectedMark, Correction, Mark, Scorecard


@dataclass
class CurrentMark:
    """A mark that counts; `submitted` is what stood there before it was corrected."""

    value: Decimal | None
    abstained: bool
    comment: str = ""
    submitted: Decimal | None = None
    corrected: bool = False


def current_marks(scorecards: Iterable[int]) -> dict[int, dict[int, CurrentMark]]:
    """The marks of scorecards by criterion, given their keys, in two queries or three."""
    keys = list(scorecards)
    found: dict[int, dict[int, CurrentMark]] = defaultdict(dict)
    rows = Mark.objects.filter(scorecard__in=keys).order_by("criterion")
    for card, criterion, value, abstained, comment in rows.values_list(
        "scorecard", "criterion", "value", "abstained", "comment"
    ):
        found[card][criterion] = CurrentMark(value, abstained, comment, value)
    latest = latest_corrections(keys)
    if latest:
        corrected = CorrectedMark.objects.filter(correction__in=latest.values())
        for card, criterion, value, abstained in corrected.values_list(
            "correction__scorecard", "criterion", "value", "abstained"
        ):
            mark = found[card].setdefault(criterion, CurrentMark(None, abstained=False))
            mark.corrected = (mark.value, mark.abstained) != (value, abstained)
            mark.value, mark.abstained = value, abstained
    return dict(found)


def corrected_values(
    scorecards: Any, until: datetime | None = None
) -> dict[tuple[int, int], Decimal | None]:
    """By scorecard and criterion, in one query: the mark of the last correction, where there is one.

    `until` leaves out what was corrected after a moment.
    """
    rows = CorrectedMark.objects.filter(correction__scorecard__in=scorecards)
    if until is not None:
        rows = rows.filter(correction__made_at__lte=until)
    # Each correction carries every criterion, so the last one replaces all of those before it.
    in_order = rows.order_by("correction__number")
    return {
        (card, criterion): value
        for card, criterion, value in in_order.values_list(
            "correction__scorecard", "criterion", "value"
        )
    }


def corrected_totals(scorecards: Collection[int]) -> dict[int, Decimal | None]:
    """By scorecard, in one query: the total of the last correction, where there is one.

    Of many scorecards perhaps those of others, too.
    """
    rows = Correction.objects.filter(among("scorecard", scorecards)).order_by("number")
    return dict(rows.values_list("scorecard", "total"))


def corrections_of(scorecard: Scorecard) -> list[Correction]:
    """What changed after the scorecard was submitted, the latest first."""
    return list(scorecard.corrections.prefetch_related("marks__criterion").order_by("-number"))


def latest_corrections(scorecards: Iterable[int]) -> dict[int, int]:
    """The key of the last correction of each scorecard that has one."""
    rows = Correction.objects.filter(scorecard__in=list(scorecards)).order_by("number")
    return dict(rows.values_list("scorecard", "pk"))
