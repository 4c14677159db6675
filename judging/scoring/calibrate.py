"""Scores of entries, with or without taking out how strict their judges were.

The default is ``judges_eb``. z-scores and medians are deliberately absent: they
lose up to a third of the true winners when judges do not see comparable entries
(see docs/judging-maths.md).
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import fdtrc

from judging.scoring.appeal import counted
from judging.scoring.sweep import Swept, reml_ratio, sweep
from judging.scoring.types import (
    Calibration,
    Finding,
    FloatArray,
    IntArray,
    Ratings,
    ScoringError,
    floats,
)

HUBER_K = 1.5
TINY = 1e-12
_ROUNDS = 20
_BLOCK = 4096


@dataclass(frozen=True)
class JudgeEffect:
    """F test of "all judges are equally strict" (two-way analysis of variance)."""

    f: float
    df_judges: int
    df_resid: int
    p: float
    resid_sd: float


def _refuse_empty(ratings: Ratings) -> None:
    if ratings.n == 0:
        raise ScoringError("there are no scores")


def _spread(values: FloatArray, index: IntArray, size: int) -> FloatArray:
    full = np.full(size, np.nan)
    full[index] = values
    return full


def mean(ratings: Ratings) -> Calibration:
    """Plain mean of each entry's scores: ``entry = mean_j y_ej``.

    ``var_resid`` pools the spread inside entries (one-way analysis of variance),
    so it contains the judges' severities; leniencies are 0.
    """
    return trimmed(ratings, min_scores=ratings.n + 1, method="mean")


def trimmed(ratings: Ratings, min_scores: int = 4, method: str = "trimmed") -> Calibration:
    """Olympic mean: drop one highest and one lowest score where there are enough.

    Entries with at least ``min_scores`` scores (the programme option ``olympic``
    says 5) lose both extremes; of equal ones one goes. The standard error is
    Tukey & McLaughlin's 1963: winsorised squares pooled over entries,
    ``Q = sum SS_w / sum (h - 1)``, ``se = sqrt(Q / h)`` with h scores kept.
    """
    _refuse_empty(ratings)
    order = np.lexsort((ratings.j, ratings.y, ratings.e))
    e, y = ratings.e[order], ratings.y[order]
    starts = np.flatnonzero(np.r_[True, e[1:] != e[:-1]])
    counts = np.diff(np.r_[starts, e.size])
    entries = e[starts]
    cut = counts >= max(min_scores, 3)
    first, last = starts[cut], starts[cut] + counts[cut] - 1
    kept = np.ones(e.size)
    kept[first] = kept[last] = 0.0
    winsorised = y.copy()
    winsorised[first], winsorised[last] = y[first + 1], y[last - 1]
    total = np.add.reduceat(kept, starts)
    score = np.add.reduceat(kept * y, starts) / total
    centre = np.add.reduceat(winsorised, starts) / counts
    squares = float(np.sum((winsorised - np.repeat(centre, counts)) ** 2))
    degrees = float(np.sum(total - 1.0))
    variance = squares / degrees if degrees > 0 else float("nan")
    weights = np.empty(e.size)
    weights[order] = kept
    noise = _spread(variance / total, entries, ratings.n_entries)
    leniency = np.where(ratings.judge_counts > 0, 0.0, np.nan)
    return Calibration(
        entry=_spread(score, entries, ratings.n_entries),
        se=np.sqrt(noise),
        leniency=leniency,
        leniency_se=leniency.copy(),
        var_judge=0.0,
        var_resid=variance,
        method=method,
        ratings=ratings,
        weights=weights,
        hat=lambda: weights / _spread(total, entries, ratings.n_entries)[ratings.e],
        noise=noise,
        factor=np.zeros((ratings.n_entries, 0)),
        warnings=_thin(ratings),
    )


def _thin(ratings: Ratings) -> tuple[Finding, ...]:
    if ratings.n > np.count_nonzero(ratings.entry_counts):
        return ()
    return (
        Finding("single-scores", "No entry has two scores: neither judges nor error can be known."),
    )


def _untied(swept: Swept) -> tuple[Finding, ...]:
    if swept.n_components <= 1:
        return ()
    return (
        Finding(
            "disconnected",
            f"The judges form {swept.n_components} groups that share no entry; "
            "scores of different groups cannot be compared.",
        ),
    )


def _root(swept: Swept, rho: float) -> FloatArray:
    """A matrix R with ``R R' = (S + I/rho)^-1``; the pseudo-inverse for rho = inf."""
    if rho == 0.0:
        return np.zeros((swept.judges.size, 0))
    compared = swept.vectors[:, swept.n_components :]
    if np.isinf(rho):
        return np.asarray(compared / np.sqrt(swept.positive), dtype=np.float64)
    # Directions that no shared entry informs keep their prior variance.
    idle = swept.vectors[:, : swept.n_components] * np.sqrt(rho)
    return np.hstack([idle, compared / np.sqrt(swept.positive + 1.0 / rho)])


