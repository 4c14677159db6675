import numpy as np
import pytest

from judging.scoring.design import components, link_quality, mean_variance, suggest_anchors
from judging.scoring.simulate import Setting, contest
from judging.scoring.types import ScoringError

PANELS = Setting(plan="panels")


def plan(setting, seed=1):
    ratings = contest(setting, seed).ratings
    return ratings.e, ratings.j, setting.entries, setting.judges


def test_pieces_are_numbered_by_their_first_entry():
    e, j = np.array([3, 0, 0, 1]), np.array([0, 2, 1, 1])

    entries, judges = components(e, j, 4, 4)

    assert entries.tolist() == [0, 0, -1, 1]
    assert judges.tolist() == [1, 0, 0, -1]


def test_closed_panels_are_not_comparable():
    quality = link_quality(*plan(PANELS))

    assert quality.n_components == 6
    assert quality.lambda2 == 0.0
    assert quality.mean_var_judge_diff == np.inf
    assert not quality.sound


def test_a_mixed_plan_is_sound():
    quality = link_quality(*plan(Setting()))

    assert quality.n_components == 1
    assert quality.mean_var_judge_diff == pytest.approx(0.073, abs=0.002)
    assert quality.sound


@pytest.mark.parametrize(("anchors", "variance"), [(1, 1.58), (2, 0.77), (5, 0.31), (10, 0.18)])
def test_anchors_tie_closed_panels_together(anchors, variance):
    quality = link_quality(*plan(Setting(plan="panels", anchors=anchors)))

    assert quality.n_components == 1
    assert quality.mean_var_judge_diff == pytest.approx(variance, rel=0.1)


def test_the_mean_over_pairs_is_the_trace():
    e, j, entries, judges = plan(Setting(entries=30, judges=6, per_entry=2))
    quality = link_quality(e, j, entries, judges)

    pairs = link_quality(e, j, entries, judges).weakest_pairs
    assert len(pairs) == 10
    assert pairs[0][2] >= pairs[-1][2]
    assert pairs[0][2] >= quality.mean_var_judge_diff


def test_suggested_anchors_first_join_the_pieces():
    e, j, entries, judges = plan(Setting(entries=24, judges=12, per_entry=2, plan="panels"))
    none = np.zeros((entries, judges), bool)
    before = components(e, j, entries, judges)[1]

    found = suggest_anchors(e, j, entries, judges, none, budget=5)

    more_e = np.concatenate([e, [entry for entry, _ in found]])
    more_j = np.concatenate([j, [judge for _, judge in found]])
    assert int(before.max()) + 1 == 6
    assert link_quality(more_e, more_j, entries, judges).n_components == 1


def test_suggested_anchors_respect_conflicts_and_what_was_read():
    e, j, entries, judges = plan(Setting(entries=24, judges=12, per_entry=2, plan="panels"))
    conflicts = np.random.default_rng(0).random((entries, judges)) < 0.5

    found = suggest_anchors(e, j, entries, judges, conflicts, budget=30)

    read = set(zip(e.tolist(), j.tolist(), strict=True))
    assert len(set(found)) == 30
    assert not read & set(found)
    assert not any(conflicts[pair] for pair in found)


def test_no_more_anchors_are_suggested_than_are_allowed():
    e, j = np.array([0, 1]), np.array([0, 1])
    conflicts = np.array([[False, True], [False, False]])

    assert suggest_anchors(e, j, 2, 2, conflicts, budget=9) == [(1, 0)]


def test_the_table_of_conflicts_has_the_shape_of_the_plan():
    with pytest.raises(ScoringError, match="entries by judges"):
        suggest_anchors(np.array([0]), np.array([0]), 1, 1, np.zeros((2, 2), bool), 1)


def test_the_quick_mean_variance_is_that_of_the_whole_picture():
    rng = np.random.default_rng(3)
    j = np.concatenate([rng.permutation(12)[:3] for _entry in range(60)])
    e = np.repeat(np.arange(60), 3)

    quick = mean_variance(e, j, 60, 14)

    assert quick == pytest.approx(link_quality(e, j, 60, 14).mean_var_judge_diff)
