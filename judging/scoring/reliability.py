"""Would another jury have given the same list? Intraclass correlations and alpha."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from judging.scoring.mixed import variance_components
from judging.scoring.types import FloatArray, IntArray, Ratings, ScoringError, floats

Level = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True)
class ICC:
    """Intraclass correlations in Shrout & Fleiss' 1979 names.

    ``single_oneway`` ICC(1,1), ``single_abs`` ICC(2,1), ``single_cons`` ICC(3,1);
    ``mean_*`` the same for the mean of ``k`` judges (k = harmonic mean of the
    scores per entry when they differ).
    """

    single_oneway: float
    single_abs: float
    single_cons: float
    mean_oneway: float
    mean_abs: float
    mean_cons: float
    k: float


def icc(e: IntArray, j: IntArray, y: FloatArray) -> ICC:
    """Reliability of one score and of the mean score of an entry.

    ``r1 = s2_e / (s2_e + s2_j + s2)``, ``rk = s2_e / (s2_e + (s2_j + s2)/k)``; the
    consistency forms leave s2_j out. Components by analysis of variance when
    every judge scored every entry once (may be negative, as published), else by
    REML of the crossed model. Below 0.5, the order in the middle is mostly chance.

    ``e``, ``j``: int64[n]; ``y``: float64[n]. Raises ScoringError for fewer than
    two entries or without repeated scores.
    """
    entries, row_e = np.unique(e, return_inverse=True)
    judges, row_j = np.unique(j, return_inverse=True)
    counts = np.bincount(row_e)
    if entries.size < 2 or e.size <= entries.size:
        raise ScoringError("reliability needs two entries and an entry with two scores")
    within, between, effective = _oneway(row_e, y, counts)
    entry_oneway = (between - within) / effective
    k = float(counts.size / np.sum(1.0 / counts))
    cells = np.unique(row_e * judges.size + row_j).size
    if cells == entries.size * judges.size == e.size and judges.size > 1:
        table = np.empty((entries.size, judges.size))
        table[row_e, row_j] = y
        var_entry, var_judge, var_resid = _two_way(table)
    else:
        parts = variance_components(Ratings(row_e, row_j, y, entries.size, judges.size))
        var_entry, var_judge, var_resid = parts.var_entry, parts.var_judge, parts.var_resid
    return ICC(
        single_oneway=_ratio(entry_oneway, within),
        single_abs=_ratio(var_entry, var_judge + var_resid),
        single_cons=_ratio(var_entry, var_resid),
        mean_oneway=_ratio(entry_oneway, within / k),
        mean_abs=_ratio(var_entry, (var_judge + var_resid) / k),
        mean_cons=_ratio(var_entry, var_resid / k),
        k=k,
    )


def _ratio(signal: float, noise: float) -> float:
    total = signal + noise
    return signal / total if total != 0 else float("nan")


def _oneway(e: IntArray, y: FloatArray, counts: IntArray) -> tuple[float, float, float]:
    """Mean squares within and between entries, and the effective number of scores."""
    means = np.bincount(e, weights=y) / counts
    within = float(np.sum((y - means[e]) ** 2)) / (y.size - counts.size)
    between = float(np.sum(counts * (means - y.mean()) ** 2)) / (counts.size - 1)
    effective = (y.size - float(np.sum(counts**2)) / y.size) / (counts.size - 1)
    return within, between, effective


def _two_way(table: FloatArray) -> tuple[float, float, float]:
    """Variance components of a complete table (Shrout & Fleiss 1979)."""
    n, k = table.shape
    grand = table.mean()
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    ms_rows = k * float(np.sum((rows - grand) ** 2)) / (n - 1)
    ms_columns = n * float(np.sum((columns - grand) ** 2)) / (k - 1)
    rest = table - rows[:, None] - columns[None, :] + grand
    ms_rest = float(np.sum(rest**2)) / ((n - 1) * (k - 1))
    return (ms_rows - ms_rest) / k, (ms_columns - ms_rest) / n, ms_rest


def alpha(e: IntArray, j: IntArray, y: FloatArray, level: Level = "interval") -> float:
    """Krippendorff's alpha, ``1 - D_observed / D_expected``; missing cells allowed.

    Coincidences of values within entries (Krippendorff 2011, "Computing
    Krippendorff's alpha-reliability"); ``level`` chooses the difference. It
    punishes the severities that calibration takes out, so report it before and
    after. Returns NaN when all values are equal.

    Raises ScoringError when no entry has two scores.
    """
    if not e.shape == j.shape == y.shape:
        raise ScoringError("entries, judges and scores must have one length")
    row_e = np.unique(e, return_inverse=True)[1]
    counts = np.bincount(row_e)
    paired = counts[row_e] >= 2
    if not paired.any():
        raise ScoringError("no entry has two scores")
    units = np.unique(row_e[paired], return_inverse=True)[1]
    values, code = np.unique(y[paired], return_inverse=True)
    cells = (int(units.max()) + 1) * values.size
    table = np.bincount(units * values.size + code, minlength=cells).astype(np.float64)
    table = table.reshape(-1, values.size)
    size = table.sum(axis=1)
    coincidence = (table.T / (size - 1.0)) @ table - np.diag((table.T / (size - 1.0)).sum(axis=1))
    total = coincidence.sum(axis=1)
    difference = _difference(values, total, level)
    expected = float(total @ difference @ total) / (total.sum() - 1.0)
    if expected == 0:
        return float("nan")
    return float(1.0 - np.sum(coincidence * difference) / expected)


def _difference(values: FloatArray, total: FloatArray, level: Level) -> FloatArray:
    """Squared difference of two values at a level of measurement, f8[V, V]."""
    gap = values[:, None] - values[None, :]
    if level == "nominal":
        return floats(gap != 0)
    if level == "interval":
        return np.asarray(gap**2, dtype=np.float64)
    if level == "ratio":
        whole = values[:, None] + values[None, :]
        share = np.divide(gap, whole, out=np.zeros_like(gap), where=whole != 0)
        return np.asarray(share**2, dtype=np.float64)
    middle = np.cumsum(total) - total / 2.0
    return np.asarray((middle[:, None] - middle[None, :]) ** 2, dtype=np.float64)
