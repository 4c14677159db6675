"""Sharing is even, repeats nothing and never crosses a conflict."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from judging.distribution import share


def test_every_entry_gets_its_judges_and_loads_are_level():
    plan = share(range(10), range(5), per_entry=3, closed={})

    assert Counter(entry for _judge, entry in plan.pairs) == dict.fromkeys(range(10), 3)
    assert plan.loads == dict.fromkeys(range(5), 6)
    assert plan.short == {}


def test_entries_without_enough_judges_are_named():
    plan = share([1, 2], [10, 11], per_entry=2, closed={10: {1}, 11: {1}})

    assert sorted(plan.pairs) == [(10, 2), (11, 2)]
    assert plan.short == {1: 2}


def test_what_is_assigned_already_counts_and_is_not_repeated():
    plan = share([1], [10, 11, 12], per_entry=2, closed={}, taken=[(10, 1)], counted=[(10, 1)])

    assert len(plan.pairs) == 1
    assert plan.pairs[0] in {(11, 1), (12, 1)}


def test_one_who_stepped_back_is_not_asked_again():
    plan = share([1], [10, 11], per_entry=2, closed={}, taken=[(10, 1)])

    assert (plan.pairs, plan.short) == ([(11, 1)], {1: 1})


def test_the_same_question_gets_the_same_answer():
    question = {"per_entry": 3, "closed": {1: {4, 5}}}

    assert share(range(20), range(7), **question) == share(range(20), range(7), **question)


@given(
    entries=st.integers(1, 12),
    judges=st.integers(1, 8),
    per_entry=st.integers(1, 4),
    closed=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 11))),
)
def test_no_plan_crosses_a_conflict_or_asks_twice(entries, judges, per_entry, closed):
    barred = {judge: {e for j, e in closed if j == judge} for judge in range(judges)}

    plan = share(range(entries), range(judges), per_entry=per_entry, closed=barred)

    assert len(set(plan.pairs)) == len(plan.pairs)
    assert [pair for pair in plan.pairs if pair[1] in barred[pair[0]]] == []
    for entry in range(entries):
        possible = sum(entry not in barred[judge] for judge in range(judges))
        given_to = sum(one == entry for _judge, one in plan.pairs)
        assert given_to == min(per_entry, possible)
        assert plan.short.get(entry, 0) == per_entry - given_to
