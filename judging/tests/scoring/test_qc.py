import numpy as np
import pytest

from judging.scoring import calibrate, qc
from judging.scoring.simulate import Setting, contest
from judging.scoring.types import Marks, Ratings, ScoringError
from judging.tests.scoring.published import PENICILLIN, ratings_of


def flags_of(ratings, marks=None, high=10.0):
    found = qc.judges(ratings, calibrate.judges_eb(ratings), marks, 0.0, high)
    return {judge.judge: judge.flags for judge in found}


def test_a_judge_who_throws_dice_is_noticed():
    jury = contest(Setting(random_judges=1), seed=4)
    careless = int(np.flatnonzero(jury.careless)[0])

    flags = flags_of(jury.ratings)

    assert {"erratic", "disagrees", "narrow"} <= set(flags[careless])


def test_a_strict_judge_is_named_strict_and_nothing_worse():
    jury = contest(Setting(severity_sd=0.1), seed=1)
    shift = np.where(jury.ratings.j == 7, -3.0, 0.0)
    rows = jury.ratings
    strict = Ratings(rows.e, rows.j, rows.y + shift, rows.n_entries, rows.n_judges)

    flags = flags_of(strict)

    assert flags[7] == ("strict",)
    assert not any("strict" in flag for judge, flag in flags.items() if judge != 7)


def test_one_number_for_all_criteria_is_noticed():
    rng = np.random.default_rng(0)
    e, j, c = (index.ravel() for index in np.indices((20, 4, 5)))
    x = rng.integers(3, 10, e.size).astype(float)
    x[j == 2] = 6.0
    marks = Marks(e, j, c, x, np.full(5, 10.0), np.ones(5))
    ratings = ratings_of(x.reshape(20, 4, 5).mean(axis=2))

    assert "one-number" in flags_of(ratings, marks)[2]
    assert "one-number" not in flags_of(ratings, marks)[0]


def test_best_marks_for_most_are_noticed():
    table = np.random.default_rng(1).integers(3, 9, (12, 3)).astype(float)
    table[:4, 1] = 10.0

    assert "ceiling" in flags_of(ratings_of(table))[1]


def test_best_marks_are_noticed_where_totals_hide_them():
    e, j, c = (index.ravel() for index in np.indices((12, 3, 4)))
    x = np.random.default_rng(1).integers(3, 9, e.size).astype(float)
    x[(j == 1) & (c == 0)] = 10.0
    marks = Marks(e, j, c, x, np.full(4, 10.0), np.ones(4))

    flags = flags_of(ratings_of(x.reshape(12, 3, 4).mean(axis=2)), marks)

    assert ["ceiling" in flags[judge] for judge in range(3)] == [False, True, False]


def test_the_mean_squares_of_honest_judges_are_about_one():
    jury = contest(Setting(), seed=9)
    found = qc.judges(jury.ratings, calibrate.judges_eb(jury.ratings), high=10.0)

    assert np.mean([judge.ms for judge in found]) == pytest.approx(1.0, abs=0.05)
    assert np.mean([judge.slope for judge in found]) == pytest.approx(1.0, abs=0.15)


def test_a_judge_of_few_entries_is_described_and_not_accused():
    ratings = ratings_of(np.array([[1.0, 9, 2], [9, 1, 8], [5, 5, 5]]))

    assert all(
        not {"erratic", "disagrees", "narrow"} & set(flags) for flags in flags_of(ratings).values()
    )


def test_strict_seniors_with_the_best_entries_are_confounded():
    rng = np.random.default_rng(3)
    entries, judges = 200, 30
    truth = rng.standard_normal(entries)
    order = np.argsort(truth)
    leniency = np.linspace(1.5, -1.5, judges)  # judge 29 is the strictest and gets the best
    e = np.repeat(order, 5)
    near = (np.repeat(np.arange(entries), 5) * judges) // entries
    j = np.clip(near + np.tile([-4, -2, 0, 2, 4], entries), 0, judges - 1)
    keep = np.unique(e * judges + j, return_index=True)[1]
    y = truth[e] + leniency[j] + 0.5 * rng.standard_normal(e.size)

    r, p = qc.confounding(Ratings(e[keep], j[keep], y[keep], entries, judges))

    assert r < -0.7
    assert p < 0.01


def test_a_random_plan_is_seldom_confounded():
    fired = [qc.confounding(contest(Setting(), seed).ratings)[1] < 0.01 for seed in range(60)]

    assert np.mean(fired) <= 0.07


def test_a_complete_plan_cannot_be_confounded():
    assert np.isnan(qc.confounding(ratings_of(PENICILLIN))[0])


def test_favours_to_relatives_are_measured():
    jury = contest(Setting(), seed=2)
    rows = jury.ratings
    related = np.random.default_rng(1).random(rows.n) < 0.1
    favoured = Ratings(rows.e, rows.j, rows.y + 1.5 * related, rows.n_entries, rows.n_judges)

    everyone, *each = qc.conflict_effect(favoured, calibrate.judges_eb(favoured), related)

    assert everyone.judge is None
    assert everyone.difference == pytest.approx(1.2, abs=0.3)
    assert everyone.p < 1e-6
    assert all(min(row.n_related, row.n_other) >= 2 for row in each)


def test_welch_agrees_with_a_published_example():
    # Two samples of R's help page for t.test: extra hours of sleep, groups 1 and 2.
    one = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    two = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])

    found = qc._welch(None, np.concatenate([one, two]), np.repeat([True, False], 10))

    assert found.t == pytest.approx(-1.8608, abs=1e-4)
    assert found.df == pytest.approx(17.776, abs=1e-3)
    assert found.p == pytest.approx(0.07939, abs=1e-5)


def test_no_relation_has_no_effect_to_show():
    ratings = ratings_of(PENICILLIN)
    nobody = np.zeros(ratings.n, bool)

    (only,) = qc.conflict_effect(ratings, calibrate.judges_eb(ratings), nobody)

    assert only.n_related == 0
    assert np.isnan(only.difference)


def test_drift_is_the_movement_from_first_to_last():
    jury = contest(Setting(noise_sd=0.2), seed=3)
    rows = jury.ratings
    order = np.arange(rows.n)
    own = rows.j == 4
    when = (order - order[own].min()) / np.ptp(order[own])
    tired = Ratings(rows.e, rows.j, rows.y - 2 * when * own, rows.n_entries, rows.n_judges)

    moved = qc.drift(calibrate.judges_eb(tired), order)

    assert moved[4] == pytest.approx(-1.6, abs=0.5)
    assert all(abs(points) < 1 for judge, points in moved.items() if judge != 4)


def test_a_calibration_of_other_ratings_is_refused():
    with pytest.raises(ScoringError, match="other ratings"):
        qc.judges(ratings_of(np.ones((2, 2))), calibrate.mean(ratings_of(np.ones((3, 3)))))