def _solved(
    ratings: Ratings, swept: Swept, rho: float, method: str, warnings: tuple[Finding, ...]
) -> Calibration:
    """Turn a variance ratio (inf = judges fixed) into scores, errors and leverages.

    ``b = (S + I/rho)^-1 c``, ``u = ybar - share b``,
    ``Cov(u) = s2 (D^-1 + share (S + I/rho)^-1 share')``. The leniencies' errors
    allow for not knowing the entries (lme4's condVar does not, and is smaller).
    """
    root = _root(swept, rho)
    leniency = root @ (root.T @ swept.gradient)
    if np.isinf(rho):
        degrees = swept.degrees - swept.positive.size
        squares = max(swept.total - float(np.sum(swept.power / swept.positive)), 0.0)
        variance = squares / degrees if degrees > 0 else float("nan")
        var_judge = float(np.var(leniency, ddof=1)) if leniency.size > 1 else 0.0
    else:
        variance = swept.rss(rho) / swept.degrees if swept.degrees > 0 else float("nan")
        var_judge = rho * variance if rho > 0 else 0.0
    gain = swept.share @ root
    inverse = 1.0 / swept.entry_weight
    factor = np.full((ratings.n_entries, root.shape[1]), np.nan)
    factor[swept.entries] = np.sqrt(variance) * gain
    judge_factor = np.zeros((ratings.n_judges, root.shape[1]))
    judge_factor[swept.judges] = np.sqrt(variance) * root
    var_entry = variance * (inverse + np.sum(gain**2, axis=1))
    var_leniency = variance * np.sum(root**2, axis=1)
    n_e, n_j = ratings.n_entries, ratings.n_judges
    return Calibration(
        entry=_spread(swept.entry_mean - swept.share @ leniency, swept.entries, n_e),
        se=_spread(np.sqrt(var_entry), swept.entries, n_e),
        leniency=_spread(leniency, swept.judges, n_j),
        leniency_se=_spread(np.sqrt(var_leniency), swept.judges, n_j),
        var_judge=var_judge,
        var_resid=variance,
        method=method,
        ratings=ratings,
        weights=swept.weights,
        hat=partial(_leverage, swept, root),
        noise=_spread(variance * inverse, swept.entries, n_e),
        factor=factor,
        warnings=warnings,
        judge_factor=judge_factor,
    )


def _leverage(swept: Swept, root: FloatArray) -> FloatArray:
    """Diagonal of the hat matrix: ``w_i (1/D_e + |root_j - gain_e|²)``, ``gain = share root``, f8[n]."""
    e, j, gain = swept.row_entry, swept.row_judge, swept.share @ root
    away = np.sum(root**2, axis=1)[j] + np.sum(gain**2, axis=1)[e]
    # In blocks: a row of each for every score would need more memory than all the rest.
    for start in range(0, e.size, _BLOCK):
        rows = slice(start, start + _BLOCK)
        away[rows] -= 2.0 * np.einsum("ij,ij->i", gain[e[rows]], root[j[rows]])
    return floats(swept.weights * (1.0 / swept.entry_weight[e] + away))


