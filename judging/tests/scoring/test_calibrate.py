import numpy as np
import pytest

from judging.scoring import calibrate
from judging.scoring.select import levels
from judging.scoring.sweep import reml_criterion, sweep
from judging.scoring.types import Ratings, ScoringError
from judging.tests.scoring.published import GUILFORD, PENICILLIN, SHROUT_FLEISS, ratings_of


def some_ratings(seed=0, entries=40, judges=8, per_entry=3):
    rng = np.random.default_rng(seed)
    e = np.repeat(np.arange(entries), per_entry)
    j = np.concatenate([rng.permutation(judges)[:per_entry] for _ in range(entries)])
    truth, leniency = 10 * rng.standard_normal(entries), 5 * rng.standard_normal(judges)
    y = 50 + truth[e] + leniency[j] + 6 * rng.standard_normal(e.size)
    return Ratings(e, j, y, entries, judges)


def test_judges_eb_finds_the_variances_of_penicillin():
    ratings = ratings_of(PENICILLIN)
    fit = calibrate.judges_eb(ratings)

    assert fit.var_judge == pytest.approx(0.716908, abs=1e-5)
    assert fit.var_resid == pytest.approx(0.302415, abs=1e-5)
    criterion = reml_criterion(sweep(ratings), fit.var_judge / fit.var_resid)
    assert criterion == pytest.approx(308.27931, abs=1e-4)
    assert fit.leniency[0] == pytest.approx(0.804547, abs=1e-6)
    assert fit.se[0] == pytest.approx(0.206087, abs=1e-6)


def test_judges_eb_finds_the_variances_of_shrout_and_fleiss():
    fit = calibrate.judges_eb(ratings_of(SHROUT_FLEISS))

    assert fit.var_judge == pytest.approx(5.244444, abs=1e-5)
    assert fit.var_resid == pytest.approx(1.019444, abs=1e-5)
    assert fit.leniency == pytest.approx([2.300470, -2.704062, -0.928260, 1.331851], abs=1e-5)


def test_judges_who_do_not_differ_are_left_alone():
    ratings = ratings_of(GUILFORD.mean(axis=1))
    fit = calibrate.judges_eb(ratings)

    assert fit.var_judge == 0.0
    assert fit.leniency.tolist() == [0.0, 0.0, 0.0]
    assert fit.entry == pytest.approx(ratings.raw_means(), abs=1e-12)


@pytest.mark.parametrize("table", [PENICILLIN, SHROUT_FLEISS, GUILFORD.mean(axis=1)])
@pytest.mark.parametrize("method", [calibrate.additive, calibrate.judges_eb])
def test_a_complete_design_is_only_shifted(table, method):
    ratings = ratings_of(table)
    raw = ratings.raw_means()

    score = method(ratings).entry

    assert np.ptp(score - raw) < 1e-9
    assert levels(score).tolist() == levels(raw).tolist()


@pytest.mark.parametrize(
    "method", [calibrate.mean, calibrate.additive, calibrate.judges_eb, calibrate.robust]
)
def test_a_score_is_the_weighted_mean_of_score_minus_leniency(method):
    ratings = some_ratings()
    fit = method(ratings)
    clean = fit.weights * (ratings.y - fit.leniency[ratings.j])

    by_hand = np.bincount(ratings.e, clean) / np.bincount(ratings.e, fit.weights)

    assert fit.entry == pytest.approx(by_hand, abs=1e-9)


@pytest.mark.parametrize("ratio", [0.3, 2.0])
def test_judges_eb_solves_the_dense_equations(ratio):
    ratings = some_ratings(3, entries=12, judges=5)
    swept = sweep(ratings)
    from judging.scoring.calibrate import _solved

    fit = _solved(ratings, swept, ratio, "judges_eb", ())

    entries, judges = np.eye(12)[ratings.e], np.eye(5)[ratings.j]
    covariance = np.eye(ratings.n) + ratio * judges @ judges.T
    inverse = np.linalg.inv(covariance)
    information = entries.T @ inverse @ entries
    assert fit.entry == pytest.approx(
        np.linalg.solve(information, entries.T @ inverse @ ratings.y), abs=1e-9
    )
    assert fit.cov == pytest.approx(fit.var_resid * np.linalg.inv(information), abs=1e-9)
    hat = (
        np.eye(ratings.n)
        - inverse
        + inverse @ entries @ np.linalg.inv(information) @ entries.T @ inverse
    )
    assert fit.leverage == pytest.approx(np.diag(hat), abs=1e-9)


