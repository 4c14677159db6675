"""Both entries and judges shrunk: crossed random effects.

An option and a source of variance components (reliability), never the default:
where panels follow tracks, it reads a strong track as a lenient panel.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize

from judging.scoring.types import Calibration, FloatArray, IntArray, Ratings, ScoringError, tally

# Bounds of the logarithms of both variance ratios.
_LOW, _HIGH = -18.0, 18.0
_ZERO = 1e-7


@dataclass(frozen=True, eq=False)
class Components:
    """Variance components of ``y = mu + entry + judge + noise``, points²."""

    mu: float
    var_entry: float
    var_judge: float
    var_resid: float
    criterion: float


@dataclass(frozen=True, eq=False)
class _Problem:
    """Sufficient statistics; the entries are absorbed analytically."""

    n: int
    table: FloatArray
    per_entry: FloatArray
    per_judge: FloatArray
    sum_entry: FloatArray
    sum_judge: FloatArray
    squares: float

    def solve(self, rho_e: float, rho_j: float) -> "_State":
        """Everything at one pair of ratios, with H = I + rho_e ZeZe' + rho_j ZjZj'."""
        absorb = rho_e / (1.0 + rho_e * self.per_entry)
        matrix = np.diag(self.per_judge) - (self.table.T * absorb) @ self.table
        zy = self.sum_judge - self.table.T @ (absorb * self.sum_entry)
        zx = self.per_judge - self.table.T @ (absorb * self.per_entry)
        xx = self.n - float(np.sum(absorb * self.per_entry**2))
        xy = float(self.sum_entry.sum() - np.sum(absorb * self.per_entry * self.sum_entry))
        yy = self.squares - float(np.sum(absorb * self.sum_entry**2))
        inner = np.eye(matrix.shape[0]) + rho_j * matrix
        hx, hy = rho_j * np.linalg.solve(inner, zx), rho_j * np.linalg.solve(inner, zy)
        x_x = xx - float(zx @ hx)
        mu = (xy - float(zx @ hy)) / x_x
        rss = yy - float(zy @ hy) - mu**2 * x_x
        judge = hy - mu * hx
        log_det = float(np.sum(np.log1p(rho_e * self.per_entry)))
        log_det += float(np.linalg.slogdet(inner)[1]) + float(np.log(x_x))
        degrees = self.n - 1
        # Of equal scores nothing is left; the likelihood of no residual would be infinite.
        rss = max(rss, self.squares * 1e-15, np.finfo(np.float64).tiny)
        criterion = degrees * (1.0 + np.log(2.0 * np.pi * rss / degrees)) + log_det
        return _State(float(criterion), float(mu), rss / degrees, judge, absorb, inner)


@dataclass(frozen=True, eq=False)
class _State:
    criterion: float
    mu: float
    variance: float
    judge: FloatArray
    absorb: FloatArray
    inner: FloatArray


def _problem(ratings: Ratings) -> tuple[_Problem, IntArray, IntArray, float]:
    if ratings.n < 3:
        raise ScoringError("variance components need at least three scores")
    order = np.lexsort((ratings.y, ratings.j, ratings.e))
    entries, e = np.unique(ratings.e[order], return_inverse=True)
    judges, j = np.unique(ratings.j[order], return_inverse=True)
    shift = float(ratings.y[order].mean())
    y = ratings.y[order] - shift
    table = tally(e * judges.size + j, entries.size * judges.size)
    counts = table.reshape(entries.size, judges.size)
    problem = _Problem(
        n=ratings.n,
        table=counts,
        per_entry=counts.sum(axis=1),
        per_judge=counts.sum(axis=0),
        sum_entry=tally(e, entries.size, y),
        sum_judge=tally(j, judges.size, y),
        squares=float(y @ y),
    )
    return problem, entries, judges, shift


def _optimum(problem: _Problem) -> tuple[float, float, _State]:
    """REML over both log ratios from a coarse grid; a ratio next to nothing is zero."""
    if problem.squares <= 0.0:
        return 0.0, 0.0, replace(problem.solve(0.0, 0.0), variance=0.0)
    scale_e = float(np.mean(problem.per_entry))
    scale_j = float(np.mean(problem.per_judge))

    def criterion(point: FloatArray) -> float:
        clipped = np.clip(point, _LOW, _HIGH)
        penalty = float(np.sum((point - clipped) ** 2))
        rho = np.exp(clipped)
        return problem.solve(rho[0] / scale_e, rho[1] / scale_j).criterion + penalty

    starts = [(a, b) for a in (-3.0, 0.0, 3.0) for b in (-3.0, 0.0, 3.0)]
    start = min(starts, key=lambda s: criterion(np.array(s)))
    options: Any = {"xatol": 1e-8, "fatol": 1e-11, "maxiter": 2000, "maxfev": 4000}
    found = minimize(criterion, np.array(start), method="Nelder-Mead", options=options)
    ratios = np.exp(np.clip(found.x, _LOW, _HIGH))
    ratios[ratios < _ZERO] = 0.0
    rho_e, rho_j = float(ratios[0] / scale_e), float(ratios[1] / scale_j)
    return rho_e, rho_j, problem.solve(rho_e, rho_j)


def variance_components(ratings: Ratings) -> Components:
    """REML estimates of the crossed model (as ``lmer(y ~ 1 + (1|entry) + (1|judge))``).

    Raises ScoringError with fewer than three scores.
    """
    problem, _, _, shift = _problem(ratings)
    rho_e, rho_j, state = _optimum(problem)
    return Components(
        mu=state.mu + shift,
        var_entry=rho_e * state.variance,
        var_judge=rho_j * state.variance,
        var_resid=state.variance,
        criterion=state.criterion,
    )


def mixed(ratings: Ratings) -> Calibration:
    """Crossed random effects by Henderson's equations; entries and judges shrunk.

    ``y = mu + u_e + b_j + noise``, both normal, REML (Henderson 1975; Ge, Welling
    & Ghahramani for juries). ``entry`` is the predictor ``mu + u_e``; its
    covariance is that of the prediction error. Assumes that every panel got
    entries of the same quality.
    """
    problem, entries, judges, shift = _problem(ratings)
    rho_e, rho_j, state = _optimum(problem)
    table, absorb = problem.table, state.absorb
    counts = problem.per_entry
    swept = absorb * (problem.sum_entry - counts * state.mu - table @ state.judge)
    # Prediction errors: sweep the judges and mu out of the entries' equations.
    matrix = rho_j * np.linalg.inv(state.inner)
    zx = problem.per_judge - table.T @ (absorb * counts)
    gain = absorb[:, None] * table
    x_x = ratings.n - float(np.sum(absorb * counts**2)) - float(zx @ matrix @ zx)
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    mean_part = (1.0 - absorb * counts) + gain @ (matrix @ zx)
    sd = float(np.sqrt(state.variance))
    pieces = np.hstack([gain @ root, (mean_part / np.sqrt(x_x))[:, None]]) * sd
    factor = np.full((ratings.n_entries, pieces.shape[1]), np.nan)
    factor[entries] = pieces
    noise = np.full(ratings.n_entries, np.nan)
    noise[entries] = state.variance * absorb
    score = np.full(ratings.n_entries, np.nan)
    score[entries] = shift + state.mu + swept
    leniency = np.full(ratings.n_judges, np.nan)
    leniency[judges] = state.judge
    leniency_se = np.full(ratings.n_judges, np.nan)
    own = matrix @ zx
    leniency_se[judges] = sd * np.sqrt(np.maximum(np.diag(matrix) + own**2 / x_x, 0.0))
    compact = np.searchsorted(entries, ratings.e)
    return Calibration(
        entry=score,
        se=np.sqrt(noise + np.sum(factor**2, axis=1)),
        leniency=leniency,
        leniency_se=leniency_se,
        var_judge=rho_j * state.variance,
        var_resid=state.variance,
        method="mixed",
        ratings=ratings,
        weights=np.ones(ratings.n),
        hat=lambda: absorb[compact],
        noise=noise,
        factor=factor,
        var_entry=rho_e * state.variance,
        shrunk=True,
    )
