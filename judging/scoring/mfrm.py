"""Many-facet Rasch model: a judge's 8 may be another's 7.

    ln P(k) / P(k-1) = u_e - d_c - s_j - t_k        k = 1 … K-1

u: quality of the entry, d: difficulty of the criterion, s: severity of the judge
(positive = strict), t: thresholds of the categories; all in logits (Linacre 1989;
the rating scale of Andrich 1978). Two fits: ``fit_mml`` integrates the entries
out and is what the portal uses; ``fit_jml`` estimates them as parameters, as the
program Facets does, and is only for complete panels and published examples
(it diverges when the table is sparse).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from judging.scoring.types import TIE, FloatArray, IntArray, ScoringError, floats, tally

_MAX_NEWTON = 200
_SMALLEST_STEP = 1e-6
# Logits. Juries come to 1 to 4; beyond this the likelihood only grows with the distance of the entries.
_ENDLESS_SD = 25.0
# Logits; only where a judge or a criterion has nothing but the best, or the worst, marks.
_WEAK_PRIOR_SD = 5.0
_MOST_CATEGORIES = 101


@dataclass(frozen=True, eq=False)
class MFRM:
    """A fitted many-facet Rasch model, logits.

    ``entry_eap``, ``entry_sd``: f8[E], mean and sd of each entry's posterior (NaN
    without marks); ``severity``, ``severity_se``: f8[J], sum 0 (NaN without marks);
    ``difficulty``: f8[C]; ``tau``: f8[K-1]; ``sd_entry``: sd of the entries;
    ``deviance``: -2 log likelihood; ``infit``: f8[J], information-weighted mean square.
    """

    entry_eap: FloatArray
    entry_sd: FloatArray
    severity: FloatArray
    severity_se: FloatArray
    difficulty: FloatArray
    tau: FloatArray
    sd_entry: float
    deviance: float
    converged: bool
    infit: FloatArray


@dataclass(frozen=True, eq=False)
class _Table:
    """Checked input in compressed numbers; equal (judge, criterion) pairs share a curve."""

    n_e: int
    n_j: int
    n_c: int
    n_cat: int
    entries: IntArray
    judges: IntArray
    e: IntArray
    j: IntArray
    c: IntArray
    y: IntArray
    pair: IntArray
    pair_judge: IntArray
    pair_criterion: IntArray
    starts: IntArray


def _table(e: IntArray, j: IntArray, c: IntArray, y: IntArray, n_cat: int) -> _Table:
    if not e.shape == j.shape == c.shape == y.shape or e.size == 0:
        raise ScoringError("entries, judges, criteria and marks must have one length, not zero")
    if n_cat > _MOST_CATEGORIES:
        raise ScoringError(
            f"{n_cat} different marks are too many for the Rasch model: at most {_MOST_CATEGORIES}"
        )
    if n_cat < 2 or y.min() < 0 or y.max() >= n_cat:
        raise ScoringError(f"marks must be whole categories 0..{n_cat - 1}")
    missing = np.setdiff1d(np.arange(n_cat), y)
    if missing.size:
        raise ScoringError(f"nobody used category {int(missing[0])}; merge it with a neighbour")
    order = np.lexsort((y, c, j, e))
    entries, row_e = np.unique(e[order], return_inverse=True)
    judges, row_j = np.unique(j[order], return_inverse=True)
    criteria, row_c = np.unique(c[order], return_inverse=True)
    if criteria.size != int(c.max()) + 1:
        raise ScoringError("criteria must be numbered 0..C-1 without gaps")
    pairs, pair = np.unique(row_j * criteria.size + row_c, return_inverse=True)
    return _Table(
        n_e=entries.size,
        n_j=judges.size,
        n_c=criteria.size,
        n_cat=n_cat,
        entries=entries,
        judges=judges,
        e=row_e,
        j=row_j,
        c=row_c,
        y=y[order],
        pair=pair,
        pair_judge=pairs // criteria.size,
        pair_criterion=pairs % criteria.size,
        starts=np.flatnonzero(np.r_[True, row_e[1:] != row_e[:-1]]),
    )


def _curves(theta: FloatArray, hard: FloatArray, tau: FloatArray) -> FloatArray:
    """Log probabilities of the categories, f8[len(hard), len(theta), K]."""
    steps = np.concatenate([[0.0], np.cumsum(tau)])
    k = np.arange(steps.size)
    logit = k * (theta[None, :, None] - hard[:, None, None]) - steps
    top = logit.max(axis=2, keepdims=True)
    norm = top + np.log(np.sum(np.exp(logit - top), axis=2, keepdims=True))
    return np.asarray(logit - norm, dtype=np.float64)


def _unpack(point: FloatArray, t: _Table) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Free numbers to (difficulty, severity summing to 0, tau summing to 0, sd)."""
    difficulty = point[: t.n_c]
    free_s = point[t.n_c : t.n_c + t.n_j - 1]
    free_t = point[t.n_c + t.n_j - 1 : -1]
    severity = np.append(free_s, -free_s.sum())
    tau = np.append(free_t, -free_t.sum())
    return difficulty, severity, tau, float(np.exp(point[-1]))


