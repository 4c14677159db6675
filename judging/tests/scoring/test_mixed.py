import numpy as np
import pytest

from judging.scoring.mixed import mixed, variance_components
from judging.scoring.types import Ratings, ScoringError
from judging.tests.scoring.published import GUILFORD, PENICILLIN, ratings_of
from judging.tests.scoring.test_calibrate import some_ratings


def test_penicillin_has_the_variances_of_lme4():
    parts = variance_components(ratings_of(PENICILLIN))

    assert parts.criterion == pytest.approx(330.8606, abs=1e-3)
    assert parts.var_entry == pytest.approx(3.7311, abs=1e-3)
    assert parts.var_judge == pytest.approx(0.71691, abs=1e-4)
    assert parts.var_resid == pytest.approx(0.30241, abs=1e-4)
    assert parts.mu == pytest.approx(22.9722, abs=1e-3)


def test_a_variance_of_nothing_is_zero():
    parts = variance_components(ratings_of(GUILFORD.mean(axis=1)))

    assert parts.var_judge == 0.0
    assert parts.var_entry == pytest.approx(0.541587, abs=1e-4)


def test_predictions_and_their_errors_solve_the_dense_equations():
    ratings = some_ratings(2, entries=10, judges=4)
    fit = mixed(ratings)

    entries, judges = np.eye(10)[ratings.e], np.eye(4)[ratings.j]
    covariance = fit.var_resid * np.eye(ratings.n)
    covariance += fit.var_entry * entries @ entries.T + fit.var_judge * judges @ judges.T
    inverse = np.linalg.inv(covariance)
    ones = np.ones(ratings.n)
    precision = ones @ inverse @ ones
    mu = ones @ inverse @ ratings.y / precision
    gain = fit.var_entry * entries.T @ inverse
    blur = 1 - gain @ ones
    error = fit.var_entry * np.eye(10) - gain @ (fit.var_entry * entries)
    assert fit.entry == pytest.approx(mu + gain @ (ratings.y - mu), abs=1e-6)
    assert fit.cov == pytest.approx(error + np.outer(blur, blur) / precision, abs=1e-5)


def test_entries_are_drawn_to_the_mean():
    ratings = some_ratings(4)

    assert np.var(mixed(ratings).entry) < np.var(ratings.raw_means())


def test_two_scores_are_too_few():
    with pytest.raises(ScoringError, match="at least three"):
        variance_components(Ratings([0, 1], [0, 0], [1.0, 2.0], 2, 1))
