"""What must hold for any jury, found by trying many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.scoring import calibrate
from judging.scoring.pipeline import METHODS
from judging.scoring.rubric import combine
from judging.scoring.select import levels, quota, rank
from judging.scoring.types import Ratings

LINEAR = {name: METHODS[name] for name in ("mean", "olympic", "additive", "judges_eb")}

quick = settings(max_examples=40, deadline=None)


@st.composite
def juries(draw):
    """A connected or loose jury with whole-number scores."""
    entries, judges = draw(st.integers(3, 12)), draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    seen = rng.random((entries, judges)) < draw(st.sampled_from([0.5, 0.8, 1.0]))
    seen[np.arange(entries), rng.integers(0, judges, entries)] = True
    seen[0] = True
    e, j = np.nonzero(seen)
    quality, leniency = 2 * rng.standard_normal(entries), rng.standard_normal(judges)
    y = np.clip(np.round(5 + quality[e] + leniency[j] + rng.standard_normal(e.size)), 0, 10)
    return Ratings(e, j, y, entries, judges)


@quick
@given(juries(), st.randoms(use_true_random=False), st.sampled_from(list(METHODS)))
def test_the_order_of_rows_changes_not_a_bit(ratings, random, name):
    order = list(range(ratings.n))
    random.shuffle(order)
    shuffled = Ratings(
        ratings.e[order],
        ratings.j[order],
        ratings.y[order],
        ratings.n_entries,
        ratings.n_judges,
    )

    if name == "robust":  # its median and weights travel with the rows
        assert METHODS[name](shuffled).entry == pytest.approx(METHODS[name](ratings).entry)
    else:
        assert METHODS[name](shuffled).entry.tobytes() == METHODS[name](ratings).entry.tobytes()


@quick
@given(juries(), st.randoms(use_true_random=False), st.sampled_from(list(LINEAR)))
def test_other_names_give_the_same_scores(ratings, random, name):
    entries, judges = list(range(ratings.n_entries)), list(range(ratings.n_judges))
    random.shuffle(entries)
    random.shuffle(judges)
    new_e, new_j = np.array(entries), np.array(judges)
    renamed = Ratings(
        new_e[ratings.e], new_j[ratings.j], ratings.y, ratings.n_entries, ratings.n_judges
    )

    before, after = METHODS[name](ratings), METHODS[name](renamed)

    assert after.entry[new_e] == pytest.approx(before.entry, abs=1e-6, nan_ok=True)
    assert after.leniency[new_j] == pytest.approx(before.leniency, abs=1e-6, nan_ok=True)


@quick
@given(juries(), st.sampled_from(list(LINEAR)))
def test_ten_times_the_points_give_ten_times_the_scores(ratings, name):
    larger = Ratings(ratings.e, ratings.j, 10 * ratings.y + 7, ratings.n_entries, ratings.n_judges)

    before, after = METHODS[name](ratings), METHODS[name](larger)

    assert after.entry == pytest.approx(10 * before.entry + 7, abs=1e-5)
    assert after.se == pytest.approx(10 * before.se, abs=1e-4, nan_ok=True)


@quick
@given(juries(), st.integers(0, 5), st.floats(-20, 20))
def test_a_judge_stricter_by_a_constant_changes_no_order_when_all_saw_all(ratings, judge, constant):
    rng = np.random.default_rng(ratings.n)
    table = np.round(rng.normal(5, 2, (ratings.n_entries, ratings.n_judges)))
    e, j = (index.ravel() for index in np.indices(table.shape))
    shift = np.where(j == judge % ratings.n_judges, constant, 0.0)
    plain = Ratings(e, j, table.ravel(), ratings.n_entries, ratings.n_judges)
    moved = Ratings(e, j, table.ravel() + shift, ratings.n_entries, ratings.n_judges)

    for method in LINEAR:
        if method == "olympic":  # dropping extremes may follow the shift
            continue
        before = levels(np.round(METHODS[method](plain).entry, 6))
        assert levels(np.round(METHODS[method](moved).entry, 6)).tolist() == before.tolist()


@quick
@given(juries(), st.integers(0, 5), st.floats(-20, 20))
def test_additive_scores_ignore_how_strict_one_judge_is(ratings, judge, constant):
    shift = np.where(ratings.j == judge % ratings.n_judges, constant, 0.0)
    moved = Ratings(ratings.e, ratings.j, ratings.y + shift, ratings.n_entries, ratings.n_judges)

    gap = calibrate.additive(moved).entry - calibrate.additive(ratings).entry

    assert np.ptp(gap) < 1e-6


@quick
@given(juries())
def test_every_score_twice_gives_the_same_additive_scores(ratings):
    twice = Ratings(
        np.tile(ratings.e, 2),
        np.tile(ratings.j, 2),
        np.tile(ratings.y, 2),
        ratings.n_entries,
        ratings.n_judges,
    )

    expected = calibrate.additive(ratings).entry
    assert calibrate.additive(twice).entry == pytest.approx(expected, abs=1e-8)


@quick
@given(juries(), st.sampled_from(list(METHODS)))
def test_a_judge_never_assigned_changes_not_a_bit(ratings, name):
    more = Ratings(ratings.e, ratings.j, ratings.y, ratings.n_entries, ratings.n_judges + 3)

    assert METHODS[name](more).entry.tobytes() == METHODS[name](ratings).entry.tobytes()


@st.composite
def cards(draw):
    """Scorecards: marks, weights, best marks, and which criteria were answered."""
    n, criteria = draw(st.integers(1, 5)), draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    best = rng.choice([5.0, 10.0, 20.0], criteria)
    marks = np.round(rng.random((n, criteria)) * best)
    answered = rng.random((n, criteria)) < 0.7
    answered[:, 0] = True
    return marks, rng.integers(1, 6, criteria).astype(float), best, answered


@quick
@given(cards(), st.floats(1e-6, 1e6))
def test_only_the_ratio_of_weights_counts(card, factor):
    marks, weights, best, answered = card

    expected = combine(marks, weights, best, answered)

    assert combine(marks, factor * weights, best, answered) == pytest.approx(expected, rel=1e-12)


@quick
@given(cards())
def test_an_abstention_is_as_if_the_criterion_did_not_exist(card):
    marks, weights, best, answered = card

    score = combine(np.where(answered, marks, np.nan), weights, best, answered)

    for row, there in enumerate(answered):
        alone = combine(marks[row : row + 1, there], weights[there], best[there])
        assert score[row] == pytest.approx(alone[0], abs=1e-9)


@quick
@given(st.lists(st.integers(0, 6), min_size=1, max_size=15), st.integers(0, 10))
def test_a_quota_is_never_exceeded_and_ties_are_never_split_silently(points, k):
    score = np.array(points, float) / 3 + 0.1

    for mode in ("review", "shrink", "draw"):
        found = quota(score, k, mode, seed="published")
        chosen = set(found.chosen)
        assert len(found.chosen) == len(chosen) <= k
        worst = min((score[entry] for entry in chosen), default=np.inf)
        left = [entry for entry in range(score.size) if entry not in chosen]
        better = [entry for entry in left if score[entry] > worst + 1e-9]
        assert better == []
        if mode != "draw":
            assert all(score[entry] < worst - 1e-9 for entry in left)


@quick
@given(st.lists(st.integers(0, 6), min_size=1, max_size=15))
def test_float_noise_breaks_no_tie(points):
    score = np.array(points, float) / 3
    noise = 1e-12 * np.random.default_rng(len(points)).standard_normal(score.size)

    assert rank(score + noise).tolist() == rank(score).tolist()
