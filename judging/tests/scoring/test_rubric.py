import numpy as np
import pytest

from judging.scoring.rubric import combine
from judging.scoring.types import ScoringError

ONES, TENS = np.ones(2), np.array([10.0, 10.0])


def test_a_card_is_the_weighted_share_of_the_points():
    score = combine(np.array([[8.0, 5.0]]), np.array([3.0, 1.0]), TENS)

    assert score == pytest.approx([72.5])


def test_a_criterion_of_twenty_points_counts_twice_one_of_ten():
    score = combine(np.array([[20.0, 0.0]]), ONES, np.array([20.0, 10.0]))

    assert score == pytest.approx([200 / 3])


def test_an_undeclared_gap_is_an_incomplete_card():
    with pytest.raises(ScoringError, match="scorecard 1 has no mark for criterion 0"):
        combine(np.array([[8.0, 5.0], [np.nan, 5.0]]), ONES, TENS)


def test_a_declared_abstention_leaves_the_weights_too():
    marks, answered = np.array([[8.0, np.nan]]), np.array([[True, False]])

    assert combine(marks, ONES, TENS, answered) == pytest.approx([80.0])


@pytest.mark.parametrize("mark", [-1.0, 10.5])
def test_a_mark_out_of_range_is_refused(mark):
    with pytest.raises(ScoringError, match="out of range"):
        combine(np.array([[mark, 5.0]]), ONES, TENS)


def test_a_card_that_answers_nothing_is_refused():
    with pytest.raises(ScoringError, match="answers nothing"):
        combine(np.array([[8.0, 5.0]]), ONES, TENS, np.array([[False, False]]))


def test_weights_must_weigh_something():
    with pytest.raises(ScoringError, match="not all zero"):
        combine(np.array([[8.0, 5.0]]), np.zeros(2), TENS)
