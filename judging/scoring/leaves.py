"""One leaf of a result: its frozen scorecards as arrays, and their calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from judging.scoring import calibrate, combine
from judging.scoring.design import components, suggest_anchors
from judging.scoring.pipeline import STANDARD, Rules, calibrated, fitted
from judging.scoring.tree import ALONE, BAYES, MFRM, Json
from judging.scoring.types import (
    Calibration,
    Finding,
    FloatArray,
    IntArray,
    Marks,
    Ratings,
    tally,
)
from judging.scoring.written import texts

ANCHORS = 10


@dataclass(frozen=True, eq=False)
class Fit:
    """One leaf, calibrated over all nominations that share its judges.

    ``score``, ``noise``, ``raw``: f8[E], NaN without a scorecard; ``factor``: f8[E, F];
    ``split``: nominations in which groups of judges share no entry, with the anchors proposed.
    """

    leaf: Json
    calibration: Calibration | None
    method: str
    switch: str
    score: FloatArray
    raw: FloatArray
    count: IntArray
    noise: FloatArray
    factor: FloatArray
    ratings: Ratings | None
    findings: tuple[Finding, ...]
    split: dict[int, list[tuple[int, int]]]

    @cached_property
    def leniency(self) -> FloatArray:
        """Mean leniency of those who scored each entry, f8[E]; NaN where nobody was calibrated."""
        if self.calibration is None or self.ratings is None:
            return np.full(self.score.size, np.nan)
        rows = self.ratings
        total = tally(rows.e, rows.n_entries, self.calibration.leniency[rows.j])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(total / rows.entry_counts, dtype=np.float64)

    @cached_property
    def judges_of(self) -> dict[int, list[int]]:
        """Who scored an entry of each nomination, in the order of the judges."""
        found: dict[int, list[int]] = {}
        if self.ratings is None:
            return found
        rows = self.ratings
        pairs = np.unique(rows.units[rows.e] * rows.n_judges + rows.j)
        for nomination, judge in zip(
            *(one.tolist() for one in np.divmod(pairs, rows.n_judges)), strict=True
        ):
            found.setdefault(nomination, []).append(judge)
        return found

    @cached_property
    def judges_told(self) -> tuple[list[int], list[str | None], list[str | None]]:
        """Of each judge the number of scores, the leniency and its error, as they are written."""
        if self.calibration is None or self.ratings is None:
            return [], [], []
        cal = self.calibration
        return self.ratings.judge_counts.tolist(), texts(cal.leniency), texts(cal.leniency_se)


@dataclass(frozen=True)
class Names:
    """Entries and judges in a fixed order, so that no order of rows can matter."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    nominations: IntArray

    @classmethod
    def of(cls, inputs: Mapping[str, Any]) -> "Names":
        entries = sorted((str(name), int(nomination)) for name, nomination in inputs["entries"])
        judges = sorted({card[1] for cards in inputs["scorecards"].values() for card in cards})
        return cls(
            entries=tuple(name for name, _of in entries),
            judges=tuple(judges),
            nominations=np.array([of for _name, of in entries], dtype=np.int64),
        )


def ratings_of(
    names: Names, cards: Sequence[Sequence[Any]], appeals: Sequence[Sequence[Any]] = ()
) -> Ratings | None:
    """The totals of one leaf as arrays; None when nobody has scored.

    ``appeals``: [entry, judge] of the scores that an appeal asked for.
    """
    if not cards:
        return None
    entry = {name: index for index, name in enumerate(names.entries)}
    judge = {name: index for index, name in enumerate(names.judges)}
    e = np.array([entry[card[0]] for card in cards], dtype=np.int64)
    j = np.array([judge[card[1]] for card in cards], dtype=np.int64)
    y = np.array([float(card[2]) for card in cards])
    # The order of addition is part of the last digit: rows go by entry, judge and score.
    order = np.lexsort((y, j, e))
    asked = {(one[0], one[1]) for one in appeals}
    appeal = np.array([(card[0], card[1]) in asked for card in cards]) if asked else None
    return Ratings(
        e[order],
        j[order],
        y[order],
        len(names.entries),
        len(names.judges),
        names.nominations,
        None if appeal is None else appeal[order],
    )


