"""The leaves of a result weighed for every entry, those that lack one by the stated rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judging.scoring.leaves import Fit
from judging.scoring.tree import STANDARDISED, Json, nominal_weights
from judging.scoring.types import BoolArray, FloatArray, IntArray

# Standardised scores are told as 50 for the mean of the nomination and 10 for one sd.
CENTRE, SPREAD = 50.0, 10.0


@dataclass(frozen=True, eq=False)
class Blend:
    """The whole tree for the entries of one nomination.

    ``score``, ``raw``: f8[n]; ``weight``: f8[n, L], what each leaf's points weigh in each entry's score;
    ``parts``: f8[n, L] on the scale of the leaf.
    """

    score: FloatArray
    raw: FloatArray
    weight: FloatArray
    parts: FloatArray


def blend(tree: Json, fits: Sequence[Fit], rows: IntArray, missing: str) -> Blend:
    """Weigh the leaves of a nomination's entries, those that lack one by the stated rule."""
    at = {fit.leaf["slug"]: index for index, fit in enumerate(fits)}
    points = np.column_stack([fit.score[rows] for fit in fits])
    plain = np.column_stack([fit.raw[rows] for fit in fits])
    stretch = np.ones(points.shape)
    for index, fit in enumerate(fits):
        if fit.leaf["scale"] == STANDARDISED:
            points[:, index], slope = standardise(points[:, index])
            plain[:, index], _slope = standardise(plain[:, index])
            stretch[:, index] = slope
    present = np.isfinite(points)
    weight, filled = weights(tree, present, at, missing)

    def total(values: FloatArray) -> FloatArray:
        known = np.where(np.isfinite(values), values, 0.0)
        return np.where(filled, np.sum(weight * known, axis=1), np.nan)

    return Blend(total(points), total(plain), weight * stretch, points)


def standardise(values: FloatArray) -> tuple[FloatArray, float]:
    """50 for the mean and 10 for one standard deviation; 50 for all where all agree."""
    known = values[np.isfinite(values)]
    if known.size == 0:
        return values, 0.0
    sd = float(known.std())
    if sd <= 1e-12 * max(1.0, float(np.abs(known).max())):
        return np.where(np.isfinite(values), CENTRE, np.nan), 0.0
    return CENTRE + SPREAD * (values - float(known.mean())) / sd, SPREAD / sd


def weights(
    tree: Mapping[str, Any], present: BoolArray, at: Mapping[str, int], missing: str
) -> tuple[FloatArray, BoolArray]:
    """What every leaf weighs for every entry, f8[n, L], and whether the node has a value, b1[n]."""
    if "children" not in tree:
        found = np.zeros(present.shape)
        found[:, at[tree["slug"]]] = 1.0
        here: BoolArray = present[:, at[tree["slug"]]]
        there: BoolArray = np.ones(here.shape, dtype=bool) if missing == "zero" else here
        return found, there
    inner = [weights(child, present, at, missing) for child in tree["children"]]
    given = np.array([float(child["weight"]) for child in tree["children"]])
    known = np.column_stack([filled for _weight, filled in inner])
    if missing == "shared":
        use = given * known
        whole = use.sum(axis=1, keepdims=True)
        share = np.divide(use, whole, out=np.zeros_like(use), where=whole > 0)
        filled = known.any(axis=1)
    else:
        share = np.broadcast_to(given / given.sum(), known.shape)
        filled = known.all(axis=1)
    whole_weight = np.zeros(present.shape)
    for index, (weight, _filled) in enumerate(inner):
        whole_weight = whole_weight + share[:, [index]] * weight
    return whole_weight, np.asarray(filled, dtype=np.bool_)


def nominal(tree: Json, fits: Sequence[Fit]) -> FloatArray:
    """The stated weights in the order of the leaves."""
    said = nominal_weights(tree)
    return np.array([said[fit.leaf["slug"]] for fit in fits])