@dataclass(frozen=True, eq=False)
class _Marginal:
    """The marginal likelihood at one point, with what its gradient is made of."""

    loglik: float
    posterior: FloatArray
    grid: FloatArray
    sd: float
    probability: FloatArray


def _marginal(point: FloatArray, t: _Table, nodes: FloatArray) -> _Marginal:
    """Integrate each entry over equal nodes, weights the normal density on them."""
    difficulty, severity, tau, sd = _unpack(point, t)
    hard = difficulty[t.pair_criterion] + severity[t.pair_judge]
    log_p = _curves(nodes * sd, hard, tau)
    rows = log_p[t.pair, :, t.y]
    loglik = np.add.reduceat(rows, t.starts, axis=0)
    prior = -0.5 * nodes**2
    prior = prior - np.log(np.sum(np.exp(prior)))
    joint = loglik + prior
    top = joint.max(axis=1, keepdims=True)
    total = top[:, 0] + np.log(np.sum(np.exp(joint - top), axis=1))
    return _Marginal(
        loglik=float(total.sum()),
        posterior=np.exp(joint - total[:, None]),
        grid=nodes * sd,
        sd=sd,
        probability=np.exp(log_p),
    )


def _gradient(m: _Marginal, t: _Table) -> FloatArray:
    """Gradient of the marginal log likelihood (Fisher's identity)."""
    k = np.arange(t.n_cat)
    weight = np.zeros((t.pair_judge.size, m.grid.size))
    by_row = m.posterior[t.e]
    np.add.at(weight, t.pair, by_row)
    expected = np.einsum("pq,pqk->pk", weight, m.probability)
    observed = np.bincount(t.pair * t.n_cat + t.y, minlength=expected.size)
    surplus = observed.reshape(expected.shape) - expected
    per_pair = surplus @ k
    hard_c = -np.bincount(t.pair_criterion, weights=per_pair, minlength=t.n_c)
    hard_j = -np.bincount(t.pair_judge, weights=per_pair, minlength=t.n_j)
    at_least = np.cumsum(surplus[:, ::-1], axis=1)[:, ::-1].sum(axis=0)[1:]
    step = -at_least
    # d/d log sd: the nodes move, so the rows' curves move with them.
    node_surplus = t.y[:, None] - (m.probability @ k)[t.pair]
    scale = float(np.sum(by_row * node_surplus * m.grid))
    return np.concatenate(
        [hard_c, hard_j[:-1] - hard_j[-1], step[:-1] - step[-1], np.array([scale])]
    )