def marks_of(names: Names, leaf: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> Marks:
    """The single marks of a leaf: [entry, judge, criterion, value]."""
    entry = {name: index for index, name in enumerate(names.entries)}
    judge = {name: index for index, name in enumerate(names.judges)}
    criterion = {one[0]: index for index, one in enumerate(leaf["criteria"])}
    return Marks(
        e=np.array([entry[row[0]] for row in rows], dtype=np.int64),
        j=np.array([judge[row[1]] for row in rows], dtype=np.int64),
        c=np.array([criterion[row[2]] for row in rows], dtype=np.int64),
        x=np.array([float(row[3]) for row in rows]),
        max_=np.array([float(one[1]) for one in leaf["criteria"]]),
        weight=np.array([float(one[2]) for one in leaf["criteria"]]),
    )


def fit_leaf(names: Names, leaf: Json, inputs: Mapping[str, Any]) -> Fit:
    """Calibrate the scores of one leaf; nominations that fall apart are set aside, with anchors."""
    size = len(names.entries)
    ratings = ratings_of(
        names,
        inputs["scorecards"].get(leaf["slug"], ()),
        inputs.get("appeals", {}).get(leaf["slug"], ()),
    )
    empty = np.full(size, np.nan)
    if ratings is None:
        zero = np.zeros(size, dtype=np.int64)
        return Fit(
            leaf, None, leaf["method"], "nothing", empty, empty, zero, empty,
            np.zeros((size, 0)), None, (), {},
        )  # fmt: skip
    raw, count = ratings.raw_means(), ratings.entry_counts
    split = {} if leaf["method"] in ALONE else split_units(ratings.first)
    kept = ratings
    if split:
        kept = ratings.keep(~np.isin(names.nominations[ratings.e], list(split)))
    if kept.n == 0:
        return Fit(
            leaf, None, leaf["method"], "nothing", empty, raw, count, empty,
            np.zeros((size, 0)), ratings, (), split,
        )  # fmt: skip
    fit, switch, findings = calibrate_leaf(names, leaf, kept, inputs)
    score, noise, factor = fit.entry, fit.noise, fit.factor
    if leaf["method"] == BAYES:
        score, noise = bayes(kept, fit)
    return Fit(
        leaf, fit, leaf["method"] if leaf["method"] == BAYES else fit.method, switch,
        rounded(score, leaf["decimals"]), raw, count, noise, np.nan_to_num(factor), kept,
        findings, split,
    )  # fmt: skip


def calibrate_leaf(
    names: Names, leaf: Json, ratings: Ratings, inputs: Mapping[str, Any]
) -> tuple[Calibration, str, tuple[Finding, ...]]:
    """The fit of a leaf by its declared method, and the switch that chose it."""
    method = leaf["method"]
    if method == BAYES:
        return calibrate.mean(ratings), "programme", ()
    if method == STANDARD:
        fit, switch, findings = fitted(ratings, Rules(min_scores=leaf["quorum"]))
        return fit, switch, tuple(findings)
    marks = None
    if method == MFRM:
        rows = inputs.get("marks", {}).get(leaf["slug"], ())
        kept = set(zip(ratings.e.tolist(), ratings.j.tolist(), strict=True))
        marks = marks_of(names, leaf, rows)
        inside = np.array(
            [pair in kept for pair in zip(marks.e.tolist(), marks.j.tolist(), strict=True)],
            dtype=bool,
        )
        marks = Marks(
            marks.e[inside], marks.j[inside], marks.c[inside], marks.x[inside],
            marks.max_, marks.weight,
        )  # fmt: skip
    fit = calibrated(ratings, method, marks, 0.0, 100.0)
    return fit, "programme", fit.warnings


def split_units(ratings: Ratings) -> dict[int, list[tuple[int, int]]]:
    """Nominations whose judges form groups that share no entry, each with anchors proposed."""
    labels, _judges = components(ratings.e, ratings.j, ratings.n_entries, ratings.n_judges)
    found: dict[int, list[tuple[int, int]]] = {}
    for unit in np.unique(ratings.units[labels >= 0]):
        inside = (labels >= 0) & (ratings.units == unit)
        if np.unique(labels[inside]).size > 1:
            found[int(unit)] = anchors(ratings, int(unit))
    return found


def anchors(ratings: Ratings, unit: int) -> list[tuple[int, int]]:
    """Which judges should also read which entries of a nomination, so that it can be ranked."""
    rows = ratings.units[ratings.e] == unit
    entries, e = np.unique(ratings.e[rows], return_inverse=True)
    judges, j = np.unique(ratings.j[rows], return_inverse=True)
    nobody = np.zeros((entries.size, judges.size), dtype=bool)
    found = suggest_anchors(e, j, entries.size, judges.size, nobody, ANCHORS)
    return [(int(entries[entry]), int(judges[judge])) for entry, judge in found]


def bayes(ratings: Ratings, fit: Calibration) -> tuple[FloatArray, FloatArray]:
    """The mean drawn to that of the nomination while scores are few, and what is left of its noise."""
    score, trust = np.full(ratings.n_entries, np.nan), np.zeros(ratings.n_entries)
    means, counts = ratings.raw_means(), ratings.entry_counts
    for unit in np.unique(ratings.units):
        own = (ratings.units == unit) & (counts > 0)
        if own.any():
            grand = float(ratings.y[ratings.units[ratings.e] == unit].mean())
            score[own] = combine.bayes_average(means[own], counts[own], grand)
            trust[own] = counts[own] / (counts[own] + 20.0)
    return score, np.asarray(fit.noise * trust**2)


def rounded(score: FloatArray, decimals: int | None) -> FloatArray:
    """Half up to so many decimals; to nine where none are named, so that no noise breaks a tie."""
    digits = 9 if decimals is None else decimals
    scale = 10.0**digits
    nudge = 0.5 if decimals is None else 0.5 + 1e-9 * scale
    return np.asarray(np.floor(score * scale + nudge) / scale)
