"""What the scoring functions take and give back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Scores closer than this are the same score: float noise must not break a true tie.
TIE = 1e-9


def floats(values: ArrayLike) -> FloatArray:
    """The same numbers as float64."""
    return np.asarray(values, dtype=np.float64)


def tally(index: IntArray, size: int, weights: FloatArray | None = None) -> FloatArray:
    """How often each of 0..size-1 occurs, or the sum of its weights, float64[size]."""
    return floats(np.bincount(index, weights=weights, minlength=size))


class ScoringError(ValueError):
    """The data cannot be scored; the message says what to repair."""


class DisconnectedError(ScoringError):
    """Entries of one ranking unit were judged by groups that share no entry."""

    def __init__(self, message: str, units: tuple[int, ...]) -> None:
        """Name the ranking units that fall apart."""
        super().__init__(message)
        self.units = units


@dataclass(frozen=True)
class Finding:
    """Something the organiser should know; ``code`` is stable, ``message`` is English."""

    code: str
    message: str
    subjects: tuple[int, ...] = ()


def _indices(values: ArrayLike, bound: int, name: str) -> IntArray:
    raw = np.asarray(values)
    if raw.size and not np.issubdtype(raw.dtype, np.integer):
        raise ScoringError(f"{name} must be whole numbers")
    array = np.array(raw, dtype=np.int64)
    if array.ndim != 1:
        raise ScoringError(f"{name} must be one-dimensional")
    if array.size and (array.min() < 0 or array.max() >= bound):
        raise ScoringError(f"{name} must lie in 0..{bound - 1}")
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class Ratings:
    """One score per row: entry ``e[i]`` got ``y[i]`` points from judge ``j[i]``.

    ``e``, ``j``: int64[n]; ``y``: float64[n], NaN refused, never dropped (an
    abstention is a row that does not exist). ``group``: int64[n_entries], the
    ranking unit (nomination) of each entry, or None when all compete together.
    ``appeal``: b1[n], True for a score that a review panel gave on an appeal. It
    counts for its entry and tells nothing of how strict anybody is (``appeal.py``).
    """

    e: IntArray
    j: IntArray
    y: FloatArray
    n_entries: int
    n_judges: int
    group: IntArray | None = None
    appeal: BoolArray | None = None

    def __post_init__(self) -> None:
        """Copy the arrays, make them read-only and refuse what cannot be right."""
        e = _indices(self.e, self.n_entries, "entries")
        j = _indices(self.j, self.n_judges, "judges")
        y = np.array(self.y, dtype=np.float64)
        if not e.shape == j.shape == y.shape:
            raise ScoringError("entries, judges and scores must have one length")
        if not np.isfinite(y).all():
            raise ScoringError("a score is missing or infinite; leave an abstention out instead")
        y.setflags(write=False)
        object.__setattr__(self, "e", e)
        object.__setattr__(self, "j", j)
        object.__setattr__(self, "y", y)
        if self.group is not None:
            group = _indices(self.group, np.iinfo(np.int64).max, "groups")
            if group.shape != (self.n_entries,):
                raise ScoringError("groups must name one ranking unit per entry")
            object.__setattr__(self, "group", group)
        if self.appeal is not None and self.appeal.shape != y.shape:
            raise ScoringError("one flag per score says whether an appeal asked for it")

    @property
    def n(self) -> int:
        """Number of scores."""
        return int(self.y.size)

    @cached_property
    def entry_counts(self) -> IntArray:
        """Scores per entry, int64[n_entries]."""
        return np.bincount(self.e, minlength=self.n_entries).astype(np.int64)

    @cached_property
    def judge_counts(self) -> IntArray:
        """Scores per judge, int64[n_judges]."""
        return np.bincount(self.j, minlength=self.n_judges).astype(np.int64)

    @cached_property
    def units(self) -> IntArray:
        """Ranking unit of each entry; all zeros when there is one."""
        if self.group is None:
            return np.zeros(self.n_entries, dtype=np.int64)
        return self.group

    def raw_means(self) -> FloatArray:
        """Plain mean of each entry's scores; NaN where there is none."""
        sums = np.bincount(self.e, weights=self.y, minlength=self.n_entries)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(sums / self.entry_counts, dtype=np.float64)

    @cached_property
    def first(self) -> "Ratings":
        """The scores that were not asked for by an appeal; all of them where there are no others."""
        if self.appeal is None or not self.appeal.any() or self.appeal.all():
            return self
        return self.keep(~self.appeal)

    def keep(self, rows: BoolArray) -> "Ratings":
        """Only the rows marked True; entries and judges keep their numbers."""
        return Ratings(
            self.e[rows],
            self.j[rows],
            self.y[rows],
            self.n_entries,
            self.n_judges,
            self.group,
            None if self.appeal is None else self.appeal[rows],
        )


