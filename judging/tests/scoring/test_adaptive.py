import numpy as np
import pytest

from judging.scoring.adaptive import next_reviews
from judging.scoring.types import ScoringError

P = np.array([0.99, 0.5, 0.4, 0.0, np.nan])
NONE = np.zeros((5, 3), bool)


def test_the_most_doubtful_entry_goes_to_the_judge_with_least_to_do():
    found = next_reviews(P, np.array([4, 2, 3]), NONE, NONE, n=2, cap=9)

    assert found == [(1, 1), (2, 1)]


def test_nobody_reads_an_entry_twice_or_in_conflict():
    seen, conflicts = NONE.copy(), NONE.copy()
    seen[1, 1] = conflicts[1, 2] = True

    found = next_reviews(P, np.array([4, 2, 3]), seen, conflicts, n=1, cap=9)

    assert found == [(1, 0)]


def test_each_entry_gets_one_review_per_pass():
    found = next_reviews(P, np.zeros(3, int), NONE, NONE, n=9, cap=9)

    assert [entry for entry, _ in found] == [1, 2, 0, 1, 2, 0, 1, 2, 0]
    assert len(set(found)) == 9


def test_no_judge_exceeds_the_cap():
    found = next_reviews(P, np.array([2, 2, 1]), NONE, NONE, n=9, cap=2)

    assert found == [(1, 2)]


def test_certain_and_unscored_entries_get_nothing():
    found = next_reviews(P, np.zeros(3, int), NONE, NONE, n=99, cap=99)

    assert {entry for entry, _ in found} == {0, 1, 2}


def test_tables_must_fit():
    with pytest.raises(ScoringError, match="entries by judges"):
        next_reviews(P, np.zeros(2, int), NONE, NONE, n=1, cap=9)
