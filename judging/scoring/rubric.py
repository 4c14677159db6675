"""One score of 0-100 from the marks of a scorecard."""

import numpy as np

from judging.scoring.types import BoolArray, FloatArray, ScoringError


def combine(
    x: FloatArray, w: FloatArray, max_: FloatArray, answered: BoolArray | None = None
) -> FloatArray:
    """Weighted share of the points that could be had, 0-100.

    ``score = 100 * sum_c w_c x_c / sum_c w_c max_c`` over the criteria answered.
    With one best mark for all criteria this is the usual weighted mean.

    ``x``: f8[n, C] marks from 0 to ``max_``; ``w``, ``max_``: f8[C], both positive
    (a weight may be zero). ``answered``: b1[n, C]; a criterion that a judge could
    not assess is False there and leaves the total *and* the weights, so it is
    neutral. A NaN that is not declared so is an incomplete scorecard.

    Raises ScoringError for an incomplete card, a mark out of range, or nothing answered.
    """
    marks = np.asarray(x, dtype=np.float64)
    if marks.ndim != 2 or w.shape != (marks.shape[1],) or max_.shape != w.shape:
        raise ScoringError("marks must be n x C, weights and best marks of length C")
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise ScoringError("weights must be zero or more, and not all zero")
    if not (np.isfinite(max_).all() and (max_ > 0).all()):
        raise ScoringError("the best mark of a criterion must be above zero")
    given = np.ones(marks.shape, dtype=bool) if answered is None else answered
    missing = np.isnan(marks) & given
    if missing.any():
        row, column = (int(k[0]) for k in np.nonzero(missing))
        raise ScoringError(f"scorecard {row} has no mark for criterion {column}")
    filled = np.where(given, marks, 0.0)
    if (filled < 0).any() or (filled > max_).any():
        row, column = (int(k[0]) for k in np.nonzero((filled < 0) | (filled > max_)))
        raise ScoringError(f"scorecard {row}: the mark for criterion {column} is out of range")
    # Weights are relative: scaled first, so that tiny or huge ones lose nothing.
    relative = w / w.sum()
    possible = given @ (relative * max_)
    if (possible <= 0).any():
        raise ScoringError(f"scorecard {int(np.argmin(possible))} answers nothing that counts")
    return np.asarray(100.0 * (filled @ relative) / possible, dtype=np.float64)
