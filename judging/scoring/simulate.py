"""Contests whose truth is known, to see what precision a plan of judging would give.

Used by the acceptance gates and by ``bench/ranking_maths.py``. The truth is
additive, ``y = round(quality + severity + noise)`` clipped to 0..10.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from judging.scoring.types import BoolArray, FloatArray, IntArray, Ratings

Plan = Literal["random", "panels", "chosen"]


@dataclass(frozen=True)
class Setting:
    """A kind of contest; spreads other than ``entry_sd`` are multiples of it."""

    entries: int = 200
    judges: int = 30
    per_entry: int = 5
    entry_sd: float = 1.5
    severity_sd: float = 0.5
    noise_sd: float = 0.8
    centre: float = 5.5
    plan: Plan = "random"
    panels: int = 6
    panel_sd: float = 0.0
    track_sd: float = 0.0
    anchors: int = 0
    random_judges: int = 0


@dataclass(frozen=True, eq=False)
class Contest:
    """One simulated contest: ``truth`` f8[E], ``severity`` f8[J] (positive = generous)."""

    setting: Setting
    truth: FloatArray
    severity: FloatArray
    ratings: Ratings
    careless: BoolArray

    def scores(self, rng: np.random.Generator, e: IntArray, j: IntArray) -> FloatArray:
        """New whole-number scores of some entries by some judges."""
        noise = self.setting.noise_sd * self.setting.entry_sd * rng.standard_normal(e.size)
        honest = np.clip(np.round(self.truth[e] + self.severity[j] + noise), 0, 10)
        drawn = rng.integers(0, 11, e.size)
        return np.asarray(np.where(self.careless[j], drawn, honest), dtype=np.float64)


def contest(setting: Setting, seed: int) -> Contest:
    """Draw one contest; the same seed gives the same contest."""
    rng = np.random.default_rng(seed)
    unit = setting.entry_sd
    truth = setting.centre + unit * rng.standard_normal(setting.entries)
    severity = setting.severity_sd * unit * rng.standard_normal(setting.judges)
    if setting.plan == "panels":
        entry_panel = rng.permutation(np.arange(setting.entries) % setting.panels)
        judge_panel = np.arange(setting.judges) % setting.panels
        tracks = setting.track_sd * unit * rng.standard_normal(setting.panels)
        levels = setting.panel_sd * unit * rng.standard_normal(setting.panels)
        truth += tracks[entry_panel]
        severity += levels[judge_panel]
        table = _panels(rng, entry_panel, judge_panel, setting)
    elif setting.plan == "chosen":
        table = _chosen(rng, truth, setting)
    else:
        table = _random(rng, setting)
    careless = np.zeros(setting.judges, dtype=bool)
    careless[rng.permutation(setting.judges)[: setting.random_judges]] = True
    e, j = (index.astype(np.int64) for index in np.nonzero(table))
    empty = Ratings(e, j, np.zeros(e.size), setting.entries, setting.judges)
    draft = Contest(setting, truth, severity, empty, careless)
    scores = draft.scores(rng, e, j)
    ratings = Ratings(e, j, scores, setting.entries, setting.judges)
    return Contest(setting, truth, severity, ratings, careless)


def _random(rng: np.random.Generator, setting: Setting) -> BoolArray:
    """Every entry to judges with the least to do so far, at random among equals."""
    table = np.zeros((setting.entries, setting.judges), dtype=bool)
    load = np.zeros(setting.judges)
    for entry in rng.permutation(setting.entries):
        wish = load + rng.random(setting.judges)
        judges = np.argpartition(wish, setting.per_entry - 1)[: setting.per_entry]
        table[entry, judges] = True
        load[judges] += 1
    return table


def _panels(
    rng: np.random.Generator, entry_panel: IntArray, judge_panel: IntArray, setting: Setting
) -> BoolArray:
    """Closed panels; a few anchor entries are read by one judge of each other panel, too."""
    table: BoolArray = np.equal.outer(entry_panel, judge_panel)
    surplus = table.sum(axis=1) - setting.per_entry
    for entry in np.flatnonzero(surplus > 0):
        idle = rng.permutation(np.flatnonzero(table[entry]))[: surplus[entry]]
        table[entry, idle] = False
    for entry in rng.permutation(setting.entries)[: setting.anchors]:
        for panel in range(setting.panels):
            if panel != entry_panel[entry]:
                table[entry, rng.choice(np.flatnonzero(judge_panel == panel))] = True
    return table


def _chosen(rng: np.random.Generator, truth: FloatArray, setting: Setting) -> BoolArray:
    """Judges prefer entries near a level of their own: samples are not comparable."""
    unit = setting.entry_sd
    level = setting.centre + unit * rng.standard_normal(setting.judges)
    taste = -np.abs(truth[:, None] - level[None, :]) / unit
    wish = taste + 0.15 * rng.gumbel(size=taste.shape)
    table = np.zeros(wish.shape, dtype=bool)
    load = np.zeros(setting.judges)
    cap = 1.5 * setting.entries * setting.per_entry / setting.judges
    for entry in rng.permutation(setting.entries):
        free = np.where(load < cap, wish[entry], -np.inf)
        judges = np.argpartition(-free, setting.per_entry - 1)[: setting.per_entry]
        table[entry, judges] = True
        load[judges] += 1
    return table


def precision(score: FloatArray, truth: FloatArray, k: int = 10) -> float:
    """Share of the true best k among the k best scores."""
    best = np.argsort(-truth, kind="stable")[:k]
    found = np.argsort(-score, kind="stable")[:k]
    return float(np.isin(found, best).mean())