def fit_mml(  # noqa: PLR0917
    e: IntArray,
    j: IntArray,
    c: IntArray,
    y: IntArray,
    n_cat: int,
    nodes: int = 81,
    span: float = 5.0,
) -> MFRM:
    """Marginal maximum likelihood, entries ``u ~ N(0, sd²)`` integrated out.

    ``e``, ``j``, ``c``: int64[n] indices; ``y``: int64[n], categories 0..n_cat-1.
    Integration by ``nodes`` equal steps over ``±span`` sd (Gauss-Hermite with 41
    points missed a deviance by 7.5). Identified by mean(u) = 0, sum(s) = 0,
    sum(t) = 0. Bock & Aitkin 1981; agrees with R's TAM to 0.002 logit.

    A judge or a criterion with nothing but the best, or the worst, marks has no finite measure of its
    own; where there is one, severities and difficulties get weak priors, ``N(0, 5²)`` around their mean.

    Raises ScoringError for unused categories, a mark out of range, and marks so orderly that
    every judge agrees on who is better: the farther apart the entries, the likelier, without end.
    """
    t = _table(e, j, c, y, n_cat)
    grid = np.linspace(-span, span, nodes)
    precision = _WEAK_PRIOR_SD**-2 if _has_extremes(t) else 0.0

    def slope(point: FloatArray, m: _Marginal) -> FloatArray:
        return _gradient(m, t) - precision * _distance(point, t)[1]

    def loss(point: FloatArray) -> tuple[float, FloatArray]:
        m = _marginal(point, t, grid)
        against = 0.5 * precision * _distance(point, t)[0]
        return (against - m.loglik) / t.y.size, -slope(point, m) / t.y.size

    shares = np.bincount(t.y, minlength=n_cat) / t.y.size
    tau = np.log(shares[:-1] / shares[1:])
    start = np.zeros(t.n_c + t.n_j - 1 + n_cat - 2 + 1)
    start[: t.n_c] = tau.mean()
    start[t.n_c + t.n_j - 1 : -1] = (tau - tau.mean())[:-1]
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 1000, "maxfun": 2000, "ftol": 1e-14, "gtol": 1e-8, "maxcor": 30},
    )
    point = np.asarray(found.x, dtype=np.float64)
    m = _marginal(point, t, grid)
    difficulty, severity, tau, sd = _unpack(point, t)
    if sd > _ENDLESS_SD:
        raise ScoringError(
            "the marks are too few and too orderly for the Rasch model: no finite measure"
        )
    eap = m.posterior @ m.grid
    eap_sd = np.sqrt(np.maximum(m.posterior @ m.grid**2 - eap**2, 0.0))
    return _result(
        t,
        eap=(eap, eap_sd),
        facets=(severity, difficulty, tau),
        severity_se=_severity_se(m, t, precision),
        sd=sd,
        deviance=-2.0 * m.loglik,
        converged=bool(np.max(np.abs(slope(point, m))) < 1e-3 * max(t.y.size, 1)),
        shape=(int(e.max()) + 1, int(j.max()) + 1),
    )


def _has_extremes(t: _Table) -> bool:
    """Whether a judge, or a criterion, has nothing but the best marks, or nothing but the worst."""
    return any(
        bool(np.isin(tally(index, size, floats(t.y)) / tally(index, size), (0, t.n_cat - 1)).any())
        for index, size in ((t.j, t.n_j), (t.c, t.n_c))
    )


def _distance(point: FloatArray, t: _Table) -> tuple[float, FloatArray]:
    """Squared distance of severities and difficulties from their means, and half its gradient."""
    difficulty, severity, tau, _sd = _unpack(point, t)
    apart = difficulty - difficulty.mean()
    steps = np.concatenate([apart, severity[:-1] - severity[-1], np.zeros(tau.size)])
    return float(apart @ apart + severity @ severity), steps


def with_more(  # noqa: PLR0917
    fit: MFRM,
    e: IntArray,
    j: IntArray,
    c: IntArray,
    y: IntArray,
    n_cat: int,
    nodes: int = 81,
    span: float = 5.0,
) -> MFRM:
    """The same severities, difficulties and thresholds, and entries told by all of these marks.

    For marks an appeal asked for (``appeal.py``): a judge the fit does not know has severity 0,
    the mean of the others, and no known error. Takes what ``fit_mml`` takes.
    """
    t = _table(e, j, c, y, n_cat)
    severity = np.zeros(int(j.max()) + 1)
    known = np.flatnonzero(np.isfinite(fit.severity))
    severity[known] = fit.severity[known]
    # Who gave no mark is not among the judges of the table; those left still have to sum to zero.
    own = severity[t.judges]
    level = float(own.mean())
    free = (fit.difficulty + level, (own - level)[:-1], fit.tau[:-1], [np.log(fit.sd_entry)])
    point = np.concatenate(free)
    m = _marginal(point, t, np.linspace(-span, span, nodes))
    eap = m.posterior @ m.grid
    eap_sd = np.sqrt(np.maximum(m.posterior @ m.grid**2 - eap**2, 0.0))
    error = np.full(severity.size, np.nan)
    error[known] = fit.severity_se[known]
    return _result(
        t,
        eap=(eap, eap_sd),
        facets=(own, fit.difficulty, fit.tau),
        severity_se=error[t.judges],
        sd=fit.sd_entry,
        deviance=fit.deviance,
        converged=fit.converged,
        shape=(int(e.max()) + 1, severity.size),
    )