def additive(ratings: Ratings) -> Calibration:
    """Two-way fixed effects: ``min sum (y - u_e - b_j)^2``, ``sum_j b_j = 0``.

    Least squares of Fisher 1940 / Kuhlisch et al. 2016. Wants many scores per
    judge (15 or more); over-fits below. With more than one connected piece the
    pieces are centred apart and the warning ``disconnected`` is given.
    ``var_judge`` is the sample variance of the leniencies.
    """
    _refuse_empty(ratings)
    first = ratings.first
    swept = sweep(first)
    fit = _solved(first, swept, float("inf"), "additive", _thin(first) + _untied(swept))
    return counted(fit, ratings)


def least_squares(ratings: Ratings) -> tuple[FloatArray, FloatArray]:
    """Scores and leniencies of ``additive`` for the first scores, without their errors."""
    _refuse_empty(ratings)
    swept = sweep(ratings.first)
    root = _root(swept, float("inf"))
    leniency = root @ (root.T @ swept.gradient)
    score = swept.entry_mean - swept.share @ leniency
    return (
        _spread(score, swept.entries, ratings.n_entries),
        _spread(leniency, swept.judges, ratings.n_judges),
    )


def judges_eb(ratings: Ratings) -> Calibration:
    """The default: entries as they are, judges shrunk by how much is known of them.

    ``y_ej = u_e + b_j + noise``, u fixed, ``b ~ N(0, s2_j)`` by REML:
    ``b = (Z'(I-P_E)Z + (s2/s2_j) I)^-1 Z'(I-P_E)y``, ``u_e = mean_j (y_ej - b_j)``.
    Equals R's ``lmer(score ~ 0 + entry + (1|judge))``; Platt & Burges 2012 and the
    NIPS 2013-14 calibration are its relatives. In a complete design it leaves the
    order of the plain mean unchanged. Points in, points out. Scores asked for by an
    appeal count for their entry and not for the leniencies (``appeal.counted``).
    """
    _refuse_empty(ratings)
    first = ratings.first
    return counted(_judges_eb(first, sweep(first)), ratings)


def _judges_eb(ratings: Ratings, swept: Swept) -> Calibration:
    return _solved(ratings, swept, reml_ratio(swept), "judges_eb", _thin(ratings) + _untied(swept))


def robust(ratings: Ratings) -> Calibration:
    """judges_eb that trusts a score the less the farther it lies from its fit.

    Huber's 1964 weights, ``w = min(1, 1.5 s / |r|)``, with r standardised by its
    leverage and s from the median absolute residual; the variance ratio is
    re-estimated each round. Guards against a rogue score; costs little without.
    """
    _refuse_empty(ratings)
    first = ratings.first
    weights = np.ones(first.n)
    fit = _judges_eb(first, sweep(first))
    for _ in range(_ROUNDS):
        free = np.maximum(1.0 - np.minimum(fit.leverage / fit.weights, 1.0), 1e-6)
        size = np.abs(fit.residuals) / np.sqrt(free)
        known = free > 1e-6
        scale = 1.4826 * float(np.median(size[known])) if known.any() else 0.0
        if not scale > TINY:
            break
        new = np.minimum(1.0, HUBER_K * scale / np.maximum(size, TINY))
        moved = float(np.max(np.abs(new - weights)))
        weights = new
        swept = sweep(first, weights)
        fit = _solved(first, swept, reml_ratio(swept), "robust", fit.warnings)
        if moved < 1e-4:
            break
    return counted(replace(fit, method="robust"), ratings)


def judge_effect(ratings: Ratings) -> JudgeEffect:
    """Do judges differ at all? ``F = (q - RSS)/(J - pieces) / (RSS/df)``.

    Raises ScoringError when no degree of freedom is left for the error.
    """
    _refuse_empty(ratings)
    swept = sweep(ratings)
    df_judges = int(swept.positive.size)
    df_resid = swept.degrees - df_judges
    if df_judges == 0 or df_resid <= 0:
        raise ScoringError("too few common scores to compare the judges")
    explained = float(np.sum(swept.power / swept.positive))
    resid = max(swept.total - explained, 0.0) / df_resid
    ratio = explained / df_judges / resid if resid > 0 else float("inf")
    return JudgeEffect(
        f=ratio,
        df_judges=df_judges,
        df_resid=df_resid,
        p=float(fdtrc(df_judges, df_resid, ratio)),
        resid_sd=float(np.sqrt(resid)),
    )
