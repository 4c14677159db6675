import numpy as np
import pytest

from judging.scoring.combine import bayes_average, juries, weighted
from judging.scoring.types import ScoringError

EXPERT = np.array([90.0, 80, 70, 60])
PUBLIC = np.array([10.0, 40, 20, 30])


def test_stages_add_by_their_weights():
    score, effective = weighted(
        np.column_stack([EXPERT, PUBLIC]), np.array([50.0, 50.0]), standardise=False
    )

    assert score.tolist() == [50, 60, 45, 45]
    assert effective.sum() == pytest.approx(1)


def test_an_entry_that_lacks_a_stage_has_no_result():
    parts = np.column_stack([EXPERT, PUBLIC])
    parts[2, 1] = np.nan

    score, _ = weighted(parts, np.array([1.0, 1.0]), standardise=False)

    assert np.isnan(score[2])
    assert np.isfinite(np.delete(score, 2)).all()


def test_the_wider_jury_rules_unless_both_are_standardised():
    wide = np.column_stack([EXPERT, 10 * PUBLIC])
    half = np.array([1.0, 1.0])

    assert weighted(wide, half, standardise=False)[1][1] > 0.9
    assert weighted(wide, half, standardise=True)[1] == pytest.approx([0.5, 0.5])


def test_juries_are_compared_inside_the_nomination():
    expert = np.array([90.0, 80, 50, 40])
    public = np.array([3.0, 1, 500, 100])

    score, effective = juries(expert, public, 0.2, np.array([0, 0, 1, 1]))

    assert score.tolist() == pytest.approx([1, -1, 1, -1])
    assert effective == pytest.approx([0.8, 0.2])


def test_effective_weights_count_what_the_juries_share():
    rng = np.random.default_rng(0)
    both = rng.standard_normal(4000)
    expert, public = both + rng.standard_normal(4000), both + rng.standard_normal(4000)

    _, effective = juries(expert, public, 0.3)

    total = 0.7**2 + 0.3**2 + 2 * 0.7 * 0.3 * 0.5
    assert effective[1] == pytest.approx((0.3**2 + 0.7 * 0.3 * 0.5) / total, abs=0.02)


def test_a_jury_that_gives_all_the_same_decides_nothing():
    score, effective = juries(EXPERT, np.full(4, 7.0), 0.3)

    assert np.argsort(-score).tolist() == [0, 1, 2, 3]
    assert effective == pytest.approx([1, 0])


def test_the_public_cannot_weigh_more_than_the_cap():
    with pytest.raises(ScoringError, match="public"):
        juries(EXPERT, PUBLIC, 0.31)


def test_weights_must_fit_and_weigh():
    with pytest.raises(ScoringError, match="one weight per part"):
        weighted(np.ones((2, 2)), np.ones(3), standardise=False)
    with pytest.raises(ScoringError, match="not all zero"):
        weighted(np.ones((2, 2)), np.zeros(2), standardise=False)


def test_few_votes_are_drawn_to_the_mean():
    means, votes = np.array([5.0, 5.0, np.nan]), np.array([1, 1000, 0])

    drawn = bayes_average(means, votes, grand=3.0)

    assert drawn == pytest.approx([(5 + 60) / 21, 5060 / 1020, 3.0])
