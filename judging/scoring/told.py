"""Results as the protocol writes them: numbers as text, one row for each entry and each leaf."""

import numpy as np

from judging.scoring.blending import Blend
from judging.scoring.leaves import Fit, Names
from judging.scoring.tree import Json
from judging.scoring.types import FloatArray, IntArray, RankProbs
from judging.scoring.written import P_DECIMALS, text, texts


def rows_of(
    mix: Blend, rows: IntArray, place: IntArray, se: FloatArray, probs: RankProbs | None
) -> list[Json]:
    """The places of the entries of a nomination, their scores, and how sure they are."""
    chances: list[tuple[float, int, int] | None] = [None] * rows.size
    if probs is not None:
        p_top, lo, hi = probs.p_top[rows], probs.lo[rows].tolist(), probs.hi[rows].tolist()
        sure = (np.isfinite(p_top) & (place > 0)).tolist()
        for at, known in enumerate(sure):
            if known:
                chances[at] = (float(p_top[at]), lo[at], hi[at])
    return [
        {
            "place": ranked or None,
            "score": score,
            "raw": raw,
            "se": error,
            **chance_of(chance),
        }
        for ranked, score, raw, error, chance in zip(
            place.tolist(), texts(mix.score), texts(mix.raw), texts(se[rows]), chances, strict=True
        )
    ]


def chance_of(chance: tuple[float, int, int] | None) -> Json:
    """How likely an entry is among the best, and its range of places."""
    if chance is None:
        return {"lo": None, "hi": None, "p_top": None, "contested": False}
    p_top, lo, hi = chance
    written = text(p_top, P_DECIMALS)
    return {"lo": lo, "hi": hi, "p_top": written, "contested": 0.2 < p_top < 0.8}


def parts_of(fit: Fit, rows: IntArray) -> list[Json]:
    """What one leaf gave each entry: ``score = mean - leniency`` unless the method says otherwise."""
    quorum = fit.leaf["quorum"]
    return [
        {
            "mean": mean,
            "count": count,
            "quorum": quorum,
            "met": count >= quorum and count > 0,
            "score": score,
            "leniency": leniency,
        }
        for mean, count, score, leniency in zip(
            texts(fit.raw[rows]),
            fit.count[rows].tolist(),
            texts(fit.score[rows]),
            texts(fit.leniency[rows]),
            strict=True,
        )
    ]


def leaf_result(names: Names, fit: Fit, nomination: int) -> Json:
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
    found["var_judge"], found["var_resid"] = text(cal.var_judge), text(cal.var_resid)
    n, leniency, se = fit.judges_told
    found["judges"] = [
        {"judge": names.judges[judge], "n": n[judge], "leniency": leniency[judge], "se": se[judge]}
        for judge in fit.judges_of.get(nomination, ())
    ]
    return found
