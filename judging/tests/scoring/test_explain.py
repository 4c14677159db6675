import pytest

from judging.scoring import calibrate, explain
from judging.scoring.mixed import mixed
from judging.scoring.types import Ratings, ScoringError
from judging.tests.scoring.test_calibrate import some_ratings


@pytest.mark.parametrize("method", [calibrate.judges_eb, calibrate.robust, calibrate.trimmed])
def test_the_one_line_arithmetic_reproduces_the_score(method):
    fit = method(some_ratings(per_entry=5))

    for entry in range(40):
        told = explain.entry(fit, entry)
        assert told["reproduced"] == pytest.approx(told["score"], abs=1e-9)
        assert told["raw"] + told["correction"] == pytest.approx(told["score"])


def test_the_correction_is_the_mean_leniency_taken_out():
    told = explain.entry(calibrate.judges_eb(some_ratings()), 3)

    assert told["correction"] == pytest.approx(-told["mean_leniency"], abs=1e-9)
    assert told["n"] == 3
    assert not told["shrunk"]


def test_a_predictor_says_that_it_is_shrunk():
    assert explain.entry(mixed(some_ratings()), 3)["shrunk"]


def test_a_strict_judge_gets_points_added():
    ratings = some_ratings(5)
    fit = calibrate.judges_eb(ratings)
    strictest = int(fit.leniency.argmin())

    told = explain.judge(fit, strictest)

    assert told["added"] == -told["leniency"] > 0
    assert told["shared"] == told["n"] == ratings.judge_counts[strictest]
    assert 0 < told["trust"] < 1


def test_a_judge_alone_has_nothing_to_be_compared_by():
    fit = calibrate.judges_eb(Ratings([0, 0, 1], [0, 1, 2], [5.0, 7.0, 6.0], 2, 3))

    assert "observed" not in explain.judge(fit, 2)


def test_who_has_no_score_cannot_be_explained():
    fit = calibrate.judges_eb(Ratings([0, 0], [0, 1], [5.0, 7.0], 2, 3))
    with pytest.raises(ScoringError, match="entry 1"):
        explain.entry(fit, 1)
    with pytest.raises(ScoringError, match="judge 2"):
        explain.judge(fit, 2)