def _severity_se(m: _Marginal, t: _Table, precision: float) -> FloatArray:
    """Standard errors of the severities, f8[J], by Louis' 1982 identity.

    Information of the complete data minus what not knowing the entries costs, on
    severities that sum to zero, thresholds and difficulties taken as known.
    """
    k = np.arange(t.n_cat)
    centre = m.probability @ k
    variance = m.probability @ k**2 - centre**2
    posterior = m.posterior[t.e]
    complete = tally(t.j, t.n_j, np.sum(posterior * variance[t.pair], axis=1))
    surprise = t.y[:, None] - centre[t.pair]
    surprise = surprise - np.sum(posterior * surprise, axis=1, keepdims=True)
    spread = surprise * np.sqrt(posterior)
    information = np.diag(complete + precision)
    for start, stop in zip(t.starts, [*t.starts[1:], t.y.size], strict=True):
        rows = slice(start, stop)
        np.subtract.at(information, np.ix_(t.j[rows], t.j[rows]), spread[rows] @ spread[rows].T)
    return _constrained_se(information)


def _constrained_se(information: FloatArray) -> FloatArray:
    """Errors of parameters that sum to zero, from their information matrix."""
    size = information.shape[0]
    if size == 1:
        return np.zeros(1)
    basis = np.vstack([np.eye(size - 1), -np.ones((1, size - 1))])
    covariance = basis @ np.linalg.pinv(basis.T @ information @ basis, hermitian=True) @ basis.T
    return np.asarray(np.sqrt(np.maximum(np.diag(covariance), 0.0)), dtype=np.float64)


def _result(
    t: _Table,
    *,
    eap: tuple[FloatArray, FloatArray],
    facets: tuple[FloatArray, FloatArray, FloatArray],
    severity_se: FloatArray,
    sd: float,
    deviance: float,
    converged: bool,
    shape: tuple[int, int],
) -> MFRM:
    severity, difficulty, tau = facets
    log_p = _curves(eap[0], difficulty[t.pair_criterion] + severity[t.pair_judge], tau)
    probability = np.exp(log_p[t.pair, t.e])
    k = np.arange(t.n_cat)
    centre = probability @ k
    variance = probability @ k**2 - centre**2
    surprise = np.bincount(t.j, weights=(t.y - centre) ** 2, minlength=t.n_j)
    expected = np.bincount(t.j, weights=variance, minlength=t.n_j)
    with np.errstate(invalid="ignore", divide="ignore"):
        infit = np.where(expected > 0, surprise / expected, np.nan)
    n_e, n_j = shape
    entry, entry_sd = np.full(n_e, np.nan), np.full(n_e, np.nan)
    entry[t.entries], entry_sd[t.entries] = eap
    full = np.full((3, n_j), np.nan)
    full[:, t.judges] = severity, severity_se, infit
    return MFRM(
        entry_eap=entry,
        entry_sd=entry_sd,
        severity=full[0],
        severity_se=full[1],
        difficulty=difficulty,
        tau=tau,
        sd_entry=sd,
        deviance=deviance,
        converged=converged,
        infit=full[2],
    )


def _sum_zero(sizes: tuple[int, ...]) -> FloatArray:
    """Facets from free numbers: the last member of each is minus the sum of the others."""
    basis = np.zeros((sum(sizes), sum(sizes) - len(sizes)))
    row = column = 0
    for size in sizes:
        basis[row : row + size - 1, column : column + size - 1] = np.eye(size - 1)
        basis[row + size - 1, column : column + size - 1] = -1.0
        row, column = row + size, column + size - 1
    return basis


@dataclass(frozen=True, eq=False)
class _Joint:
    """The joint likelihood: one row per mark, free facets first, then thresholds."""

    design: FloatArray
    y: IntArray
    n_cat: int

    def likelihood(self, at: FloatArray) -> tuple[float, FloatArray]:
        """Log likelihood and the probability of each category for each mark."""
        width = self.design.shape[1]
        steps = np.concatenate([[0.0], np.cumsum(at[width:])])
        logit = np.arange(self.n_cat) * (self.design @ at[:width])[:, None] - steps
        top = logit.max(axis=1, keepdims=True)
        log_p = logit - top - np.log(np.sum(np.exp(logit - top), axis=1, keepdims=True))
        return float(log_p[np.arange(self.y.size), self.y].sum()), np.exp(log_p)

    def newton(self, probability: FloatArray) -> FloatArray:
        """The full step uphill: information^-1 gradient."""
        k = np.arange(self.n_cat)
        reached = floats(k[None, :] >= k[1:, None])
        centre = probability @ k
        at_least = probability @ reached.T
        gradient = np.concatenate(
            [
                self.design.T @ (self.y - centre),
                np.sum(at_least - reached.T[self.y], axis=0),
            ]
        )
        variance = probability @ k**2 - centre**2
        cross = self.design.T @ ((probability * k) @ reached.T - centre[:, None] * at_least)
        both = np.einsum("nk,ak,bk->ab", probability, reached, reached) - at_least.T @ at_least
        own = (self.design.T * variance) @ self.design
        return floats(np.linalg.solve(np.block([[own, -cross], [-cross.T, both]]), gradient))


