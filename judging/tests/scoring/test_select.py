import hashlib

import numpy as np
import pytest

from judging.scoring.select import cutoff, draw_order, head_to_head, levels, quota, rank
from judging.scoring.types import ScoringError
from judging.tests.scoring.published import ratings_of

TIED = np.array([9.0, 7.0, 7.0, 7.0, 5.0])


def test_equal_scores_share_a_place():
    assert rank(TIED).tolist() == [1, 2, 2, 2, 5]


def test_places_are_counted_inside_each_unit():
    group = np.array([0, 1, 0, 1, 1])

    assert rank(TIED, group=group).tolist() == [1, 1, 2, 1, 3]


def test_an_entry_without_a_score_has_no_place():
    assert rank(np.array([5.0, np.nan, 6.0])).tolist() == [2, 0, 1]


def test_noise_at_a_rounding_edge_breaks_no_tie():
    edge = 7 + 0.5e-9

    assert levels(np.array([edge - 1e-16, edge + 1e-16, 6])).tolist() == [0, 0, 1]


def test_a_tie_on_the_line_goes_to_review_by_default():
    found = quota(TIED, 2)

    assert found.chosen == (0,)
    assert found.boundary == (1, 2, 3)
    assert found.reason == "review"


def test_a_shrinking_quota_leaves_the_tied_out():
    found = quota(TIED, 2, "shrink")

    assert (found.chosen, found.boundary, found.reason) == ((0,), (1, 2, 3), "shrunk")


def test_a_draw_can_be_repeated_by_anyone():
    ids = ["CX22-1", "CX22-2", "CX22-3", "CX22-4", "CX22-5"]
    found = quota(TIED, 2, "draw", seed="lottery of 1 May", ids=ids)

    tickets = {
        entry: hashlib.sha256(f"lottery of 1 May|{ids[entry]}".encode()).hexdigest()
        for entry in (1, 2, 3)
    }
    assert found.chosen == (0, min(tickets, key=tickets.__getitem__))
    assert found.reason == "drawn"
    assert draw_order([3, 2, 1], "lottery of 1 May", ids)[0] == found.chosen[1]


def test_a_draw_needs_its_seed():
    with pytest.raises(ScoringError, match="published beforehand"):
        quota(TIED, 2, "draw")


def test_keys_part_a_tie_in_their_order():
    first, second = np.array([0, 3.0, 3.0, 1.0, 0]), np.array([0, 1.0, 2.0, 9.0, 0])

    found = quota(TIED, 2, tie_keys=[first, second])

    assert found.chosen == (0, 2)
    assert found.reason == "tie-key"
    assert rank(TIED, [first, second]).tolist() == [1, 3, 2, 4, 5]


def test_an_entry_without_a_key_stands_behind_those_with_one():
    assert rank(np.array([7.0, 7.0]), [np.array([np.nan, -5.0])]).tolist() == [2, 1]


def test_the_whole_field_fits_a_large_quota():
    found = quota(TIED, 10)

    assert found.chosen == (0, 1, 2, 3, 4)
    assert found.reason == "clear"


def test_a_quota_filled_exactly_by_a_tied_group_is_clear():
    found = quota(TIED, 4)

    assert (found.chosen, found.boundary, found.reason) == ((0, 1, 2, 3), (), "clear")


def test_no_places_choose_nobody():
    assert quota(TIED, 0).chosen == ()
    with pytest.raises(ScoringError, match="negative"):
        quota(TIED, -1)


def test_head_to_head_counts_the_judges_who_saw_both():
    nan = np.nan
    ratings = ratings_of(np.array([[8, 6, nan, 7], [6, 8, 7, nan], [7, 5, 7, 7]], float))
    key = head_to_head(ratings)

    value = key(np.array([0, 2]))

    assert value == pytest.approx([(2 + 0.5) / 3, 0.5 / 3])


def test_who_never_met_is_even():
    ratings = ratings_of(np.array([[8, np.nan], [np.nan, 3]]))

    assert head_to_head(ratings)(np.array([0, 1])).tolist() == [0.5, 0.5]


def test_a_line_is_clear_when_the_places_are():
    clear, contested = cutoff(np.array([3.0, 2, 1]), np.array([0.95, 0.9, 0.15]), 2)

    assert clear
    assert not contested.any()


def test_a_doubtful_line_names_the_contested():
    clear, contested = cutoff(np.array([3.0, 2, 1]), np.array([0.95, 0.6, 0.45]), 2)

    assert not clear
    assert contested.tolist() == [False, True, True]
