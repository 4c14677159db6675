"""Where a plan falls short, the limit that binds is named."""

import numpy as np

from judging.assignment import binding_limits, solve
from judging.tests.assignment.test_solver import make


def limits(problem):
    found = binding_limits(problem, solve(problem))
    return [(one.kind, one.needs, one.has, one.entries, one.judges) for one in found]


def test_an_entry_that_too_few_may_read():
    allowed = np.ones((3, 4), dtype=bool)
    allowed[1, :2] = False

    assert limits(make(3, 4, 3, allowed=allowed)) == [("entry", 3, 2, (1,), ())]


def test_places_of_all_judges_together():
    problem = make(100, 8, 3, load_most=np.full(8, 30))

    assert limits(problem) == [("places", 300, 240, (), ())]


def test_entries_that_share_too_few_judges():
    allowed = np.ones((6, 6), dtype=bool)
    allowed[:4, 2:] = False
    problem = make(6, 6, 2, allowed=allowed, load_most=np.full(6, 3))

    assert limits(problem) == [("group", 8, 6, (0, 1, 2, 3), (0, 1))]


def test_a_background_nobody_brings_to_an_entry():
    allowed = np.ones((2, 3), dtype=bool)
    allowed[0, 0] = False
    problem = make(2, 3, 2, allowed=allowed, background=np.array([0, 1, 1]), required=(0,))

    assert limits(problem) == [("no background", 1, 0, (0,), ())]


def test_a_background_with_too_few_places():
    problem = make(
        4, 3, 2, background=np.array([0, 1, 1]), required=(0,), load_most=np.array([2, 4, 4])
    )

    assert limits(problem) == [("background", 4, 2, (), ())]


def test_backgrounds_whose_judges_may_not_meet():
    problem = make(
        1,
        4,
        2,
        background=np.array([-1, 0, 0, 1]),
        required=(0, 1),
        load_most=np.array([1, 1, 0, 1]),
        avoid=((1, 3),),
    )

    assert limits(problem) == [("together", 2, 1, (0,), ())]


def test_more_backgrounds_than_judges_per_entry():
    problem = make(1, 3, 2, background=np.array([0, 1, 2]), required=(0, 1, 2))

    assert limits(problem) == [("size", 3, 2, (0,), ())]


def test_a_least_load_that_conflicts_leave_no_entries_for():
    allowed = np.ones((4, 3), dtype=bool)
    allowed[1:, 0] = False
    problem = make(4, 3, 2, allowed=allowed, load_least=np.array([2, 0, 0]))

    assert limits(problem) == [("least", 2, 1, (), (0,))]


def test_least_loads_beyond_what_there_is_to_read():
    assert limits(make(2, 4, 1, load_least=np.full(4, 1))) == [("rooms", 4, 2, (), ())]


def test_avoided_pairs_that_leave_too_few():
    problem = make(1, 3, 2, avoid=((0, 1), (1, 2), (0, 2)))

    assert limits(problem) == [("avoid", 2, 1, (0,), ())]