def test_the_variance_ratio_has_the_least_criterion_of_all():
    ratings = some_ratings(5)
    swept = sweep(ratings)
    fit = calibrate.judges_eb(ratings)
    best = fit.var_judge / fit.var_resid

    at_best = reml_criterion(swept, best)

    for ratio in np.exp(np.linspace(-8, 8, 300)):
        assert at_best <= reml_criterion(swept, float(ratio)) + 1e-9


def test_judges_eb_moves_a_judge_less_far_than_least_squares():
    ratings = some_ratings(7)
    shrunk, full = calibrate.judges_eb(ratings), calibrate.additive(ratings)

    assert np.linalg.norm(shrunk.leniency) < np.linalg.norm(full.leniency)
    assert full.leniency.sum() == pytest.approx(0, abs=1e-9)


def test_scores_that_severity_alone_explains_are_repaired_exactly():
    table = np.array([[10.0, 20.0, np.nan], [30.0, np.nan, 25.0], [np.nan, 50.0, 35.0]])
    truth, leniency = np.array([12.0, 28.0, 41.0]), np.array([-1.0, 4.0, -3.0])
    table = np.where(np.isfinite(table), truth[:, None] + leniency[None, :], np.nan)

    fit = calibrate.additive(ratings_of(table))

    assert fit.entry == pytest.approx(truth, abs=1e-9)


def test_the_olympic_mean_drops_one_score_at_each_end():
    ratings = ratings_of(np.array([[1.0, 5, 6, 7, 20], [5, 6, 7, np.nan, np.nan]]))

    assert calibrate.trimmed(ratings, min_scores=5).entry == pytest.approx([6, 6])
    assert calibrate.mean(ratings).entry == pytest.approx([7.8, 6])


def test_a_rogue_score_moves_the_robust_fit_least():
    ratings = some_ratings(11, entries=60, judges=10, per_entry=5)
    y = ratings.y.copy()
    y[0] -= 80
    spoilt = Ratings(ratings.e, ratings.j, y, 60, 10)

    entry = ratings.e[0]
    plain = calibrate.judges_eb(ratings).entry[entry] - calibrate.judges_eb(spoilt).entry[entry]
    robust = calibrate.robust(ratings).entry[entry] - calibrate.robust(spoilt).entry[entry]

    assert abs(robust) < 0.35 * abs(plain)


def test_judges_in_two_closed_groups_are_reported():
    table = np.full((4, 4), np.nan)
    table[:2, :2], table[2:, 2:] = [[5, 6], [7, 9]], [[3, 4], [8, 8]]

    fit = calibrate.additive(ratings_of(table))

    assert [warning.code for warning in fit.warnings] == ["disconnected"]
    assert fit.leniency[:2].sum() == pytest.approx(0, abs=1e-12)
    assert fit.leniency[2:].sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("method", [calibrate.mean, calibrate.additive, calibrate.judges_eb])
def test_one_score_per_entry_is_ranked_without_an_error(method):
    ratings = Ratings([0, 1, 2], [0, 1, 0], [5.0, 7.0, 6.0], 3, 2)
    fit = method(ratings)

    assert fit.entry.tolist() == [5.0, 7.0, 6.0]
    assert np.isnan(fit.se).all()
    assert "single-scores" in [warning.code for warning in fit.warnings]


def test_judges_who_agree_on_everything_leave_no_error():
    ratings = ratings_of(np.array([[5.0, 5, 5], [7, 7, 7], [6, 6, 6]]))
    for method in (calibrate.mean, calibrate.additive, calibrate.judges_eb, calibrate.robust):
        assert method(ratings).entry.tolist() == [5.0, 7.0, 6.0]


def test_an_entry_or_judge_without_scores_stays_unknown():
    ratings = Ratings([0, 0, 2, 2], [0, 2, 0, 2], [5.0, 6.0, 8.0, 7.0], 3, 3)
    fit = calibrate.judges_eb(ratings)

    assert np.isnan(fit.entry[1])
    assert np.isnan(fit.leniency[1])


def test_no_scores_are_refused():
    with pytest.raises(ScoringError, match="no scores"):
        calibrate.judges_eb(Ratings([], [], [], 3, 3))
