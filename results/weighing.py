"""How the parts of a frozen standing make the score of an entry: weight by weight, to the cent."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from judging.scoring.blending import standardise, weights
from judging.scoring.tree import STANDARDISED, leaves_of, prune
from results.models import Standing, StandingRow

CENT = Decimal("0.01")
# Scores are kept with six decimals, and standardising stretches what is lost behind them.
NEAR = 0.001


@dataclass(frozen=True)
class Weighed:
    """One part of a score: `weight` in percent, `part` in points or as 50 ± 10."""

    slug: str
    weight: Decimal
    part: Decimal
    standardised: bool


def weighed(standing: Standing, nomination: int) -> dict[int, list[Weighed]]:
    """By entry: what was weighed for it; no entry whose score does not come out of its parts.

    An entry that lacks a part has the weights that the rule about missing parts gave it.
    """
    tree = None if standing.lock is None else prune(standing.lock.content["tree"], nomination)
    if standing.lock is None or tree is None:
        return {}
    leaves, rows = leaves_of(tree), list(standing.rows.all())
    points = np.column_stack([points_of(rows, leaf) for leaf in leaves])
    at = {leaf["slug"]: index for index, leaf in enumerate(leaves)}
    share, _filled = weights(tree, np.isfinite(points), at, standing.lock.content["missing"])
    known = np.where(np.isfinite(points), points, 0.0)
    found = {}
    for index, row in enumerate(rows):
        score = float(np.sum(share[index] * known[index]))
        if row.score is not None and abs(score - float(row.score)) <= NEAR:
            found[row.entry_id] = [
                Weighed(
                    slug=leaf["slug"],
                    weight=cents(100 * share[index, column]),
                    part=cents(known[index, column]),
                    standardised=leaf["scale"] == STANDARDISED,
                )
                for column, leaf in enumerate(leaves)
                if share[index, column] > 0
            ]
    return found


def points_of(rows: list[StandingRow], leaf: Mapping[str, Any]) -> Any:
    """What one part gave every entry on the scale on which it is weighed, f8[n], NaN for nothing."""
    given = [(row.parts.get(leaf["slug"]) or {}).get("score") for row in rows]
    points = np.array([np.nan if one is None else float(one) for one in given])
    return standardise(points)[0] if leaf["scale"] == STANDARDISED else points


def cents(value: float) -> Decimal:
    """Two decimals."""
    return Decimal(repr(float(value))).quantize(CENT)
