"""Results as the protocol writes them: numbers as text, one row for each entry and each leaf."""

import math

import numpy as np

from judging.scoring.blending import Blend
from judging.scoring.leaves import Fit, Names
from judging.scoring.tree import Json
from judging.scoring.types import FloatArray, IntArray, RankProbs

SCORE_DECIMALS, P_DECIMALS = 6, 4


def text(value: float | None, decimals: int = SCORE_DECIMALS) -> str | None:
    """A number as the protocol writes it; what is not known is null."""
    if value is None or not math.isfinite(value):
        return None
    written = f"{value:.{decimals}f}"
    # No minus before zeros.
    return written.removeprefix("-") if abs(value) < 1.0 and float(written) == 0.0 else written


def row_of(  # noqa: PLR0917
    mix: Blend, index: int, row: int, place: IntArray, se: FloatArray, probs: RankProbs | None
) -> Json:
    """The place of one entry, its scores, and how sure they are."""
    ranked = int(place[index]) or None
    likely = probs if ranked and probs is not None and np.isfinite(probs.p_top[row]) else None
    p_top = None if likely is None else float(likely.p_top[row])
    return {
        "place": ranked,
        "score": text(float(mix.score[index])),
        "raw": text(float(mix.raw[index])),
        "se": text(float(se[row])),
        "lo": None if likely is None else int(likely.lo[row]),
        "hi": None if likely is None else int(likely.hi[row]),
        "p_top": text(p_top, P_DECIMALS),
        "contested": p_top is not None and 0.2 < p_top < 0.8,
    }


def part_of(fit: Fit, row: int) -> Json:
    """What one leaf gave an entry: ``score = mean - leniency`` unless the method says otherwise."""
    count = int(fit.count[row])
    return {
        "mean": text(float(fit.raw[row])),
        "count": count,
        "quorum": fit.leaf["quorum"],
        "met": count >= fit.leaf["quorum"] and count > 0,
        "score": text(float(fit.score[row])),
        "leniency": text(float(fit.leniency[row])),
    }


def leaf_result(names: Names, fit: Fit, rows: IntArray) -> Json:
    """How a leaf was reckoned, and how strict the judges of this nomination are."""
    found: Json = {
        "leaf": fit.leaf["slug"],
        "method": fit.method,
        "switch": fit.switch,
        "scale": fit.leaf["scale"],
        "var_judge": None,
        "var_resid": None,
        "judges": [],
    }
    if fit.calibration is None or fit.ratings is None:
        return found
    cal = fit.calibration
    own = np.unique(fit.ratings.j[np.isin(fit.ratings.e, rows)])
    found["var_judge"], found["var_resid"] = text(cal.var_judge), text(cal.var_resid)
    found["judges"] = [
        {
            "judge": names.judges[judge],
            "n": int(fit.ratings.judge_counts[judge]),
            "leniency": text(float(cal.leniency[judge])),
            "se": text(float(cal.leniency_se[judge])),
        }
        for judge in own
    ]
    return found
