"""How sure is a place? Posterior of the entries and the chance of being in the top k.

Model: the calibrated scores are ``u_hat ~ N(u, V)``, the entries of a ranking
unit ``u ~ N(mu_unit, t2)`` with one t2 by REML. Ranking goes by the calibrated
score; the posterior only says how far to trust it. Rank intervals after Goldstein
& Spiegelhalter 1996, expected ranks as the SNSF uses them (Heyard et al. 2022).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from judging.scoring.types import (
    BoolArray,
    Calibration,
    FloatArray,
    IntArray,
    RankProbs,
    ScoringError,
    floats,
)

_CHUNK = 250
# More kinds of noise than this (weights of a robust fit), and no products are kept.
_KINDS = 16
_LOW_QUANTILE, _HIGH_QUANTILE = 0.05, 0.95


@dataclass(frozen=True, eq=False)
class _Prior:
    """``W = V + t2 I`` ready to be solved with, and the means of the units."""

    t2: float
    scale: FloatArray
    factor: FloatArray
    core: FloatArray
    units: FloatArray
    centre: FloatArray
    unit_cov: FloatArray
    criterion: float

    def solve(self, right: FloatArray) -> FloatArray:
        """``W^-1 right`` by Woodbury's identity."""
        scaled = (right.T / self.scale).T
        inner = np.linalg.solve(self.core, self.factor.T @ scaled)
        return np.asarray(scaled - ((self.factor @ inner).T / self.scale).T, dtype=np.float64)


class _Scores:
    """Calibrated scores of the entries that have some, ready for many values of t2.

    Entries with equally many scores share their noise, so the costly products are
    made once per kind of noise and not once per t2.
    """

    def __init__(self, cal: Calibration, group: IntArray, known: BoolArray) -> None:
        """Gather the known entries and the indicator columns of their units."""
        labels = np.unique(group[known], return_inverse=True)[1]
        self.units: FloatArray = np.eye(int(labels.max()) + 1)[labels]
        self.score = cal.entry[known]
        self.noise = cal.noise[known]
        self.factor = cal.factor[known]
        kinds, which = np.unique(self.noise, return_inverse=True)
        self.grams: list[tuple[float, FloatArray]] = []
        if kinds.size <= _KINDS:
            for kind, noise in enumerate(kinds):
                rows = self.factor[which == kind]
                self.grams.append((float(noise), rows.T @ rows))

    def core(self, t2: float) -> FloatArray:
        """``I + F' (noise + t2)^-1 F``, f8[J, J]."""
        unit = np.eye(self.factor.shape[1])
        if self.grams:
            return np.asarray(unit + sum(gram / (noise + t2) for noise, gram in self.grams))
        return np.asarray(unit + (self.factor.T / (self.noise + t2)) @ self.factor)

    def prior(self, t2: float) -> _Prior:
        """The model at one t2, with its restricted likelihood as criterion."""
        scale, core = self.noise + t2, self.core(t2)
        draft = _Prior(t2, scale, self.factor, core, self.units, self.score, np.zeros((0, 0)), 0.0)
        solved_units = draft.solve(self.units)
        precision = self.units.T @ solved_units
        unit_cov = floats(np.linalg.inv(precision))
        centre = self.units @ (unit_cov @ (solved_units.T @ self.score))
        gap = self.score - centre
        criterion = float(np.sum(np.log(scale)) + np.linalg.slogdet(core)[1])
        criterion += float(np.linalg.slogdet(precision)[1] + gap @ draft.solve(gap))
        return replace(draft, centre=centre, unit_cov=unit_cov, criterion=criterion)

    def fit(self) -> _Prior:
        """Estimate t2 (and the units' means) by REML."""
        means = (self.units.T @ self.score) / self.units.sum(axis=0)
        spread = float(np.var(self.score - self.units @ means))
        top = max(spread, float(self.noise.mean()), 1e-12)
        bounds = (float(np.log(1e-9 * top)), float(np.log(10.0 * top)))
        options: Any = {"xatol": 1e-6, "maxiter": 100}
        found = minimize_scalar(
            lambda log_t2: self.prior(float(np.exp(log_t2))).criterion,
            bounds=bounds,
            method="bounded",
            options=options,
        )
        return self.prior(float(np.exp(found.x)))


def _fit_prior(cal: Calibration, group: IntArray, known: BoolArray) -> _Prior:
    return _Scores(cal, group, known).fit()


def _units(cal: Calibration, group: IntArray | None) -> IntArray:
    return cal.ratings.units if group is None else group


@dataclass(frozen=True, eq=False)
class _Posterior:
    """Truth given the scores: ``N(mean, diag(own²) + shared shared')``, known entries."""

    mean: FloatArray
    own: FloatArray
    shared: FloatArray


