"""Checks of judges and of the plan: findings for the organiser, never a removal.

Thresholds are reasoned defaults, tested by simulation where noted in
docs/judging-maths.md.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from judging.scoring.calibrate import least_squares
from judging.scoring.types import (
    BoolArray,
    Calibration,
    FloatArray,
    IntArray,
    Marks,
    Ratings,
    ScoringError,
    floats,
    tally,
)

ERRATIC_MS, ERRATIC_SCORES = 1.5, 20
LOW_AGREEMENT, AGREEMENT_SCORES = 0.3, 10
LOW_SLOPE = 0.5
HALO = 0.4
CEILING = 0.2
CONFOUNDED_P = 0.01


@dataclass(frozen=True)
class JudgeQC:
    """One judge. NaN says that there is too little to tell.

    ``ms``: mean squared residual over what the model expects (1 is ordinary);
    ``agreement``: correlation with the calibrated mean of the others; ``halo``:
    spread between the criteria of a card over the panel's (0 = one number
    copied); ``slope``: points given per point of quality (1 is ordinary);
    ``ceiling``: share of best marks.

    ``flags``: strict, generous, erratic, disagrees, narrow, one-number, ceiling.
    """

    judge: int
    n: int
    leniency: float
    leniency_se: float
    ms: float
    agreement: float
    halo: float
    slope: float
    ceiling: float
    flags: tuple[str, ...]


@dataclass(frozen=True)
class ConflictEffect:
    """How much better related entries fare with a judge (None: all judges together)."""

    judge: int | None
    n_related: int
    n_other: int
    difference: float
    t: float
    df: float
    p: float


def correlation(a: FloatArray, b: FloatArray) -> tuple[float, float]:
    """Pearson's r and its two-sided p (t with n - 2 degrees); NaN without spread."""
    n = a.size
    if n < 3:
        return float("nan"), float("nan")
    x, y = a - a.mean(), b - b.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    if size <= 1e-12 * max(1.0, float(a @ a), float(b @ b)):
        return float("nan"), float("nan")
    r = float(np.clip((x @ y) / size, -1.0, 1.0))
    if abs(r) == 1.0:
        return r, 0.0
    t = r * np.sqrt((n - 2) / (1.0 - r * r))
    return r, float(2.0 * stdtr(n - 2, -abs(t)))


def _others(cal: Calibration) -> tuple[FloatArray, FloatArray]:
    """Calibrated mean of the *other* judges of the same entry, and their number, per score."""
    rows = cal.ratings
    clean = rows.y - cal.leniency[rows.j]
    pair = rows.e * rows.n_judges + rows.j
    keys, index = np.unique(pair, return_inverse=True)
    own_sum, own_n = np.bincount(index, clean, keys.size), np.bincount(index, minlength=keys.size)
    total = np.bincount(rows.e, clean, rows.n_entries)
    count = rows.entry_counts[rows.e] - own_n[index]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[rows.e] - own_sum[index]) / count
    return np.where(count > 0, mean, np.nan), count.astype(np.float64)


def judges(
    ratings: Ratings,
    cal: Calibration,
    marks: Marks | None = None,
    low: float = 0.0,
    high: float = 100.0,
) -> list[JudgeQC]:
    """Describe every judge who gave a score, in order of their numbers.

    ``low``, ``high``: the ends of the scale of the scores. Severity is flagged
    above 2 standard errors *and* a tenth of the scale; ``ms`` above 1.5
    (Linacre's band) from 20 scores on, since with 10 it would flag 14 % of
    honest judges.
    """
    if cal.ratings.n != ratings.n:
        raise ScoringError("the calibration belongs to other ratings")
    others, count = _others(cal)
    free = np.maximum(1.0 - cal.leverage, 1e-9)
    expected = cal.var_resid * free
    halo = _halo(marks, ratings.n_judges)
    best = _best(marks, ratings, high)
    noise = cal.var_resid / np.maximum(count, 1.0)
    found = []
    for judge in np.flatnonzero(ratings.judge_counts):
        rows = ratings.j == judge
        y = ratings.y[rows]
        informed = rows & (count > 0) & (free > 1e-6)
        ms = float("nan")
        if informed.any() and cal.var_resid > 0:
            ms = float(np.mean(cal.residuals[informed] ** 2 / expected[informed]))
        known = rows & (count > 0)
        agreement, _ = correlation(ratings.y[known], others[known])
        slope = _slope(ratings.y[known], others[known], noise[known])
        leniency, error = float(cal.leniency[judge]), float(cal.leniency_se[judge])
        draft = JudgeQC(
            judge=int(judge),
            n=int(y.size),
            leniency=leniency,
            leniency_se=error,
            ms=ms,
            agreement=agreement,
            halo=float(halo[judge]),
            slope=slope,
            ceiling=float(best[judge]),
            flags=(),
        )
        found.append(_flagged(draft, 0.1 * (high - low)))
    return found


