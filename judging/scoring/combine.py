"""One result from several: expert and public juries, essay and defence, segments."""

import numpy as np

from judging.scoring.types import FloatArray, IntArray, ScoringError

PUBLIC_CAP = 0.3


def weighted(
    parts: FloatArray, w: FloatArray, *, standardise: bool, group: IntArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Weighted mean of several scores of each entry, and what each part really weighs.

    ``C = sum_s w_s x_s / sum_s w_s``; with ``standardise`` each part is first put
    to mean 0 and sd 1 inside each unit (a part on which all agree adds nothing).
    The effective weight of a part is its share of the variance of C within
    units, ``w_s (w_s Var_s + sum_t w_t Cov_st)``, normalised to sum 1.

    ``parts``: f8[E, S], NaN = the entry lacks that part and gets no result;
    ``w``: f8[S] >= 0. Returns f8[E] and f8[S] (NaN when C does not vary).
    """
    if parts.ndim != 2 or w.shape != (parts.shape[1],):
        raise ScoringError("one weight per part is needed")
    if not np.isfinite(w).all() or (w < 0).any() or w.sum() <= 0:
        raise ScoringError("weights must be zero or more, and not all zero")
    share = w / w.sum()
    whole = np.isfinite(parts[:, share > 0]).all(axis=1)
    units = np.zeros(parts.shape[0], dtype=np.int64) if group is None else group
    values = np.where(share > 0, parts, 0.0)
    inside = np.full(parts.shape, np.nan)
    for unit in np.unique(units[whole]):
        rows = whole & (units == unit)
        centred = values[rows] - values[rows].mean(axis=0)
        spread = centred.std(axis=0)
        if standardise:
            flat = spread <= 1e-12 * np.maximum(1.0, np.abs(values[rows]).max(axis=0))
            centred = np.where(flat, 0.0, centred / np.where(flat, 1.0, spread))
            values[rows] = centred
        inside[rows] = centred
    score = np.where(whole, values @ share, np.nan)
    effective = np.full(share.size, np.nan)
    if whole.any():
        covariance = (inside[whole].T @ inside[whole]) / np.count_nonzero(whole)
        contribution = share * (covariance @ share)
        total = float(contribution.sum())
        if total > 0:
            effective = contribution / total
    return score, effective


def juries(
    expert: FloatArray, public: FloatArray, w: float, group: IntArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Expert and public scores, standardised within the nomination, public share w.

    ``C = (1-w) z(expert) + w z(public)``. Without standardising the jury that
    spreads its points wider rules: in Eurovision finals 2016-22 a nominal half
    of the televote carried 53-61 % of the variance. ``w`` is capped at 0.3.

    Returns f8[E] and the effective weights (expert, public). Raises ScoringError
    for w outside 0..0.3.
    """
    if not 0.0 <= w <= PUBLIC_CAP:
        raise ScoringError(f"the public's weight must lie in 0..{PUBLIC_CAP}")
    parts = np.column_stack([expert, public])
    return weighted(parts, np.array([1.0 - w, w]), standardise=True, group=group)


def bayes_average(
    means: FloatArray, votes: IntArray, grand: float, strength: float = 20.0
) -> FloatArray:
    """Public mean drawn towards the grand mean while votes are few.

    ``(n m + 20 M) / (n + 20)``; without a vote it is the grand mean. f8[E].
    """
    known = np.where(votes > 0, means, 0.0)
    return np.asarray((votes * known + strength * grand) / (votes + strength), dtype=np.float64)