def _posterior(cal: Calibration, units: IntArray, known: BoolArray) -> _Posterior:
    """``E[u] = mu + t2 W^-1 (u_hat - mu)``, ``Cov = t2 I - t2² W^-1 + K C K'``.

    With ``W = S + F F'``, S diagonal, the covariance is diagonal plus a factor of
    as many columns as there are judges and units: ``t2 - t2²/S = t2 noise / S``.
    A predictor that is already shrunk (``mixed``, ``mfrm``) has its own error.
    """
    if cal.shrunk:
        return _Posterior(cal.entry[known], np.sqrt(cal.noise[known]), cal.factor[known])
    prior = _fit_prior(cal, units, known)
    gain = prior.t2 / prior.scale
    mean = prior.centre + prior.t2 * prior.solve(cal.entry[known] - prior.centre)
    root = np.linalg.inv(np.linalg.cholesky(prior.core)).T
    judges = (gain[:, None] * prior.factor) @ root
    blur = prior.units - prior.t2 * prior.solve(prior.units)
    means = blur @ np.linalg.cholesky(prior.unit_cov)
    return _Posterior(mean, np.sqrt(gain * cal.noise[known]), np.hstack([judges, means]))


def posterior(cal: Calibration, group: IntArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Posterior mean (f8[E]) and covariance (f8[E, E]) of the true scores, points.

    Entries without a score are NaN. For a whole season use ``ranks``, which never
    forms E x E. Raises ScoringError when no entry has two scores.
    """
    known = _known(cal)
    found = _posterior(cal, _units(cal, group), known)
    full_mean = np.full(cal.entry.size, np.nan)
    full_mean[known] = found.mean
    full_cov = np.full((cal.entry.size, cal.entry.size), np.nan)
    full_cov[np.ix_(known, known)] = np.diag(found.own**2) + found.shared @ found.shared.T
    return full_mean, full_cov


def _known(cal: Calibration) -> BoolArray:
    """Entries with a score; refuses a calibration without an estimate of its error."""
    if not np.isfinite(cal.var_resid):
        raise ScoringError("the error of the scores is unknown: no entry has two scores")
    return np.isfinite(cal.entry)


def rank_probs(  # noqa: PLR0917
    mean: FloatArray,
    cov: FloatArray,
    k: int,
    group: IntArray | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> RankProbs:
    """Draw the true scores and count the ranks: P(top k), expected rank, 90 % interval.

    ``mean``: f8[E]; ``cov``: f8[E, E]; ``group``: int64[E] ranking units, k places
    in each. Deterministic for a seed (PCG64). Raises ScoringError for k < 1.
    """
    known = np.isfinite(mean)
    values, vectors = np.linalg.eigh(cov[np.ix_(known, known)])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    noise = np.random.default_rng(seed).standard_normal((draws, root.shape[1]))
    units = np.zeros(mean.size, dtype=np.int64) if group is None else group
    return _count(mean[known] + noise @ root.T, k, units, known)


def ranks(
    cal: Calibration,
    k: int,
    group: IntArray | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> RankProbs:
    """``rank_probs(*posterior(cal))`` for any number of entries.

    The posterior is a diagonal plus what the judges and units share, so a draw
    costs E x J and never E x E. Deterministic for a seed. Raises ScoringError for
    k < 1, or when no entry has two scores.
    """
    known = _known(cal)
    rng = np.random.default_rng(seed)
    units = _units(cal, group)
    found = _posterior(cal, units, known)
    drawn = np.empty((draws, found.mean.size))
    for start in range(0, draws, _CHUNK):
        count = min(_CHUNK, draws - start)
        own = rng.standard_normal((count, found.mean.size)) * found.own
        shared = rng.standard_normal((count, found.shared.shape[1])) @ found.shared.T
        drawn[start : start + count] = found.mean + own + shared
    return _count(drawn, k, units, known)


def _count(drawn: FloatArray, k: int, units: IntArray, known: BoolArray) -> RankProbs:
    if k < 1:
        raise ScoringError("the number of places must be at least 1")
    draws = drawn.shape[0]
    inside = units[known]
    p_top, expected = np.full(known.size, np.nan), np.full(known.size, np.nan)
    lo, hi = np.zeros(known.size, dtype=np.int64), np.zeros(known.size, dtype=np.int64)
    entries = np.flatnonzero(known)
    for unit in np.unique(inside):
        members = np.flatnonzero(inside == unit)
        order = np.argsort(-drawn[:, members], axis=1, kind="stable")
        place = np.empty((draws, members.size), dtype=np.int32)
        np.put_along_axis(place, order, np.arange(1, members.size + 1, dtype=np.int32)[None], 1)
        target = entries[members]
        p_top[target] = np.mean(place <= k, axis=0)
        expected[target] = place.mean(axis=0)
        place.sort(axis=0)
        lo[target] = place[int(np.floor(_LOW_QUANTILE * (draws - 1)))]
        hi[target] = place[int(np.ceil(_HIGH_QUANTILE * (draws - 1)))]
    return RankProbs(p_top, expected, lo, hi)
