"""The numbers behind a score, for sentences that others write."""

import numpy as np

from judging.scoring.types import Calibration, ScoringError


def entry(cal: Calibration, e: int) -> dict[str, float | int | bool]:
    """How the score of one entry came about.

    ``score = raw + correction``; unless ``shrunk``, ``score`` is exactly the
    weighted mean of ``score_j - leniency_j``, given again as ``reproduced`` from
    the published numbers. No judge is named and no judge's row is shown.

    Raises ScoringError for an entry without scores.
    """
    rows = cal.ratings
    own = rows.e == e
    if not own.any():
        raise ScoringError(f"entry {e} has no score")
    y, weight = rows.y[own], cal.weights[own]
    leniency = cal.leniency[rows.j[own]]
    raw = float(y.mean())
    return {
        "n": int(y.size),
        "raw": raw,
        "score": float(cal.entry[e]),
        "correction": float(cal.entry[e]) - raw,
        "mean_leniency": float(leniency.mean()),
        "reproduced": float(np.sum(weight * (y - leniency)) / weight.sum()),
        "se": float(cal.se[e]),
        "shrunk": cal.shrunk,
    }


def judge(cal: Calibration, j: int) -> dict[str, float | int]:
    """How strict one judge is and what the calibration does about it.

    ``added`` is what each of the judge's scores moves by; ``observed`` the plain
    mean difference to the scores of the same entries, ``trust`` the part of it
    that the evidence supports (their ratio, where it means something).

    Raises ScoringError for a judge without scores.
    """
    rows = cal.ratings
    own = rows.j == j
    if not own.any():
        raise ScoringError(f"judge {j} has no score")
    clean = rows.y - np.where(own, 0.0, cal.leniency[rows.j])
    total = np.bincount(rows.e, np.where(own, 0.0, clean), rows.n_entries)
    count = np.bincount(rows.e[~own], minlength=rows.n_entries)
    shared = own & (count[rows.e] > 0)
    leniency = float(cal.leniency[j])
    result: dict[str, float | int] = {
        "n": int(np.count_nonzero(own)),
        "shared": int(np.count_nonzero(shared)),
        "leniency": leniency,
        "leniency_se": float(cal.leniency_se[j]),
        "added": -leniency,
    }
    if shared.any():
        mean = total[rows.e[shared]] / count[rows.e[shared]]
        observed = float(np.mean(rows.y[shared] - mean))
        result["observed"] = observed
        result["trust"] = leniency / observed if abs(observed) > 1e-9 else 1.0
    return result
