"""How sure is a place? Posterior of the entries and the chance of being in the top k.

Model: the calibrated scores are ``u_hat ~ N(u, V)``, the entries of a ranking
unit ``u ~ N(mu_unit, t2)`` with one t2 by REML. Ranking goes by the calibrated
score; the posterior only says how far to trust it. Rank intervals after Goldstein
& Spiegelhalter 1996, expected ranks as the SNSF uses them (Heyard et al. 2022).
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

# So many numbers are drawn at once, whatever the size of a unit.
_BLOCK = 2_000_000
# So many stay near the processor while several steps are made with them.
_NEAR = 100_000
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


@dataclass(frozen=True, eq=False)
class _Products:
    """Products of the columns ``[F, U, y]`` weighted by ``1 / (noise + t2)``, and log det of that."""

    gram: FloatArray
    log_det: float


@dataclass(frozen=True, eq=False)
class _Solved:
    """One value of t2: ``I + F' D^-1 F``, the units' covariance and means, and the criterion."""

    core: FloatArray
    unit_cov: FloatArray
    means: FloatArray
    criterion: float


class _Scores:
    """Calibrated scores of the entries that have some, ready for many values of t2.

    Everything the likelihood needs are products of the columns of the factor F, the indicators U of
    the units and the scores y. Entries with equally many scores share their noise, so the products
    are made once per kind of noise and not once per t2.
    """

    def __init__(self, cal: Calibration, group: IntArray, known: BoolArray) -> None:
        """Gather the known entries and the indicator columns of their units."""
        labels = np.unique(group[known], return_inverse=True)[1]
        self.units: FloatArray = np.eye(int(labels.max()) + 1)[labels]
        score = cal.entry[known]
        self.level = (self.units.T @ score) / self.units.sum(axis=0)
        # About the units' plain means, so that the products lose no digits.
        self.gap = score - self.units @ self.level
        self.noise = cal.noise[known]
        self.factor = cal.factor if known.all() else cal.factor[known]
        self.columns = np.hstack([self.factor, self.units, self.gap[:, None]])
        kinds, which, counts = np.unique(self.noise, return_inverse=True, return_counts=True)
        self.kinds: list[tuple[float, int, FloatArray]] = []
        if kinds.size <= _KINDS:
            for kind, noise in enumerate(kinds):
                rows = self.columns if kinds.size == 1 else self.columns[which == kind]
                self.kinds.append((float(noise), int(counts[kind]), rows.T @ rows))

    def products(self, t2: float) -> _Products:
        """``[F, U, y]' (noise + t2)^-1 [F, U, y]``."""
        if self.kinds:
            gram = sum(gram / (noise + t2) for noise, _count, gram in self.kinds)
            log_det = sum(count * np.log(noise + t2) for noise, count, _gram in self.kinds)
            return _Products(np.asarray(gram), float(log_det))
        scale = self.noise + t2
        return _Products((self.columns.T / scale) @ self.columns, float(np.sum(np.log(scale))))

    def solved(self, t2: float) -> _Solved:
        """The restricted likelihood at one t2, by Woodbury's identity on the products."""
        products = self.products(t2)
        size = self.factor.shape[1]
        core = np.eye(size) + products.gram[:size, :size]
        root = np.linalg.cholesky(core)
        half = np.linalg.solve(root, products.gram[:size, size:])
        inner = products.gram[size:, size:] - half.T @ half
        precision, right, square = inner[:-1, :-1], inner[:-1, -1], float(inner[-1, -1])
        unit_cov = floats(np.linalg.inv(precision))
        means = unit_cov @ right
        criterion = products.log_det + 2.0 * float(np.sum(np.log(np.diag(root))))
        criterion += float(np.linalg.slogdet(precision)[1]) + square - float(right @ means)
        return _Solved(core, unit_cov, self.level + means, criterion)

    def prior(self, t2: float) -> _Prior:
        """The model at one t2, with its restricted likelihood as criterion."""
        at = self.solved(t2)
        return _Prior(
            t2=t2,
            scale=self.noise + t2,
            factor=self.factor,
            core=at.core,
            units=self.units,
            centre=self.units @ at.means,
            unit_cov=at.unit_cov,
            criterion=at.criterion,
        )

    def fit(self) -> _Prior:
        """Estimate t2 (and the units' means) by REML."""
        spread = float(np.var(self.gap))
        top = max(spread, float(self.noise.mean()), 1e-12)
        bounds = (float(np.log(1e-9 * top)), float(np.log(10.0 * top)))
        options: Any = {"xatol": 1e-6, "maxiter": 100}
        found = minimize_scalar(
            lambda log_t2: self.solved(float(np.exp(log_t2))).criterion,
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
    blur = prior.units - prior.t2 * prior.solve(prior.units)
    judges = root.shape[1]
    # Written where they belong: a second copy of so large a table costs as much as the product.
    shared = np.empty((mean.size, judges + prior.units.shape[1]))
    np.matmul(gain[:, None] * prior.factor, root, out=shared[:, :judges])
    np.matmul(blur, np.linalg.cholesky(prior.unit_cov), out=shared[:, judges:])
    return _Posterior(mean, np.sqrt(gain * cal.noise[known]), shared)


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
    _refuse_no_place(k)
    known = np.isfinite(mean)
    values, vectors = np.linalg.eigh(cov[np.ix_(known, known)])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    noise = np.random.default_rng(seed).standard_normal((draws, root.shape[1]))
    units = np.zeros(mean.size, dtype=np.int64) if group is None else group
    drawn = mean[known] + noise @ root.T
    counted = _Counted(known.size)
    for _unit, members, entries in _members(units, known):
        order = _best_first(drawn[:, members])
        counted.count(entries, order, k)
    return counted.probs()


def ranks(
    cal: Calibration,
    k: int,
    group: IntArray | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> RankProbs:
    """``rank_probs(*posterior(cal))`` for any number of entries.

    The posterior is a diagonal plus what the judges and units share, so a draw
    costs E x J and never E x E. What is shared is drawn from ``seed``, the entries' own part
    unit by unit from ``[seed, unit]``. Deterministic for a seed. Raises ScoringError for
    k < 1, or when no entry has two scores.
    """
    _refuse_no_place(k)
    known = _known(cal)
    units = _units(cal, group)
    found = _posterior(cal, units, known)
    common = np.random.default_rng(seed).standard_normal((draws, found.shared.shape[1]))
    counted = _Counted(known.size)

    def draw(one: tuple[int, IntArray, IntArray]) -> None:
        unit, members, entries = one
        order = _drawn(found, members, common, np.random.default_rng([seed, unit]))
        counted.count(entries, order, k)

    parts = list(_members(units, known))
    if len(parts) == 1 or draws * found.mean.size < _BLOCK:
        for one in parts:
            draw(one)
    else:
        # Every unit has a generator and rows of its own, so their order does not matter.
        with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as pool:
            list(pool.map(draw, parts))
    return counted.probs()


def _drawn(
    found: _Posterior, members: IntArray, common: FloatArray, rng: np.random.Generator
) -> IntArray:
    """The entries of one unit, best first, in each draw, int64[draws, n]."""
    mean, own, shared = found.mean[members], found.own[members], found.shared[members].T
    draws = common.shape[0]
    order = np.empty((draws, members.size), dtype=np.int64)
    step = max(1, _BLOCK // members.size)
    for start in range(0, draws, step):
        part = slice(start, min(start + step, draws))
        drawn = rng.standard_normal((part.stop - start, members.size))
        drawn *= own
        drawn += common[part] @ shared
        drawn += mean
        order[part] = _best_first(drawn)
    return order


def _refuse_no_place(k: int) -> None:
    if k < 1:
        raise ScoringError("the number of places must be at least 1")


def _members(units: IntArray, known: BoolArray) -> Iterator[tuple[int, IntArray, IntArray]]:
    """Each unit with its entries, numbered among the known ones and among all."""
    inside, entries = units[known], np.flatnonzero(known)
    for unit in np.unique(inside):
        members = np.flatnonzero(inside == unit)
        yield int(unit), members, entries[members]


def _best_first(drawn: FloatArray) -> IntArray:
    """The entries of each draw, best first, int64[draws, n].

    Scores become whole numbers of 62 bits with the entry in the last ones: sorting those is quicker
    than sorting positions, and no processor can order equal scores in another way.
    """
    draws, size = drawn.shape
    bits = max(1, (size - 1).bit_length())
    top, low = float(drawn.max()), float(drawn.min())
    unit = 2.0 ** (61 - bits) / (top - low) if top > low else 0.0
    packed = np.empty((draws, size), dtype=np.int64)
    step = max(1, _NEAR // size)
    for start in range(0, draws, step):
        part = packed[start : start + step]
        part[:] = (top - drawn[start : start + step]) * unit
        part <<= bits
        part |= np.arange(size)
        part.sort(axis=1)
        part &= (1 << bits) - 1
    return packed


class _Counted:
    """Chances of places, filled in unit by unit."""

    def __init__(self, entries: int) -> None:
        """Start with nothing known of anybody."""
        self.p_top, self.expected = np.full(entries, np.nan), np.full(entries, np.nan)
        self.lo = np.zeros(entries, dtype=np.int64)
        self.hi = np.zeros(entries, dtype=np.int64)

    def count(self, entries: IntArray, order: IntArray, k: int) -> None:
        """Count who has which place in one unit; ``order``: the entries best first in each draw.

        How often an entry has a place or a better one says all there is to know. Places are gone
        through a few at a time, so that no table of all entries by all places is needed.
        """
        draws, size = order.shape
        low, high = np.floor(_LOW_QUANTILE * (draws - 1)), np.ceil(_HIGH_QUANTILE * (draws - 1))
        top, total, reached = (np.zeros(size, dtype=np.int64) for _sum in range(3))
        lo, hi = np.ones(size, dtype=np.int64), np.ones(size, dtype=np.int64)
        step = max(1, _BLOCK // size)
        for start in range(0, size, step):
            part = order[:, start : start + step]
            width = part.shape[1]
            cells = part * width
            cells += np.arange(width)
            table = np.bincount(cells.ravel(), minlength=size * width).reshape(size, width)
            place = np.arange(start + 1, start + width + 1)
            top += table[:, place <= k].sum(axis=1)
            total += table @ place
            table = np.cumsum(table, axis=1)
            table += reached[:, None]
            # The place of the n-th draw is the first one that more than n draws reach.
            lo += np.count_nonzero(table <= low, axis=1)
            hi += np.count_nonzero(table <= high, axis=1)
            reached = table[:, -1]
        self.p_top[entries] = top / draws
        self.expected[entries] = total / draws
        self.lo[entries], self.hi[entries] = lo, hi

    def probs(self) -> RankProbs:
        """What was counted."""
        return RankProbs(self.p_top, self.expected, self.lo, self.hi)
