"""The weights of a result, moved a tenth on every floor of its tree, and the tree as a picture."""

import pytest

from judging.scoring.composed import compute
from results.composition import tree_shown
from results.recounting import count_again


def leaf(slug, weight, nominations=None):
    return {
        "slug": slug, "weight": str(weight), "round": slug, "jury": None, "method": "mean",
        "nominations": nominations, "scale": "points", "quorum": 1, "decimals": None,
    }  # fmt: skip


def group(slug, weight, *children):
    return {"slug": slug, "weight": str(weight), "children": list(children)}


@pytest.fixture
def tree():
    """Essay 50, live 40 (speech 60, answers 40), and 10 for a visit that only nomination 2 has."""
    live = group("live", 40, leaf("speech", 60), leaf("answers", 40))
    return group("result", 1, leaf("essay", 50), live, leaf("visit", 10, [2]))


@pytest.fixture
def recount(tree):
    """Counted again in nomination 1; `given`: the points of each entry in essay, speech, answers."""

    def act(given, quota=1):
        rules = {
            "tree": tree, "missing": "no-place", "ties": [], "quota": quota,
            "quota_mode": "review", "seed": "s", "draws": 50,
        }  # fmt: skip
        parts = ("essay", "speech", "answers")
        cards = {
            part: [[name, "J", f"{points[at]:.6f}", ""] for name, points in given.items()]
            for at, part in enumerate(parts)
        }
        entries = [[name, 1] for name in given]
        inputs = {"entries": entries, "scorecards": {**cards, "visit": []}}
        rows = compute(rules, inputs)[1]["rows"]
        return count_again(rules, inputs, 1, rows, marks={})

    return act


def named(changes):
    return {(one["part"], one["percent"]): (one["leave"], one["enter"]) for one in changes}


def test_the_weight_of_each_part_is_moved_on_each_floor_of_the_tree_that_judges_the_nomination(
    recount,
):
    # Essay and live weigh 50 : 40; in live, speech and answers 60 : 40.
    # Aster 70.00: 80 in the essay, 57.5 live. Birch 69.79: 62 in the essay, 79.525 live.
    content = recount({"Aster": (80, 57.5, 57.5), "Birch": (62, 79.5, 79.5)})

    swap = (["Aster"], ["Birch"])
    same: tuple[list[str], list[str]] = ([], [])
    assert named(content["weights"]) == {
        ("essay", -10): swap,
        ("essay", 10): same,
        ("live", -10): same,
        ("live", 10): swap,
        ("speech", -10): same,
        ("speech", 10): same,
        ("answers", -10): same,
        ("answers", 10): same,
    }


def test_a_weight_inside_a_group_moves_the_shares_of_its_neighbours_and_nothing_else(recount):
    # Live: Aster 66.0 and Birch 65.8; with 10 % more for the answers 65.61 and 66.16.
    content = recount({"Aster": (70, 70, 60), "Birch": (70, 57, 79)})

    moved = {key for key, change in named(content["weights"]).items() if change[0]}
    assert moved == {("speech", -10), ("answers", 10)}


def test_a_part_weighs_what_is_left_to_it_where_another_does_not_judge(tree):
    shown = tree_shown(tree, {"live": "On stage"}, [1, 2])

    assert [(node.name, node.depth, node.leaf) for node in shown] == [
        ("essay", 0, True),
        ("On stage", 0, False),
        ("speech", 1, True),
        ("answers", 1, True),
        ("visit", 0, True),
    ]
    assert [(round(node.share, 6), round(node.whole, 6), node.varies) for node in shown] == [
        (50.0, 50.0, True),
        (40.0, 40.0, True),
        (60.0, 24.0, True),
        (40.0, 16.0, True),
        (10.0, 10.0, False),
    ]
    assert [node.sums_to for node in shown] == [None, 100.0, None, None, None]
