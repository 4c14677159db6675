import numpy as np
import pytest

from judging.scoring.reliability import alpha, icc
from judging.scoring.types import ScoringError
from judging.tests.scoring.published import KRIPPENDORFF_C, SHROUT_FLEISS, ratings_of
from judging.tests.scoring.test_calibrate import some_ratings


def test_shrout_and_fleiss_1979():
    ratings = ratings_of(SHROUT_FLEISS)
    found = icc(ratings.e, ratings.j, ratings.y)

    single = (found.single_oneway, found.single_abs, found.single_cons)
    mean = (found.mean_oneway, found.mean_abs, found.mean_cons)
    assert single == pytest.approx((0.1657, 0.2898, 0.7148), abs=1e-4)
    assert mean == pytest.approx((0.4428, 0.6201, 0.9093), abs=1e-4)
    assert found.k == 4


@pytest.mark.parametrize(
    ("level", "expected"),
    [("nominal", 0.7434), ("ordinal", 0.8154), ("interval", 0.8491), ("ratio", 0.7974)],
)
def test_krippendorffs_c_data(level, expected):
    ratings = ratings_of(KRIPPENDORFF_C)

    assert alpha(ratings.e, ratings.j, ratings.y, level) == pytest.approx(expected, abs=1e-4)


def test_perfect_agreement_is_one():
    ratings = ratings_of(np.array([[1.0, 1], [2, 2], [5, 5]]))

    assert alpha(ratings.e, ratings.j, ratings.y) == pytest.approx(1.0)


def test_a_sparse_jury_is_judged_by_its_variances():
    ratings = some_ratings(1, entries=200, judges=20, per_entry=4)
    found = icc(ratings.e, ratings.j, ratings.y)

    assert found.single_cons == pytest.approx(100 / 136, abs=0.08)
    assert found.mean_cons > found.mean_abs > found.single_abs
    assert found.k == pytest.approx(4)


def test_single_scores_have_no_reliability():
    one = np.arange(3)
    with pytest.raises(ScoringError, match="two scores"):
        icc(one, one, one.astype(float))
    with pytest.raises(ScoringError, match="two scores"):
        alpha(one, one, one.astype(float))


def test_alpha_of_equal_values_is_unknown():
    ratings = ratings_of(np.full((3, 2), 4.0))

    assert np.isnan(alpha(ratings.e, ratings.j, ratings.y))