def fit_jml(e: IntArray, j: IntArray, c: IntArray, y: IntArray, n_cat: int) -> MFRM:
    """Joint maximum likelihood by Newton's method: entries are parameters too.

    Entries, severities and difficulties each sum to 0, thresholds are free.
    ``entry_sd`` are standard errors here and ``sd_entry`` the sample sd.

    Raises ScoringError where an entry, judge or criterion has only extreme marks:
    its measure would be infinite.
    """
    t = _table(e, j, c, y, n_cat)
    facets = ((t.e, t.n_e, "entry"), (t.j, t.n_j, "judge"), (t.c, t.n_c, "criterion"))
    for index, size, name in facets:
        marks = tally(index, size, floats(t.y)) / tally(index, size)
        if (marks <= 0).any() or (marks >= n_cat - 1).any():
            raise ScoringError(f"one {name} has only extreme marks: no finite measure")
    sizes = (t.n_e, t.n_j, t.n_c)
    signs = np.zeros((t.y.size, sum(sizes)))
    rows = np.arange(t.y.size)
    signs[rows, t.e] = 1.0
    signs[rows, t.n_e + t.j] = signs[rows, t.n_e + t.n_j + t.c] = -1.0
    basis = _sum_zero(sizes)
    joint = _Joint(signs @ basis, t.y, n_cat)
    shares = tally(t.y, n_cat)
    point = np.concatenate([np.zeros(basis.shape[1]), np.log(shares[:-1] / shares[1:])])
    value, probability = joint.likelihood(point)
    converged = False
    for _ in range(_MAX_NEWTON):
        move = joint.newton(probability)
        scale = 1.0
        while scale > _SMALLEST_STEP and joint.likelihood(point + scale * move)[0] < value - TIE:
            scale /= 2.0
        point = point + scale * move
        value, probability = joint.likelihood(point)
        if float(np.max(np.abs(move))) < TIE:
            converged = True
            break
    free = basis.shape[1]
    entry, severity, difficulty = np.split(basis @ point[:free], np.cumsum(sizes)[:-1])
    k = np.arange(n_cat)
    variance = probability @ k**2 - (probability @ k) ** 2
    return _result(
        t,
        eap=(entry, 1.0 / np.sqrt(tally(t.e, t.n_e, variance))),
        facets=(severity, difficulty, point[free:]),
        severity_se=1.0 / np.sqrt(tally(t.j, t.n_j, variance)),
        sd=float(np.std(entry, ddof=1)),
        deviance=-2.0 * value,
        converged=converged,
        shape=(int(e.max()) + 1, int(j.max()) + 1),
    )


def fair_score(
    fit: MFRM, weight: FloatArray | None = None, values: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Expected weighted mean mark before a judge of average severity ("fair average").

    ``sum_c w_c E[mark | u, d_c, s = 0] / sum_c w_c`` (Linacre's fair measure
    average) and its standard error by the slope of that curve. ``values``: f8[K],
    the marks that the categories stand for (0, 1, 2, … by default). Returns
    f8[E], f8[E] in those points; NaN without marks.
    """
    w = np.ones(fit.difficulty.size) if weight is None else weight
    w = w / w.sum()
    k = np.arange(fit.tau.size + 1)
    marks = floats(k) if values is None else values
    known = np.isfinite(fit.entry_eap)
    theta = np.where(known, fit.entry_eap, 0.0)
    probability = np.exp(_curves(theta, fit.difficulty, fit.tau))
    centre = probability @ marks
    slope = probability @ (k * marks) - centre * (probability @ k)
    score = np.where(known, w @ centre, np.nan)
    return score, np.where(known, (w @ slope) * fit.entry_sd, np.nan)
