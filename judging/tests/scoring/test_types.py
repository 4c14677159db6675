import numpy as np
import pytest

from judging.scoring.types import Marks, Ratings, ScoringError


def test_a_missing_score_is_refused_and_not_dropped():
    with pytest.raises(ScoringError, match="leave an abstention out"):
        Ratings([0, 1], [0, 0], [5.0, np.nan], 2, 1)


@pytest.mark.parametrize(
    ("e", "j", "y"),
    [([0, 2], [0, 0], [1, 2]), ([0, 1], [0, 1], [1, 2]), ([-1, 0], [0, 0], [1, 2])],
)
def test_an_index_out_of_range_is_refused(e, j, y):
    with pytest.raises(ScoringError, match="must lie in"):
        Ratings(e, j, y, 2, 1)


def test_indices_are_whole_numbers():
    with pytest.raises(ScoringError, match="whole numbers"):
        Ratings([0.5], [0], [1.0], 1, 1)


def test_lengths_must_agree():
    with pytest.raises(ScoringError, match="one length"):
        Ratings([0, 0], [0], [1.0], 1, 1)


def test_ratings_cannot_be_changed_afterwards():
    y = np.array([1.0, 2.0])
    ratings = Ratings([0, 0], [0, 1], y, 1, 2)
    y[0] = 9

    assert ratings.y.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        ratings.y[0] = 9


def test_each_entry_has_one_ranking_unit():
    with pytest.raises(ScoringError, match="one ranking unit per entry"):
        Ratings([0], [0], [1.0], 2, 1, group=np.array([0]))


def test_a_missing_mark_is_refused():
    one = np.array([0])
    with pytest.raises(ScoringError, match="a mark is missing"):
        Marks(one, one, one, np.array([np.nan]), np.array([10.0]), np.array([1.0]))
