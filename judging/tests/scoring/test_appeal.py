import pytest

from judging.scoring.appeal import pool
from judging.scoring.types import Ratings, ScoringError

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
