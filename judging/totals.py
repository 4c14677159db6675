"""The total of a scorecard, and the hash of what was marked."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from judging.scoring.rubric import combine

if TYPE_CHECKING:
    from judging.models import Criterion, Mark, Scorecard

PLACES = Decimal("0.000001")


class Scored(NamedTuple):
    """A mark with what its criterion says of it; no value means an abstention."""

    value: Decimal | None
    weight: Decimal
    maximum: Decimal


class Given(NamedTuple):
    """A mark as it was sent, with the version it was given over."""

    value: Decimal | None
    abstained: bool
    comment: str
    version: int


def scored_of(
    criteria: Iterable["Criterion"], values: Mapping[int, Decimal | None]
) -> list[Scored]:
    """Marks as they count. In a split criterion a later phase counts once each earlier is reached.

    A phase is reached when its marks come to `reached_at` per cent of the best of them; what is not
    marked, or abstained on, is left out of that as it is of the total. Marks of a phase that does
    not count yet are zero in the total, and what could be had there stays.
    """
    rows = [(one, values[one.pk]) for one in criteria if one.pk in values]
    uncounted = {one.pk for one in beyond_reach(rows)}
    return [
        Scored(Decimal(0) if one.pk in uncounted and value is not None else value, *scale_of(one))
        for one, value in rows
    ]


def scale_of(criterion: "Criterion") -> tuple[Decimal, Decimal]:
    """Its weight and its best mark."""
    return criterion.weight, criterion.maximum


def beyond_reach(rows: Iterable[tuple["Criterion", Decimal | None]]) -> list["Criterion"]:
    """Sub-items of phases that come after one that was not reached."""
    splits: dict[int, list[tuple[Criterion, Decimal | None]]] = defaultdict(list)
    for one, value in rows:
        if one.part_of_id is not None and one.phase is not None:
            splits[one.part_of_id].append((one, value))
    beyond: list[Criterion] = []
    for items in splits.values():
        blocked = False
        for position in sorted({one.phase.position for one, _value in items if one.phase}):
            step = [row for row in items if row[0].phase and row[0].phase.position == position]
            if blocked:
                beyond += [one for one, _value in step]
            blocked = blocked or not is_reached(step)
    return beyond


def is_reached(step: Iterable[tuple["Criterion", Decimal | None]]) -> bool:
    """Whether the marks of one phase come to the share that opens the next."""
    given = [(one, value) for one, value in step if value is not None]
    points = sum((value * one.weight for one, value in given), Decimal(0))
    return all(
        points * 100
        >= one.phase.reached_at
        * sum((item.maximum * item.weight for item, _v in given), Decimal(0))
        for one, _value in given
        if one.phase is not None
    )


def total_of(scored: Iterable[Scored]) -> Decimal | None:
    """Points of 100 over the criteria answered; None when there is none."""
    answered = [one for one in scored if one.value is not None]
    if not answered:
        return None
    marks = np.array([[float(one.value or 0) for one in answered]])
    weights = np.array([float(one.weight) for one in answered])
    best = np.array([float(one.maximum) for one in answered])
    return Decimal(repr(float(combine(marks, weights, best)[0]))).quantize(PLACES)


def marks_digest(scorecard: "Scorecard", marks: Iterable["Mark"]) -> str:
    """SHA-256 over the total and every mark, so that the log can prove them without telling them."""
    content = {
        "scorecard": scorecard.pk,
        "revision": scorecard.revision_id,
        "total": str(scorecard.total),
        "comment": scorecard.comment,
        "private_note": scorecard.private_note,
        "marks": sorted(
            [
                mark.criterion_id,
                None if mark.value is None else f"{mark.value:.2f}",
                mark.abstained,
                mark.comment,
            ]
            for mark in marks
        ),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
