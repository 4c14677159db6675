import numpy as np
import pytest

from judging.scoring import calibrate, uncertainty
from judging.scoring.types import Ratings, ScoringError
from judging.tests.scoring.test_calibrate import some_ratings


def grouped(seed=0):
    ratings = some_ratings(seed, entries=36, judges=8)
    return Ratings(ratings.e, ratings.j, ratings.y, 36, 8, np.arange(36) % 3)


def test_the_posterior_solves_the_dense_equations():
    fit = calibrate.judges_eb(grouped())
    mean, cov = uncertainty.posterior(fit)
    t2 = uncertainty._fit_prior(fit, fit.ratings.units, np.ones(36, bool)).t2

    units = np.eye(3)[fit.ratings.units]
    inverse = np.linalg.inv(fit.cov + t2 * np.eye(36))
    unit_cov = np.linalg.inv(units.T @ inverse @ units)
    centre = units @ unit_cov @ units.T @ inverse @ fit.entry
    blur = units - t2 * inverse @ units
    expected = t2 * np.eye(36) - t2**2 * inverse + blur @ unit_cov @ blur.T
    assert mean == pytest.approx(centre + t2 * inverse @ (fit.entry - centre), abs=1e-8)
    assert cov == pytest.approx(expected, abs=1e-8)


def test_the_prior_is_that_of_restricted_likelihood():
    fit = calibrate.judges_eb(grouped(3))
    t2 = uncertainty._fit_prior(fit, fit.ratings.units, np.ones(36, bool)).t2
    units = np.eye(3)[fit.ratings.units]

    def criterion(value):
        total = fit.cov + value * np.eye(36)
        inverse = np.linalg.inv(total)
        precision = units.T @ inverse @ units
        gap = fit.entry - units @ np.linalg.solve(precision, units.T @ inverse @ fit.entry)
        parts = np.linalg.slogdet(total)[1] + np.linalg.slogdet(precision)[1]
        return parts + gap @ inverse @ gap

    best = criterion(t2)
    assert all(best <= criterion(t2 * factor) + 1e-9 for factor in np.linspace(0.2, 5, 60))


def test_ranks_of_a_large_season_are_those_of_the_dense_posterior():
    fit = calibrate.judges_eb(grouped())
    dense = uncertainty.rank_probs(
        *uncertainty.posterior(fit), 3, fit.ratings.group, draws=8000, seed=1
    )

    fast = uncertainty.ranks(fit, 3, draws=8000, seed=2)

    assert fast.p_top == pytest.approx(dense.p_top, abs=0.025)
    assert fast.expected_rank == pytest.approx(dense.expected_rank, abs=0.12)


def test_each_unit_has_k_places():
    probs = uncertainty.ranks(calibrate.judges_eb(grouped()), 3, seed=5)

    for unit in range(3):
        assert probs.p_top[np.arange(36) % 3 == unit].sum() == pytest.approx(3)
    assert (probs.lo >= 1).all()
    assert (probs.hi <= 12).all()
    assert (probs.lo <= probs.hi).all()


@pytest.mark.parametrize("draws", [100, 700])
def test_one_seed_gives_one_answer(draws):
    fit = calibrate.judges_eb(grouped())
    first, second = (uncertainty.ranks(fit, 3, draws=draws, seed=4) for _ in range(2))

    assert first.p_top.tobytes() == second.p_top.tobytes()
    assert uncertainty.ranks(fit, 3, draws=draws, seed=5).p_top.tobytes() != first.p_top.tobytes()


def test_chances_depend_neither_on_threads_nor_on_other_units(monkeypatch):
    fit = calibrate.judges_eb(grouped())
    alone = uncertainty.ranks(fit, 3, seed=4)

    monkeypatch.setattr(uncertainty, "_BLOCK", 500)
    together = uncertainty.ranks(fit, 3, seed=4)

    for name in ("p_top", "expected_rank", "lo", "hi"):
        assert getattr(together, name).tobytes() == getattr(alone, name).tobytes()


def test_places_are_those_of_sorting_the_scores():
    drawn = np.random.default_rng(3).standard_normal((50, 300))
    drawn[:, 7] = drawn[:, 5]

    order = uncertainty._best_first(drawn)

    assert (order == np.argsort(-drawn, axis=1, kind="stable")).all()


@pytest.mark.parametrize("block", [100, 2_000_000])
def test_counted_places_are_those_of_sorting_every_entrys_places(monkeypatch, block):
    monkeypatch.setattr(uncertainty, "_BLOCK", block)
    drawn = np.random.default_rng(3).standard_normal((200, 30)) + np.arange(30) / 10
    order = np.argsort(-drawn, axis=1, kind="stable")
    place = np.sort(np.argsort(order, axis=1) + 1, axis=0)
    counted = uncertainty._Counted(30)

    counted.count(np.arange(30), order, 5)

    probs = counted.probs()
    assert (probs.p_top == np.mean(place <= 5, axis=0)).all()
    assert (probs.expected_rank == place.mean(axis=0)).all()
    assert (probs.lo == place[9]).all()
    assert (probs.hi == place[190]).all()


def test_an_entry_without_scores_has_no_chance_and_no_place():
    ratings = grouped()
    more = Ratings(ratings.e, ratings.j, ratings.y, 37, 8, np.append(ratings.units, 0))
    fit = calibrate.judges_eb(more)

    probs = uncertainty.ranks(fit, 3)

    assert np.isnan(probs.p_top[36])
    assert probs.lo[36] == probs.hi[36] == 0
    assert np.isnan(uncertainty.posterior(fit)[0][36])


def test_single_scores_say_nothing_about_places():
    fit = calibrate.judges_eb(Ratings([0, 1], [0, 1], [5.0, 6.0], 2, 2))
    with pytest.raises(ScoringError, match="unknown"):
        uncertainty.ranks(fit, 1)


def test_there_is_at_least_one_place():
    with pytest.raises(ScoringError, match="at least 1"):
        uncertainty.ranks(calibrate.judges_eb(grouped()), 0)
