"""Points of 100 from words, places, budgets and pairs."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from judging.scoring.types import ScoringError
from judging.scoring.ways import (
    Pair,
    budget_points,
    components,
    next_pair,
    pair_points,
    place_points,
    places,
    pooled_points,
    spendable,
    strengths,
    target,
    word_points,
)

# American League East, 1987: wins of the row over the column (Agresti, Categorical Data Analysis).
TEAMS = ["Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"]
WINS = [
    [0, 7, 9, 7, 7, 9, 11],
    [6, 0, 7, 5, 11, 9, 9],
    [4, 6, 0, 7, 7, 8, 12],
    [6, 8, 6, 0, 6, 7, 10],
    [6, 2, 6, 7, 0, 7, 12],
    [4, 4, 5, 6, 6, 0, 6],
    [2, 4, 1, 3, 1, 7, 0],
]
PUBLISHED = [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0]

OF_FIVE = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.0, 0.5, 1.0])), max_size=14
).map(lambda rows: [Pair(*row) for row in rows if row[0] != row[1]])


def test_a_word_is_worth_100_50_or_0():
    assert [word_points(word) for word in ("yes", "maybe", "no")] == [100.0, 50.0, 0.0]


def test_equal_entries_share_the_middle_of_their_places():
    assert places([False, False, True, False]).tolist() == [1.0, 2.5, 2.5, 4.0]


@given(st.lists(st.booleans(), min_size=2, max_size=30))
def test_the_points_of_a_ranking_are_50_on_average_and_never_rise_downwards(order):
    points = [place_points(place, len(order)) for place in places(order).tolist()]

    assert sum(points) / len(points) == pytest.approx(50.0)
    assert points == sorted(points, reverse=True)


def test_the_first_has_100_the_last_0_and_one_alone_50():
    assert [place_points(1, 5), place_points(5, 5), place_points(1, 1)] == [100.0, 0.0, 50.0]


def test_points_are_the_share_of_the_most_one_entry_may_have():
    assert [budget_points(30, 40), spendable(100, 40, 2), spendable(100, 40, 3)] == [75.0, 80, 100]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: word_points("perhaps"),
        lambda: place_points(0, 3),
        lambda: budget_points(41, 40),
        lambda: strengths(2, [Pair(0, 2, 1.0)]),
        lambda: strengths(2, [Pair(0, 1, 2.0)]),
        lambda: strengths(0, []),
    ],
)
def test_what_cannot_be_scored_is_refused(wrong):
    with pytest.raises(ScoringError):
        wrong()


def test_strengths_without_a_prior_are_the_published_ones():
    pairs = [
        Pair(row, column, 1.0)
        for row, wins in enumerate(WINS)
        for column, count in enumerate(wins)
        for _game in range(count)
    ]

    found = strengths(len(TEAMS), pairs, prior_sd=1e4)

    assert (found - found[-1]).round(2).tolist() == PUBLISHED


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(OF_FIVE)
def test_strengths_are_where_a_general_optimiser_finds_them(pairs):
    def loss(at):
        held = at @ at / 2
        return held + sum(
            share * np.logaddexp(0, at[two] - at[one])
            + (1 - share) * np.logaddexp(0, at[one] - at[two])
            for one, two, share in pairs
        )

    expected = minimize(loss, np.zeros(5), tol=1e-12).x

    assert strengths(5, pairs) == pytest.approx(expected, abs=1e-4)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(OF_FIVE, st.permutations(range(5)), st.randoms(use_true_random=False))
def test_neither_names_nor_the_order_nor_the_side_change_the_points(pairs, names, random):
    points = pair_points(5, pairs)
    again = [Pair(names[two], names[one], 1 - share) for one, two, share in pairs]
    random.shuffle(again)

    renamed = pair_points(5, again)

    assert [renamed[names[one]] for one in range(5)] == pytest.approx(points.tolist())
    assert points.mean() == pytest.approx(50.0)


def test_winning_everything_is_finite_and_first():
    points = pair_points(3, [Pair(0, 1, 1.0), Pair(0, 2, 1.0), Pair(1, 2, 1.0)])

    assert 100.0 > points[0] > points[1] > points[2] > 0.0
    assert pair_points(1, []).tolist() == [50.0]


def test_pooled_judges_are_one_judge_who_compared_as_much():
    one, two = [Pair(0, 1, 1.0)], [Pair(1, 2, 1.0), Pair(0, 2, 0.5)]

    assert pooled_points(3, {7: one, 9: two}).tolist() == pair_points(3, [*one, *two]).tolist()


@pytest.mark.parametrize("entries", [2, 3, 7, 12, 15])
def test_the_pairs_shown_join_every_entry_and_see_each_about_as_often(entries):
    pairs: list[Pair] = []
    while len(pairs) < target(entries, 6):
        shown = next_pair(entries, pairs)
        assert shown is not None
        pairs.append(Pair(*shown, 1.0 if shown[0] < shown[1] else 0.0))

    seen = [sum(one in pair[:2] for pair in pairs) for one in range(entries)]
    first = [sum(one == pair[0] for pair in pairs) for one in range(entries)]
    assert set(components(entries, pairs)) == {0}
    assert max(seen) - min(seen) <= 2
    assert max(abs(2 * f - s) for f, s in zip(first, seen, strict=True)) <= 2
    assert len({frozenset(pair[:2]) for pair in pairs}) == len(pairs)


def test_when_every_pair_is_compared_there_is_no_next_one():
    pairs = [Pair(one, two, 0.5) for one, two in combinations(range(3), 2)]

    assert next_pair(3, pairs) is None
