"""The judges' normal equations after the entries are swept out.

In ``y = entry + judge + noise`` with entries as fixed effects, everything that
the judges can be compared by is in

    S = Z'(W - W P_E)Z,   c = Z'(W - W P_E)y,   q = y'(W - W P_E)y

where Z says which judge gave which score, W are weights (ones) and P_E replaces
a score by the mean of its entry. S is the Laplacian of the graph "judges joined
by the entries that they share" (Searle, Casella & McCulloch 1992, ch. 5 and 6).
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from scipy.optimize import brentq
from scipy.sparse import coo_array, csr_array

from judging.scoring.types import FloatArray, IntArray, Ratings, tally

# Bounds of log(var_judge / var_resid), relative to the information of a typical judge.
LOWEST, HIGHEST, STEPS = -12.0, 14.0, 105


@dataclass(frozen=True, eq=False)
class Swept:
    """Normal equations of the J judges who gave a score, entries eliminated.

    ``entries``, ``judges``: their numbers in the ratings; ``row_entry``,
    ``row_judge``: int64[n], numbers in this compressed world; ``share``:
    sparse f8[E, J], the weight of a judge among the scores of an entry (rows sum to 1);
    ``values``, ``vectors``: eigenpairs of S in increasing order, of which the
    first ``n_components`` are exact zeros.
    """

    entries: IntArray
    judges: IntArray
    row_entry: IntArray
    row_judge: IntArray
    weights: FloatArray
    entry_weight: FloatArray
    entry_mean: FloatArray
    share: csr_array
    matrix: FloatArray
    gradient: FloatArray
    total: float
    degrees: int
    values: FloatArray
    vectors: FloatArray
    n_components: int

    @property
    def positive(self) -> FloatArray:
        """Eigenvalues of the directions in which judges can be compared."""
        return self.values[self.n_components :]

    @property
    def power(self) -> FloatArray:
        """Squared projections of ``c`` on those directions."""
        projected = self.vectors[:, self.n_components :].T @ self.gradient
        return np.asarray(projected**2, dtype=np.float64)

    def rss(self, rho: float) -> float:
        """``q - c'(S + I/rho)^-1 c``: residual sum of squares at a variance ratio."""
        lam, power = self.positive, self.power
        least = max(self.total - float(np.sum(power / lam)), 0.0)
        return least + float(np.sum(power / (lam * (1.0 + rho * lam))))


def sweep(ratings: Ratings, weights: FloatArray | None = None) -> Swept:
    """Eliminate the entries; judges and entries without a score are left out.

    Scores are put into one canonical order first, so that the order of the rows
    cannot change a bit of the result. Without weights it is done once for the same ratings.
    """
    if weights is not None:
        return _swept(ratings, weights)
    if ratings not in _DONE:
        _DONE[ratings] = _swept(ratings, None)
    return _DONE[ratings]


# What has been swept already, as long as somebody holds the ratings.
_DONE: "WeakKeyDictionary[Ratings, Swept]" = WeakKeyDictionary()


def _swept(ratings: Ratings, weights: FloatArray | None) -> Swept:
    w = np.ones(ratings.n) if weights is None else weights
    order = np.lexsort((w, ratings.y, ratings.j, ratings.e))
    entries, row_entry = np.unique(ratings.e, return_inverse=True)
    judges, row_judge = np.unique(ratings.j, return_inverse=True)
    n_e, n_j = entries.size, judges.size
    e, j, y, v = row_entry[order], row_judge[order], ratings.y[order], w[order]
    entry_weight = tally(e, n_e, v)
    entry_mean = tally(e, n_e, v * y) / entry_weight
    deviation = y - entry_mean[e]
    # Few judges read an entry: the table is nearly empty. Scores of one pair are added up.
    table = csr_array(coo_array((v, (e, j)), shape=(n_e, n_j)))
    share = csr_array(coo_array((v / entry_weight[e], (e, j)), shape=(n_e, n_j)))
    matrix = np.diag(tally(j, n_j, v)) - (share.T @ table).toarray()
    matrix = (matrix + matrix.T) / 2.0
    values, vectors = np.linalg.eigh(matrix)
    components = _n_components(e, j, n_e, n_j)
    values = np.maximum(values, 0.0)
    values[:components] = 0.0
    values[components:] = np.maximum(values[components:], np.finfo(np.float64).tiny)
    return Swept(
        entries=entries.astype(np.int64),
        judges=judges.astype(np.int64),
        row_entry=row_entry.astype(np.int64),
        row_judge=row_judge.astype(np.int64),
        weights=w,
        entry_weight=entry_weight,
        entry_mean=entry_mean,
        share=share,
        matrix=matrix,
        gradient=tally(j, n_j, v * deviation),
        total=float(np.sum(v * deviation**2)),
        degrees=int(ratings.n - n_e),
        values=values,
        vectors=vectors,
        n_components=components,
    )


def _n_components(e: IntArray, j: IntArray, n_e: int, n_j: int) -> int:
    from judging.scoring.design import components

    labels, _ = components(e, j, n_e, n_j)
    return int(labels.max(initial=-1)) + 1


def reml_ratio(swept: Swept) -> float:
    """``rho = var_judge / var_resid`` by restricted maximum likelihood, 0 or more.

    Minimises the profiled criterion ``d log(rss(rho)/d) + sum log(1 + rho l_i)``
    with ``d = n - E`` (Patterson & Thompson 1971; the profile that lme4 uses):
    a fixed grid finds the valley, the root of the derivative its floor.
    """
    lam, power, degrees = swept.positive, swept.power, swept.degrees
    if degrees <= 0 or lam.size == 0 or swept.total <= 0:
        return 0.0
    unit = float(lam.mean())
    least = max(swept.total - float(np.sum(power / lam)), 0.0)
    floor = swept.total * 1e-14

    def slope(log_rho: float) -> float:
        rho = np.exp(log_rho) / unit
        shrunk = 1.0 + rho * lam
        rss = max(least + float(np.sum(power / (lam * shrunk))), floor)
        return float(rho * (np.sum(lam / shrunk) - degrees * np.sum(power / shrunk**2) / rss))

    grid = np.linspace(LOWEST, HIGHEST, STEPS)
    shrunk = 1.0 + (np.exp(grid) / unit)[:, None] * lam
    rss = np.maximum(least + np.sum(power / (lam * shrunk), axis=1), floor)
    criterion = degrees * np.log(rss) + np.sum(np.log(shrunk), axis=1)
    best = int(np.argmin(criterion))
    if best == 0:
        # No severity pays for itself: the criterion rises from zero on.
        return 0.0
    if best == STEPS - 1:
        return float(np.exp(grid[-1]) / unit)
    low, high = float(grid[best - 1]), float(grid[best + 1])
    if slope(low) >= 0 or slope(high) <= 0:
        return float(np.exp(grid[best]) / unit)
    return float(np.exp(brentq(slope, low, high, xtol=1e-13, rtol=1e-14)) / unit)


def reml_criterion(swept: Swept, rho: float) -> float:
    """-2 log restricted likelihood at ``rho``, as lme4 prints it (unit weights)."""
    variance = swept.rss(rho) / swept.degrees
    return float(
        swept.degrees * (1.0 + np.log(2.0 * np.pi * variance))
        + np.sum(np.log1p(rho * swept.positive))
        + np.sum(np.log(swept.entry_weight))
    )
