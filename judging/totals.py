"""The total of a scorecard, and the hash of what was marked."""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from judging.scoring.rubric import combine

if TYPE_CHECKING:
    from judging.models import Mark, Scorecard

PLACES = Decimal("0.000001")


class Scored(NamedTuple):
    """A mark with what its criterion says of it; no value means an abstention."""

    value: Decimal | None
    weight: Decimal
    maximum: Decimal


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
