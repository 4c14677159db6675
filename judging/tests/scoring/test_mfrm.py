import numpy as np
import pytest

from judging.scoring import mfrm
from judging.scoring.types import ScoringError
from judging.tests.scoring.published import GUILFORD


def guilford():
    e, c, j = (index.ravel() for index in np.indices(GUILFORD.shape))
    return e, j, c, GUILFORD.ravel() - 1, 9


def simulated(seed=0, entries=150, judges=6):
    rng = np.random.default_rng(seed)
    severity = np.linspace(-1, 1, judges)
    difficulty, tau = np.array([-0.4, 0.0, 0.4]), np.array([-1.5, 0.0, 1.5])
    e, j, c = (index.ravel() for index in np.indices((entries, judges, 3)))
    keep = rng.random(e.size) < 0.5
    e, j, c = e[keep], j[keep], c[keep]
    quality = 1.2 * rng.standard_normal(entries)
    logit = np.arange(4) * (quality[e] - severity[j] - difficulty[c])[:, None]
    logit -= np.concatenate([[0], np.cumsum(tau)])
    chance = np.exp(logit) / np.exp(logit).sum(axis=1, keepdims=True)
    y = (rng.random((e.size, 1)) > np.cumsum(chance, axis=1)).sum(axis=1)
    return (e, j, c, y, 4), quality, severity, difficulty


def test_guilfords_creativity_ratings_by_jml():
    fit = mfrm.fit_jml(*guilford())

    assert fit.converged
    assert fit.severity == pytest.approx([-0.0234, 0.1824, -0.1590], abs=1e-3)
    assert fit.difficulty == pytest.approx([-0.2800, -0.1470, 0.2109, -0.3023, 0.5184], abs=1e-3)
    assert fit.infit == pytest.approx([0.849, 1.475, 0.672], abs=1e-3)
    assert fit.deviance / -2 == pytest.approx(-165.685, abs=1e-3)


def test_the_most_severe_judge_gave_the_lowest_marks():
    fit = mfrm.fit_jml(*guilford())

    assert np.argmax(fit.severity) == np.argmin(GUILFORD.mean(axis=(0, 1))) == 1


def test_mml_recovers_what_was_simulated():
    data, quality, severity, difficulty = simulated()
    fit = mfrm.fit_mml(*data)

    assert fit.converged
    assert np.abs(fit.severity - severity).max() < 4 * fit.severity_se.max()
    assert fit.severity_se.max() < 0.15
    assert fit.difficulty - fit.difficulty.mean() == pytest.approx(difficulty, abs=0.2)
    assert fit.sd_entry == pytest.approx(1.2, abs=0.2)
    assert np.corrcoef(fit.entry_eap, quality)[0, 1] > 0.9


def test_the_gradient_is_the_slope_of_the_likelihood():
    (e, j, c, y, _), *_rest = simulated(1, entries=20, judges=4)
    t = mfrm._table(e, j, c, y, 4)
    nodes = np.linspace(-5, 5, 81)
    point = np.random.default_rng(0).normal(0, 0.3, 3 + 3 + 2 + 1)

    slope = mfrm._gradient(mfrm._marginal(point, t, nodes), t)

    for index in range(point.size):
        step = 1e-5 * np.eye(point.size)[index]
        rise = mfrm._marginal(point + step, t, nodes).loglik
        rise -= mfrm._marginal(point - step, t, nodes).loglik
        assert slope[index] == pytest.approx(rise / 2e-5, rel=1e-5, abs=1e-5)


def test_the_errors_of_severities_cover_their_truth():
    inside = []
    for seed in range(12):
        data, _, severity, _ = simulated(seed, entries=60)
        e, j, c, y, n_cat = data
        fit = mfrm.fit_mml(e, j, c, y, n_cat, nodes=41)
        inside += (np.abs(fit.severity - severity) < 1.96 * fit.severity_se).tolist()

    assert 0.88 <= np.mean(inside) <= 1.0


def test_fair_scores_rise_with_the_entry_and_stay_on_the_scale():
    data, *_ = simulated()
    fit = mfrm.fit_mml(*data)

    score, error = mfrm.fair_score(fit, values=np.array([0.0, 20.0, 50.0, 100.0]))

    order = np.argsort(fit.entry_eap)
    assert (np.diff(score[order]) > 0).all()
    assert ((score > 0) & (score < 100)).all()
    assert (error > 0).all()


def test_an_entry_without_marks_stays_unknown():
    (e, j, c, y, _), *_rest = simulated()
    fit = mfrm.fit_mml(e + 1, j, c, y, n_cat=4)

    assert np.isnan(fit.entry_eap[0])
    assert np.isnan(mfrm.fair_score(fit)[0][0])


def test_a_category_nobody_used_is_refused():
    e, j, c, y, _ = guilford()
    with pytest.raises(ScoringError, match="nobody used category 9"):
        mfrm.fit_mml(e, j, c, y, n_cat=10)


def test_a_mark_beyond_the_scale_is_refused():
    e, j, c, y, _ = guilford()
    with pytest.raises(ScoringError, match="whole categories"):
        mfrm.fit_mml(e, j, c, y, n_cat=5)


def test_jml_refuses_an_entry_with_only_best_marks():
    e, j, c, y, _ = guilford()
    with pytest.raises(ScoringError, match="only extreme marks"):
        mfrm.fit_jml(e, j, c, np.where(e == 0, 8, y), n_cat=9)


def test_a_judge_with_only_best_marks_spoils_nothing_for_the_entries():
    (e, j, c, y, n_cat), quality, severity, _difficulty = simulated()
    flattered = j == 0

    fit = mfrm.fit_mml(e, j, c, np.where(flattered, n_cat - 1, y), n_cat)
    rest = ~flattered
    without = mfrm.fit_mml(e[rest], j[rest], c[rest], y[rest], n_cat)

    score, error = mfrm.fair_score(fit)
    known = np.isfinite(without.entry_eap)
    assert fit.converged
    assert fit.severity.argmin() == 0
    assert -12 < fit.severity[0] < -3
    assert np.corrcoef(fit.entry_eap[known], without.entry_eap[known])[0, 1] > 0.999
    assert np.median(error) > 0.1
    assert np.corrcoef(fit.severity[1:], severity[1:])[0, 1] > 0.99
    assert np.corrcoef(score, quality)[0, 1] > 0.75


def test_marks_on_which_every_judge_agrees_have_no_finite_measure():
    e, j = (index.ravel() for index in np.indices((4, 3)))

    with pytest.raises(ScoringError, match="too orderly"):
        mfrm.fit_mml(e, j, np.zeros_like(e), e, 4)


def test_a_scale_of_hundreds_of_marks_is_refused_before_it_is_tried():
    e = np.arange(300)

    with pytest.raises(ScoringError, match="300 different marks are too many"):
        mfrm.fit_mml(e % 9, e % 5, e % 2, e, 300)