def _flagged(q: JudgeQC, notable: float) -> JudgeQC:
    severe = abs(q.leniency) > max(2.0 * q.leniency_se, notable)
    enough = q.n >= AGREEMENT_SCORES
    tests = {
        "strict": severe and q.leniency < 0,
        "generous": severe and q.leniency > 0,
        "erratic": q.ms > ERRATIC_MS and q.n >= ERRATIC_SCORES,
        "disagrees": q.agreement < LOW_AGREEMENT and enough,
        "narrow": q.slope < LOW_SLOPE and enough,
        "one-number": q.halo < HALO,
        "ceiling": q.ceiling > CEILING,
    }
    flags = tuple(name for name, raised in tests.items() if raised)
    return JudgeQC(**{**q.__dict__, "flags": flags})


def _slope(y: FloatArray, x: FloatArray, noise: FloatArray) -> float:
    """Regression of a judge on the others, freed from the noise in their means."""
    if y.size < 3:
        return float("nan")
    spread = float(np.var(x, ddof=1))
    true = max(spread - float(np.mean(noise)), 0.25 * spread)
    if true <= 0:
        return float("nan")
    return float(np.cov(y, x, ddof=1)[0, 1]) / true


def _best(marks: Marks | None, ratings: Ratings, high: float) -> FloatArray:
    """Share of the best marks each judge gave, f8[J]; of the best scores where no marks are known."""
    if marks is None or marks.e.size == 0:
        judge, top = ratings.j, ratings.y >= high
    else:
        judge, top = marks.j, marks.x >= marks.max_[marks.c]
    given = tally(judge, ratings.n_judges)
    return floats(tally(judge, ratings.n_judges, top.astype(np.float64)) / np.maximum(given, 1.0))


def _halo(marks: Marks | None, n_judges: int) -> FloatArray:
    """Mean spread between criteria within a card, over the mean of all judges."""
    result = np.full(n_judges, np.nan)
    if marks is None or marks.e.size == 0:
        return result
    share = marks.x / marks.max_[marks.c]
    card = marks.e * n_judges + marks.j
    cards, index = np.unique(card, return_inverse=True)
    n = np.bincount(index)
    mean = np.bincount(index, share) / n
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt(np.bincount(index, (share - mean[index]) ** 2) / (n - 1))
    judge = (cards % n_judges)[n > 1]
    if judge.size == 0:
        return result
    count = np.bincount(judge, minlength=n_judges)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.bincount(judge, sd[n > 1], n_judges) / count
    panel = float(np.nanmean(own))
    return own / panel if panel > 0 else result


def confounding(ratings: Ratings) -> tuple[float, float]:
    """Did strict judges systematically get better entries? (r, two-sided p).

    Correlation over judges of the additive leniency with the mean additive
    quality of the judge's entries (after Hausman 1978 and Mundlak 1978). With
    p < .01 prefer the additive fit or add anchors. NaN when it cannot be told.
    """
    rows = ratings.first
    score, leniency = least_squares(rows)
    quality = np.bincount(rows.j, score[rows.e], rows.n_judges)
    known = rows.judge_counts > 0
    return correlation(leniency[known], quality[known] / rows.judge_counts[known])


def conflict_effect(
    ratings: Ratings, cal: Calibration, related: BoolArray
) -> tuple[ConflictEffect, ...]:
    """Do judges favour entries that they are related to? Welch's t on the residuals.

    ``related``: b1[n], True for a score given across a declared or suspected
    relation. The first row is all judges together, then each judge with two
    related and two other scores.
    """
    if related.shape != ratings.y.shape:
        raise ScoringError("one flag per score is needed")
    rows = [_welch(None, cal.residuals, related)]
    for judge in np.flatnonzero(ratings.judge_counts):
        own = ratings.j == judge
        if min(np.count_nonzero(own & related), np.count_nonzero(own & ~related)) >= 2:
            rows.append(_welch(int(judge), cal.residuals[own], related[own]))
    return tuple(rows)


def _welch(judge: int | None, residual: FloatArray, related: BoolArray) -> ConflictEffect:
    a, b = residual[related], residual[~related]
    nan = float("nan")
    gap = float(a.mean() - b.mean()) if a.size and b.size else nan
    if min(a.size, b.size) < 2:
        return ConflictEffect(judge, a.size, b.size, gap, nan, nan, nan)
    va, vb = float(np.var(a, ddof=1)) / a.size, float(np.var(b, ddof=1)) / b.size
    if va + vb == 0:
        return ConflictEffect(judge, a.size, b.size, gap, nan, nan, nan)
    t = gap / float(np.sqrt(va + vb))
    df = (va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1))
    return ConflictEffect(judge, a.size, b.size, gap, t, df, float(2.0 * stdtr(df, -abs(t))))


def drift(cal: Calibration, order: IntArray) -> dict[int, float]:
    """Points by which each judge's leniency moved from first to last score.

    ``order``: int64[n], when each score was given. Slope of the residuals on the
    order times its range; half a point on a ten-point scale is worth a look.
    """
    rows = cal.ratings
    moved = {}
    for judge in np.flatnonzero(rows.judge_counts >= 3):
        own = rows.j == judge
        when = order[own].astype(np.float64)
        centred = when - when.mean()
        spread = float(centred @ centred)
        if spread > 0:
            slope = float(centred @ cal.residuals[own]) / spread
            moved[int(judge)] = slope * float(np.ptp(when))
    return moved
