from dataclasses import replace

import numpy as np
import pytest

from judging.scoring import calibrate
from judging.scoring.pipeline import METHODS, Rules, calibrated, standard_v1
from judging.scoring.simulate import Setting, contest
from judging.scoring.types import DisconnectedError, Marks, Ratings, ScoringError
from judging.tests.scoring.published import PENICILLIN, ratings_of
from judging.tests.scoring.test_calibrate import some_ratings

TEN = Rules(high=10.0, draws=200)


def marks_of(ratings, best=10.0):
    ones = np.ones(1)
    return Marks(ratings.e, ratings.j, np.zeros(ratings.n, int), ratings.y, best * ones, ones)


def test_judges_eb_is_the_default():
    ratings = contest(Setting(), 1).ratings
    standing = standard_v1(ratings, 10, rules=TEN)

    assert (standing.method, standing.switch) == ("judges_eb", "default")
    assert standing.calibration.entry.tobytes() == calibrate.judges_eb(ratings).entry.tobytes()
    assert standing.link.sound


def test_judges_who_all_saw_all_are_averaged():
    ratings = ratings_of(PENICILLIN)
    standing = standard_v1(ratings, 2)

    assert (standing.method, standing.switch) == ("mean", "complete")
    assert standing.calibration.entry.tobytes() == ratings.raw_means().tobytes()
    assert standing.rank.tolist() == [1, 5, 2, 4, 3, 6]


def test_two_judges_are_averaged():
    ratings = ratings_of(np.array([[5, 6], [7, np.nan], [8, 4]], float))

    assert standard_v1(ratings, 1).switch == "few-judges"


def test_without_severity_the_mean_is_kept():
    rng = np.random.default_rng(8)
    e, j = (index.ravel() for index in np.indices((30, 6)))
    keep = rng.random(e.size) < 0.7
    y = 50 + 10 * rng.standard_normal(30)[e] + rng.standard_normal(e.size)
    table = np.bincount(e, keep * y) / np.bincount(e, keep)
    y = np.where((j % 2) == 0, table[e] + 0.5, table[e] - 0.5)
    ratings = Ratings(e[keep], j[keep], y[keep], 30, 6)
    same = Ratings(ratings.e, ratings.j, table[ratings.e], 30, 6)

    assert standard_v1(same, 3).switch == "no-severity"
    assert standard_v1(ratings, 3).switch != "no-severity"


def test_a_crowded_end_of_the_scale_calls_for_the_rasch_model():
    ratings = contest(Setting(centre=8.3, entries=80, judges=12), 2).ratings
    standing = standard_v1(ratings, 10, rules=TEN, marks=marks_of(ratings))

    assert (standing.method, standing.switch) == ("mfrm", "ceiling")
    score = standing.calibration.entry
    assert ((score > 0) & (score < 10)).all()
    assert np.corrcoef(score, ratings.raw_means())[0, 1] > 0.9


def test_without_single_marks_a_crowded_end_is_only_reported():
    ratings = contest(Setting(centre=8.3, entries=80, judges=12), 2).ratings
    standing = standard_v1(ratings, 10, rules=TEN)

    assert standing.method == "judges_eb"
    assert "ceiling" in [finding.code for finding in standing.findings]


def confounded(per_judge):
    """Strict judges get the best entries; every judge has about ``per_judge``."""
    rng = np.random.default_rng(3)
    judges = 20
    entries = per_judge * judges // 5
    truth = np.sort(rng.standard_normal(entries))
    leniency = np.linspace(1.5, -1.5, judges)
    near = np.repeat(np.linspace(0, judges - 1, entries), 5)
    j = np.round(near + np.tile([-3, -1, 0, 1, 4], entries)).astype(int) % judges
    e = np.repeat(np.arange(entries), 5)
    y = 50 + 10 * (truth[e] + leniency[j] + 0.4 * rng.standard_normal(e.size))
    return Ratings(e, j, y, entries, judges)


def test_strict_judges_with_the_best_entries_call_for_least_squares():
    standing = standard_v1(confounded(30), 5)

    assert (standing.method, standing.switch) == ("additive", "confounded")


def test_with_few_scores_per_judge_confounding_is_only_reported():
    standing = standard_v1(confounded(12), 5)

    assert standing.method == "judges_eb"
    assert "confounded" in [finding.code for finding in standing.findings]


def two_panels(group):
    table = np.full((6, 6), np.nan)
    rng = np.random.default_rng(0)
    table[:3, :3], table[3:, 3:] = rng.normal(50, 9, (3, 3)), rng.normal(70, 9, (3, 3))
    rows = ratings_of(table)
    return Ratings(rows.e, rows.j, rows.y, 6, 6, None if group is None else np.array(group))


def test_rivals_read_by_closed_panels_stop_the_computation():
    with pytest.raises(DisconnectedError, match="anchor") as caught:
        standard_v1(two_panels(None), 2)

    assert caught.value.units == (0,)


def test_closed_panels_of_different_nominations_are_no_trouble():
    standing = standard_v1(two_panels([0, 0, 0, 1, 1, 1]), 1)

    assert sorted(standing.rank.tolist()) == [1, 1, 2, 2, 3, 3]
    assert "disconnected" in [finding.code for finding in standing.findings]


@pytest.mark.parametrize("method", METHODS)
def test_a_programme_may_choose_its_method(method):
    ratings = some_ratings(per_entry=5)
    standing = standard_v1(ratings, 10, rules=replace(TEN, method=method))

    assert (standing.method, standing.switch) == (method, "programme")


@pytest.mark.parametrize("method", ["median", "z"])
def test_medians_and_z_scores_are_not_offered(method):
    with pytest.raises(ScoringError, match="no method"):
        calibrated(some_ratings(), method, None, 0, 100)


def test_entries_below_the_minimum_are_named():
    rows = some_ratings(per_entry=3)
    ratings = rows.keep(np.arange(rows.n) != 0)
    standing = standard_v1(ratings, 5)

    assert standing.short == (0,)
    (short,) = [finding for finding in standing.findings if finding.code == "short"]
    assert short.subjects == (0,)


def test_a_second_score_of_one_judge_is_named():
    rows = some_ratings()
    ratings = Ratings(
        np.append(rows.e, 0), np.append(rows.j, rows.j[0]), np.append(rows.y, 50.0), 40, 8
    )

    codes = [finding.code for finding in standard_v1(ratings, 5).findings]

    assert "duplicate" in codes


def test_the_contested_are_those_of_doubt():
    standing = standard_v1(contest(Setting(), 1).ratings, 10, rules=TEN)
    p_top = standing.probs.p_top

    assert standing.contested
    assert all(0.2 < p_top[entry] < 0.8 for entry in standing.contested)


def test_single_scores_are_ranked_without_probabilities():
    standing = standard_v1(Ratings([0, 1, 2], [0, 0, 0], [5.0, 7.0, 6.0], 3, 1), 1)

    assert standing.rank.tolist() == [3, 1, 2]
    assert standing.probs is None


def test_the_rasch_model_needs_whole_marks_on_one_scale():
    ratings = some_ratings()
    with pytest.raises(ScoringError, match="whole marks"):
        calibrated(ratings, "mfrm", marks_of(ratings, 100.0), 0, 100)
    with pytest.raises(ScoringError, match="needs the single marks"):
        calibrated(ratings, "mfrm", None, 0, 100)


def test_nothing_to_score_is_refused():
    with pytest.raises(ScoringError, match="no scores"):
        standard_v1(Ratings([], [], [], 2, 2), 1)
