import numpy as np

from judging.scoring.simulate import Setting, contest, precision


def test_one_seed_is_one_contest():
    first, second, other = contest(Setting(), 1), contest(Setting(), 1), contest(Setting(), 2)

    assert first.ratings.y.tobytes() == second.ratings.y.tobytes()
    assert first.ratings.y.tobytes() != other.ratings.y.tobytes()


def test_a_mixed_plan_loads_the_judges_evenly():
    ratings = contest(Setting(), 1).ratings

    assert set(ratings.entry_counts.tolist()) == {5}
    assert set(ratings.judge_counts.tolist()) <= {33, 34}


def test_an_anchor_is_read_by_its_panel_and_one_judge_of_each_other():
    ratings = contest(Setting(plan="panels", anchors=4), 1).ratings

    assert sorted(ratings.entry_counts.tolist())[-5:] == [5, 10, 10, 10, 10]


def test_scores_are_whole_and_on_the_scale():
    y = contest(Setting(centre=8.3), 1).ratings.y

    assert set(y.tolist()) <= {float(k) for k in range(11)}


def test_precision_is_the_share_of_the_best_that_was_found():
    truth = np.array([5.0, 4, 3, 2, 1])

    assert precision(np.array([5.0, 1, 4, 2, 3]), truth, k=2) == 0.5