@dataclass(frozen=True, eq=False)
class Marks:
    """Raw marks of single criteria: row i is criterion ``c[i]`` of one scorecard.

    ``e``, ``j``, ``c``: int64[n]; ``x``: float64[n] marks; ``max_``: float64[C]
    the best mark of each criterion; ``weight``: float64[C].
    """

    e: IntArray
    j: IntArray
    c: IntArray
    x: FloatArray
    max_: FloatArray
    weight: FloatArray

    def __post_init__(self) -> None:
        """Refuse unequal lengths and missing marks."""
        if not self.e.shape == self.j.shape == self.c.shape == self.x.shape:
            raise ScoringError("entries, judges, criteria and marks must have one length")
        if not np.isfinite(self.x).all():
            raise ScoringError("a mark is missing; leave an abstention out instead")
        if self.max_.shape != self.weight.shape:
            raise ScoringError("each criterion needs one best mark and one weight")


@dataclass(frozen=True, eq=False)
class Calibration:
    """Scores after the judges' leniency was taken out.

    ``entry``, ``se``: float64[E]; ``leniency``, ``leniency_se``: float64[J]
    (positive = generous; NaN for who has no score). ``weights``, ``leverage``:
    float64[n], per score; ``hat`` works the leverages out when somebody asks.
    For every method except ``mixed`` and ``mfrm``

        entry[e] = sum_i w_i (y_i - leniency[j_i]) / sum_i w_i   over the scores of e.

    The covariance of the entries is ``diag(noise) + factor @ factor.T``, that of the
    leniencies ``judge_factor @ judge_factor.T`` where it is known.
    """

    entry: FloatArray
    se: FloatArray
    leniency: FloatArray
    leniency_se: FloatArray
    var_judge: float
    var_resid: float
    method: str
    ratings: Ratings
    weights: FloatArray
    hat: Callable[[], FloatArray]
    noise: FloatArray
    factor: FloatArray
    warnings: tuple[Finding, ...] = ()
    var_entry: float | None = None
    shrunk: bool = field(default=False)
    judge_factor: FloatArray | None = None

    def covariance(self, entries: Sequence[int] | IntArray | None = None) -> FloatArray:
        """Covariance of the calibrated scores of some entries (all by default), points²."""
        index = np.arange(self.entry.size) if entries is None else np.asarray(entries)
        factor = self.factor[index]
        return np.asarray(np.diag(self.noise[index]) + factor @ factor.T, dtype=np.float64)

    @property
    def cov(self) -> FloatArray:
        """The whole covariance, float64[E, E]; ask ``covariance`` for one ranking unit."""
        return self.covariance()

    @cached_property
    def leverage(self) -> FloatArray:
        """Diagonal of the hat matrix, by how much each score draws its own fit, float64[n]."""
        return self.hat()

    @cached_property
    def residuals(self) -> FloatArray:
        """``y - entry - leniency`` per score, float64[n], points."""
        rows = self.ratings
        return np.asarray(rows.y - self.entry[rows.e] - self.leniency[rows.j], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class RankProbs:
    """Where the entries may truly stand, each inside its ranking unit.

    ``p_top``: probability of being among the best k; ``expected_rank``: mean of
    the drawn ranks; ``lo``, ``hi``: the 90 % interval of the rank. NaN (and 0 in
    ``lo``/``hi``) for an entry without scores.
    """

    p_top: FloatArray
    expected_rank: FloatArray
    lo: IntArray
    hi: IntArray
