"""Monte-Carlo gates: what the methods must deliver when the truth is known.

The small version of each gate runs always and asks for the direction; the full
one (``slow``) asks for the numbers. Seeds are fixed, so neither can flicker.
"""

from functools import cache

import numpy as np
import pytest

from judging.scoring import calibrate, qc, uncertainty
from judging.scoring.adaptive import next_reviews
from judging.scoring.simulate import Setting, contest, precision
from judging.scoring.types import Ratings

FULL = 200
TOP = 10

BASE = Setting()
TWO_EACH = Setting(judges=500)
CHOSEN = Setting(plan="chosen")
ANCHORED = Setting(plan="panels", panel_sd=0.5, track_sd=0.5, anchors=10)


def z_scores(ratings):
    """The common practice that the portal does not offer: each judge on one curve."""
    n = np.maximum(ratings.judge_counts, 1)
    mean = np.bincount(ratings.j, ratings.y, ratings.n_judges) / n
    square = np.bincount(ratings.j, (ratings.y - mean[ratings.j]) ** 2, ratings.n_judges)
    sd = np.sqrt(square / np.maximum(n - 1, 1))
    sd[sd == 0] = 1
    z = (ratings.y - mean[ratings.j]) / sd[ratings.j]
    return np.bincount(ratings.e, z, ratings.n_entries) / ratings.entry_counts


@cache
def precisions(setting, runs):
    """Mean precision in the top ten of (plain mean, z-scores, judges-EB)."""
    found = []
    for seed in range(runs):
        jury = contest(setting, seed)
        scores = (
            jury.ratings.raw_means(),
            z_scores(jury.ratings),
            calibrate.judges_eb(jury.ratings).entry,
        )
        found.append([precision(score, jury.truth, TOP) for score in scores])
    return tuple(np.mean(found, axis=0))


@cache
def places(runs):
    """Of many entries: claimed P(top ten), whether true, and whether the 90 % range held."""
    claimed, true, covered = [], [], []
    for seed in range(runs):
        jury = contest(BASE, seed)
        probs = uncertainty.ranks(calibrate.judges_eb(jury.ratings), TOP, draws=500, seed=seed)
        rank = np.empty(BASE.entries, int)
        rank[np.argsort(-jury.truth)] = np.arange(1, BASE.entries + 1)
        claimed.append(probs.p_top)
        true.append(rank <= TOP)
        covered.append((rank >= probs.lo) & (rank <= probs.hi))
    return np.concatenate(claimed), np.concatenate(true), float(np.mean(covered))


def extended(jury, pairs, rng):
    """The jury's ratings with new scores of the simulated judges."""
    rows = jury.ratings
    e, j = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    return Ratings(
        np.concatenate([rows.e, e]),
        np.concatenate([rows.j, j]),
        np.concatenate([rows.y, jury.scores(rng, e, j)]),
        rows.n_entries,
        rows.n_judges,
    )


def seen(ratings):
    table = np.zeros((ratings.n_entries, ratings.n_judges), bool)
    table[ratings.e, ratings.j] = True
    return table


@cache
def extra_reviews(runs):
    """Mean precision after 40 reviews aimed at the line, and after 160 spread evenly."""
    setting, found = Setting(per_entry=4), []
    for seed in range(runs):
        jury, rng = contest(setting, seed), np.random.default_rng(10_000 + seed)
        aimed = jury
        for batch in range(4):
            fit = calibrate.judges_eb(aimed.ratings)
            p_top = uncertainty.ranks(fit, TOP, draws=400, seed=batch).p_top
            table = seen(aimed.ratings)
            load = aimed.ratings.judge_counts
            pairs = next_reviews(p_top, load, table, np.zeros_like(table), n=10, cap=60)
            aimed = replace_ratings(jury, extended(aimed, pairs, rng))
        entries = rng.permutation(setting.entries)[:160]
        free = np.where(seen(jury.ratings)[entries], np.inf, rng.random((160, setting.judges)))
        even = extended(jury, list(zip(entries, free.argmin(axis=1), strict=True)), rng)
        scores = [calibrate.judges_eb(ratings).entry for ratings in (aimed.ratings, even)]
        found.append([precision(score, jury.truth, TOP) for score in scores])
    return tuple(np.mean(found, axis=0))


def replace_ratings(jury, ratings):
    return type(jury)(jury.setting, jury.truth, jury.severity, ratings, jury.careless)


@cache
def flagged(runs):
    """Shares of careless and of honest judges flagged as erratic or disagreeing."""
    careless: list[bool] = []
    honest: list[bool] = []
    for seed in range(runs):
        jury = contest(Setting(random_judges=3), seed)
        fit = calibrate.judges_eb(jury.ratings)
        for judge in qc.judges(jury.ratings, fit, high=10.0):
            raised = bool({"erratic", "disagrees"} & set(judge.flags))
            (careless if jury.careless[judge.judge] else honest).append(raised)
    return float(np.mean(careless)), float(np.mean(honest))


def test_calibration_finds_more_winners_than_the_plain_mean():
    raw, _, eb = precisions(BASE, 40)

    assert eb > raw


def test_anchors_let_closed_panels_be_compared():
    raw, _, eb = precisions(ANCHORED, 40)

    assert eb > raw + 0.03


def test_z_scores_ruin_a_contest_where_judges_choose():
    raw, z, eb = precisions(CHOSEN, 40)

    assert eb >= raw
    assert z < raw - 0.15


def test_ranges_of_places_hold_about_nine_times_in_ten():
    assert 0.87 <= places(20)[2] <= 0.94


def test_a_few_aimed_reviews_beat_many_spread_ones():
    aimed, even = extra_reviews(15)

    assert aimed >= even


def test_careless_judges_stand_out():
    careless, honest = flagged(10)

    assert careless >= 0.9
    assert honest <= 0.05


@pytest.mark.slow
def test_gate_base():
    raw, _, eb = precisions(BASE, FULL)

    assert eb >= raw + 0.015


@pytest.mark.slow
def test_gate_two_scores_per_judge():
    raw, _, eb = precisions(TWO_EACH, FULL)

    assert eb >= raw


@pytest.mark.slow
def test_gate_self_selection():
    raw, z, eb = precisions(CHOSEN, FULL)

    assert eb >= raw
    assert z < raw - 0.2


@pytest.mark.slow
def test_gate_ten_anchors():
    raw, _, eb = precisions(ANCHORED, FULL)

    assert eb >= raw + 0.06


@pytest.mark.slow
@pytest.mark.parametrize("low", np.arange(10) / 10)
def test_gate_probabilities_are_honest(low):
    claimed, true, _ = places(FULL)
    inside = (claimed >= low) & (claimed < low + 0.1 + 1e-9)

    assert true[inside].mean() == pytest.approx(claimed[inside].mean(), abs=0.05)


@pytest.mark.slow
def test_gate_ranges_of_places():
    assert 0.88 <= places(FULL)[2] <= 0.93


@pytest.mark.slow
def test_gate_adaptive_reviews():
    aimed, even = extra_reviews(FULL)

    assert aimed >= even


@pytest.mark.slow
def test_gate_careless_judges():
    careless, honest = flagged(100)

    assert careless >= 0.9
    assert honest <= 0.05
