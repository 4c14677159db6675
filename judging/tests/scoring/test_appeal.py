import numpy as np
import pytest

from judging.scoring import calibrate
from judging.scoring.appeal import pool
from judging.scoring.design import laplacian
from judging.scoring.pipeline import rasch
from judging.scoring.types import Marks, Ratings, ScoringError
from judging.tests.scoring.test_mfrm import simulated

OLD = Ratings([0, 0, 1], [0, 1, 0], [5.0, 6.0, 7.0], 2, 2)


def test_new_scores_are_counted_beside_the_old():
    pooled = pool(OLD, Ratings([0, 0], [2, 3], [9.0, 8.0], 2, 4))

    assert pooled.entry_counts.tolist() == [4, 1]
    assert pooled.raw_means().tolist() == [7.0, 7.0]


def test_a_judge_of_the_first_round_is_not_independent():
    with pytest.raises(ScoringError, match="judge 1 had already scored entry 0"):
        pool(OLD, Ratings([0, 0], [1, 2], [9.0, 8.0], 2, 3))


def test_one_new_judge_is_not_enough():
    with pytest.raises(ScoringError, match="needs two"):
        pool(OLD, Ratings([0], [2], [9.0], 2, 3))


def test_one_judge_twice_is_not_two_judges():
    with pytest.raises(ScoringError, match="twice"):
        pool(OLD, Ratings([0, 0], [2, 2], [9.0, 8.0], 2, 3))


def test_the_appeal_uses_the_same_entries():
    with pytest.raises(ScoringError, match="the entries and judges"):
        pool(OLD, Ratings([0, 0], [2, 3], [9.0, 8.0], 3, 4))


# Four judges read three of four entries each; strangers 4 and 5 read entry 0 anew.
ROUND = Ratings(
    [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3],
    [0, 1, 2, 1, 2, 3, 0, 2, 3, 0, 1, 3],
    [60.0, 52, 71, 50, 66, 58, 63, 70, 57, 61, 48, 55],
    4,
    4,
)
REVIEW = Ratings([0, 0], [4, 5], [80.0, 84.0], 4, 6)
LINEAR = (calibrate.judges_eb, calibrate.additive, calibrate.robust)


@pytest.mark.parametrize("method", LINEAR)
def test_a_review_counts_as_it_was_given_and_changes_nobody_elses_score(method):
    before, after = method(ROUND), method(pool(ROUND, REVIEW))

    old = before.weights[:3]
    whole = (old.sum() * before.entry[0] + 80 + 84) / (old.sum() + 2)
    assert after.entry[0] == pytest.approx(whole)
    assert after.entry[1:].tolist() == before.entry[1:].tolist()
    assert after.leniency[:4].tolist() == before.leniency.tolist()
    assert after.leniency[4:].tolist() == [0.0, 0.0]


def test_a_reviewer_who_judged_in_the_round_keeps_the_leniency_learned_there():
    fit = calibrate.judges_eb(ROUND)

    pooled = pool(ROUND, Ratings([0, 0], [3, 4], [80.0, 84.0], 4, 5))
    after = calibrate.judges_eb(pooled)

    clean = 3 * fit.entry[0] + 80 - fit.leniency[3] + 84
    assert after.entry[0] == pytest.approx(clean / 5)


def test_the_error_of_a_review_is_that_of_the_dense_equations():
    pooled = pool(ROUND, Ratings([0, 0], [3, 4], [80.0, 84.0], 4, 5))
    fit, after = calibrate.judges_eb(ROUND), calibrate.judges_eb(pooled)
    matrix, share = laplacian(ROUND.e, ROUND.j, 4, 4)
    errors = fit.var_resid * np.linalg.inv(matrix + fit.var_resid / fit.var_judge * np.eye(4))
    reads = 3 / 5 * share[0] + np.array([0, 0, 0, 1 / 5])

    variance = fit.var_resid / 5 + reads @ errors @ reads + fit.var_judge / 25

    assert after.se[0] ** 2 == pytest.approx(variance)
    assert after.covariance([0])[0, 0] == pytest.approx(variance)


def test_an_appeal_alone_is_all_there_is():
    alone = pool(Ratings([], [], [], 1, 0), Ratings([0, 0], [0, 1], [60.0, 70.0], 1, 2))

    assert calibrate.judges_eb(alone).entry.tolist() == [65.0]


def test_under_the_rasch_model_a_review_moves_its_entry_and_no_other():
    (e, j, c, y, _n), quality, *_rest = simulated(2, entries=40)
    marks = Marks(e, j, c, y.astype(float), np.full(3, 3.0), np.ones(3))
    low = int(np.argmin(quality))
    new = np.repeat([6, 7], 3)
    more = Marks(
        np.r_[e, np.full(6, low)], np.r_[j, new], np.r_[c, np.tile(np.arange(3), 2)],
        np.r_[marks.x, np.full(6, 3.0)], marks.max_, marks.weight,
    )  # fmt: skip
    pair, points = cards(marks)
    old = Ratings(pair // 6, pair % 6, points, 40, 6)
    pooled = pool(old, Ratings([low, low], [6, 7], [100.0, 100.0], 40, 8))

    before, after = rasch(old, marks, 0, 100), rasch(pooled, more, 0, 100)

    rise = after.entry - before.entry
    assert rise[low] > 10
    assert np.delete(rise, low) == pytest.approx(0.0, abs=1e-9)
    assert after.leniency[6:].tolist() == [0.0, 0.0]


def cards(marks):
    """Entry and judge in one number, and the points, of each scorecard."""
    pairs, which = np.unique(marks.e * 6 + marks.j, return_inverse=True)
    points = np.bincount(which, marks.x) / np.bincount(which)
    return pairs, 100 * points / 3
