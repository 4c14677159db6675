"""The optimum is the one found by trying everything; conflicts, limits and links are kept."""

from dataclasses import replace
from time import process_time

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judging.assignment import Problem, binding_limits, solve
from judging.assignment.links import pieces
from judging.assignment.problem import price
from judging.tests.assignment.brute import best, keeps_limits, plans


def table_of(problem, outcome):
    table = np.zeros(problem.size, dtype=bool)
    for pair in outcome.pairs:
        table[pair] = True
    return table


def make(entries=4, judges=4, per_entry=2, **fields):
    """A question where everything is possible at the same price."""
    shape = (entries, judges)
    given_fields = {
        "cost": np.zeros(shape, dtype=np.int64),
        "allowed": np.ones(shape, dtype=bool),
        "least": np.full(entries, per_entry),
        "most": np.full(entries, per_entry),
        "load_least": np.zeros(judges, dtype=np.int64),
        "load_most": np.full(judges, entries),
        "fixed": np.zeros(shape, dtype=bool),
        "background": np.full(judges, -1),
        "spread": 1,
        **fields,
    }
    return Problem(**given_fields)


@st.composite
def questions(draw):
    """Small questions of every kind."""
    entries, judges = draw(st.integers(1, 3)), draw(st.integers(1, 4))

    def table(elements):
        flat = draw(st.lists(elements, min_size=entries * judges, max_size=entries * judges))
        return np.array(flat).reshape(entries, judges)

    def row(size, low, high):
        return np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size)))

    least = row(entries, 0, 2)
    load_least = row(judges, 0, 1) * draw(st.integers(0, 1))
    allowed = table(st.sampled_from([True, True, True, False])).astype(bool)
    fixed = table(st.sampled_from([False] * 7 + [True])).astype(bool)
    pairs = [(a, b) for a in range(judges) for b in range(a + 1, judges)]
    return Problem(
        cost=table(st.integers(0, 9)).astype(np.int64),
        allowed=allowed,
        least=least,
        most=least + row(entries, 0, 1),
        load_least=load_least,
        load_most=load_least + row(judges, 0, 3),
        fixed=fixed,
        background=row(judges, -1, 1),
        required=tuple(draw(st.sets(st.integers(0, 1), max_size=2))),
        avoid=tuple(draw(st.sets(st.sampled_from(pairs), max_size=2))) if pairs else (),
        spread=draw(st.integers(0, 3)),
    )


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(questions())
def test_no_plan_is_cheaper_and_none_crosses_a_conflict(problem):
    outcome = solve(problem)
    table = table_of(problem, outcome)

    assert outcome.cost == price(problem, outcome.pairs) == best(problem)
    assert outcome.bound == outcome.cost
    assert not (table & ~problem.open_pairs()).any()
    assert not any((table[:, a] & table[:, b]).any() for a, b in problem.avoid)
    assert outcome.whole == keeps_limits(problem, table)
    assert bool(binding_limits(problem, outcome)) == (not outcome.whole)


@SLOW
@given(questions())
def test_the_cheapest_linked_plan_is_found_where_there_is_one(problem):
    problem = replace(problem, connected=True)
    loose = solve(replace(problem, connected=False))
    whole_plans = [t for t in plans(problem) if keeps_limits(problem, t)]

    outcome = solve(problem)

    assert outcome.cost - outcome.extra_links == loose.cost
    if loose.whole and (problem.need >= 1).all():
        linked = [t for t in whole_plans if pieces(problem, t)[0] == 1]
        prices = [price(problem, zip(*np.nonzero(t), strict=True)) for t in linked]
        assert (outcome.pieces == 1) == bool(linked)
        if linked:
            assert outcome.cost == min(prices) == outcome.bound


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_the_same_question_gets_the_same_answer(seed):
    rng = np.random.default_rng(seed)
    problem = make(
        30,
        8,
        cost=rng.integers(0, 5, (30, 8)),
        avoid=((0, 1), (2, 3)),
        background=rng.integers(0, 2, 8),
        required=(0, 1),
        connected=True,
    )

    assert solve(problem) == solve(problem)


def test_loads_are_level():
    outcome = solve(make(10, 5, 3))

    assert np.bincount([j for _e, j in outcome.pairs]).tolist() == [6] * 5


def test_two_hundred_entries_find_five_of_thirty_judges_each_across_no_conflict():
    rng = np.random.default_rng(7)
    allowed = rng.random((200, 30)) >= 0.05
    load = {"load_least": np.full(30, 33), "load_most": np.full(30, 35)}
    problem = make(200, 30, 5, allowed=allowed, cost=rng.integers(0, 30, (200, 30)), **load)
    start = process_time()

    table = table_of(problem, solve(problem))

    assert process_time() - start < 1.0
    assert set(table.sum(axis=1).tolist()) == {5}
    assert set(table.sum(axis=0).tolist()) <= {33, 34, 35}
    assert not (table & ~allowed).any()


def test_few_pairs_at_first_make_no_worse_plan(monkeypatch):
    rng = np.random.default_rng(7)
    problem = make(60, 50, 3, cost=rng.integers(0, 100, (60, 50)), load_most=np.full(50, 4))
    whole_network = solve(problem)

    monkeypatch.setattr("judging.assignment.network.WIDTH", 3)
    narrow = solve(problem)

    assert narrow.cost == whole_network.cost


def test_a_range_is_filled_as_far_as_the_judges_have_room():
    problem = make(4, 4, least=np.full(4, 1), most=np.full(4, 3), load_most=np.full(4, 2))

    outcome = solve(problem)

    assert np.bincount([e for e, _j in outcome.pairs]).tolist() == [2, 2, 2, 2]


def test_what_is_assigned_stays_and_only_the_rest_is_filled():
    fixed = np.zeros((3, 4), dtype=bool)
    fixed[0, :2] = fixed[1, 0] = True

    outcome = solve(make(3, 4, 2, fixed=fixed))

    assert np.bincount([e for e, _j in outcome.pairs], minlength=3).tolist() == [0, 1, 2]


def test_two_tracks_are_linked_at_the_least_price():
    cost = np.full((6, 6), 10)
    cost[:3, :3] = cost[3:, 3:] = 0
    cost[0, 3] = cost[3, 0] = 4
    problem = make(6, 6, 2, cost=cost, connected=True)

    outcome = solve(problem)

    assert (outcome.pieces, outcome.extra_links, outcome.optimal) == (1, 6, True)
    assert solve(replace(problem, connected=False)).pieces == 2


def test_one_judge_an_entry_links_nobody():
    outcome = solve(make(4, 2, 1, connected=True))

    assert (outcome.pieces, len(outcome.pairs)) == (2, 4)


def test_nothing_to_read_and_nobody_to_read_are_answered():
    assert solve(make(0, 3)).pairs == ()
    assert solve(make(2, 0)).short == {0: 2, 1: 2}
