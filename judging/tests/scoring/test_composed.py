"""The result of a tree: rules about what is missing, quotas and ties, and what must not matter."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.scoring.composed import compute
from judging.scoring.tree import nominal_weights

ESSAY = {"alfa": {"a": 70, "b": 60}, "beta": {"a": 80, "b": 70}, "gamma": {"a": 50, "b": 40}}


def leaf(slug: str, weight: str = "50.00", **fields: Any) -> dict[str, Any]:
    return {
        "slug": slug, "weight": weight, "round": slug, "jury": None, "nominations": None,
        "method": "mean", "scale": "points", "quorum": 1, "decimals": None, **fields,
    }  # fmt: skip


def rules(*children: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "quota": 1, "quota_mode": "review", "ties": [], "missing": "no-place", "seed": "s",
        "draws": 200, "tree": {"slug": "result", "children": list(children)}, **fields,
    }  # fmt: skip


def inputs(nomination: int = 1, **leaves: Any) -> dict[str, Any]:
    names = sorted({entry for given_ in leaves.values() for entry in given_})
    return {
        "entries": [[name, nomination] for name in names],
        "scorecards": {
            slug: [
                [entry, judge, f"{score:.6f}", ""]
                for entry, scores in given_.items()
                for judge, score in scores.items()
            ]
            for slug, given_ in leaves.items()
        },
    }


def table(result: dict[str, Any]) -> list[tuple[str, int | None, str | None, bool]]:
    return [(row["entry"], row["place"], row["score"], row["proposed"]) for row in result["rows"]]


def test_weights_of_a_tree_multiply_down_to_its_leaves():
    group = {
        "slug": "jury",
        "weight": "50",
        "children": [leaf("expert", "80"), leaf("public", "20")],
    }

    weights = nominal_weights(rules(group, leaf("defence"))["tree"])

    assert weights == {"expert": 0.4, "public": 0.1, "defence": 0.5}


def test_essay_and_defence_are_weighed_and_ranked():
    defence = {"alfa": {"a": 90}, "beta": {"a": 60}, "gamma": {"a": 50}}

    result = compute(rules(leaf("essay"), leaf("defence")), inputs(essay=ESSAY, defence=defence))[1]

    assert table(result) == [
        ("alfa", 1, "77.500000", True),
        ("beta", 2, "67.500000", False),
        ("gamma", 3, "47.500000", False),
    ]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("no-place", [("alfa", 1, "75.000000"), ("beta", None, None)]),
        ("zero", [("alfa", 1, "75.000000"), ("beta", 2, "45.000000")]),
        ("shared", [("beta", 1, "90.000000"), ("alfa", 2, "75.000000")]),
    ],
)
def test_an_entry_that_lacks_a_part_is_treated_by_the_stated_rule(missing, expected):
    data = inputs(essay={"alfa": {"a": 70}, "beta": {"a": 90}}, defence={"alfa": {"a": 80}})

    result = compute(rules(leaf("essay"), leaf("defence"), missing=missing), data)[1]

    assert [row[:3] for row in table(result)] == expected


def test_below_the_quorum_there_is_a_score_and_no_place():
    data = inputs(essay={"alfa": {"a": 99}, "beta": {"a": 50, "b": 60}})

    result = compute(rules(leaf("essay", quorum=2)), data)[1]

    assert [row[:3] for row in table(result)] == [
        ("beta", 1, "55.000000"),
        ("alfa", None, "99.000000"),
    ]


def test_below_the_least_score_there_is_a_place_and_no_proposal():
    data = inputs(essay={"alfa": {"a": 90}, "beta": {"a": 60}, "gamma": {"a": 59.99}})

    result = compute(rules(leaf("essay"), quota=3, least_score="60.00"), data)[1]

    assert table(result) == [
        ("alfa", 1, "90.000000", True),
        ("beta", 2, "60.000000", True),
        ("gamma", 3, "59.990000", False),
    ]


@pytest.mark.parametrize(
    ("mode", "proposed", "reason"),
    [("review", 1, "review"), ("shrink", 1, "shrunk"), ("draw", 2, "drawn")],
)
def test_a_tie_at_the_line_is_never_split_silently_nor_exceeds_the_quota(mode, proposed, reason):
    data = inputs(essay={"alfa": {"a": 90}, "beta": {"a": 70}, "gamma": {"a": 70}})

    result = compute(rules(leaf("essay"), quota=2, quota_mode=mode), data)[1]

    assert sum(row["proposed"] for row in result["rows"]) == proposed
    assert result["line"] == {"reason": reason, "tied": ["beta", "gamma"]}


def test_the_priority_criterion_parts_equal_scores():
    data = {**inputs(essay={"alfa": {"a": 70}, "beta": {"a": 70}}), "priority": {"beta": "9"}}

    result = compute(rules(leaf("essay"), ties=["priority"]), data)[1]

    assert [row[:2] for row in table(result)] == [("beta", 1), ("alfa", 2)]


def test_strictness_is_taken_out_and_the_arithmetic_can_be_repeated():
    scores = {
        "alfa": {"a": 80, "b": 60, "c": 72}, "beta": {"a": 74, "b": 55, "d": 70},
        "gamma": {"b": 50, "c": 63, "d": 66}, "delta": {"a": 60, "c": 52, "d": 57},
    }  # fmt: skip
    data = inputs(essay=scores)

    result = compute(rules(leaf("essay", method="judges_eb")), data)[1]

    leniency = {one["judge"]: float(one["leniency"]) for one in result["leaves"][0]["judges"]}
    assert leniency["a"] > 0 > leniency["b"]
    for row in result["rows"]:
        own = scores[row["entry"]]
        clean = sum(score - leniency[judge] for judge, score in own.items()) / len(own)
        assert float(row["score"]) == pytest.approx(clean, abs=2e-6)
        assert row["lo"] <= row["place"] <= row["hi"]


def test_groups_of_judges_without_a_common_entry_stop_a_nomination_and_anchors_are_named():
    data = inputs(essay={"alfa": {"a": 80, "b": 70}, "beta": {"c": 60, "d": 50}})

    result = compute(rules(leaf("essay", method="standard")), data)[1]

    assert result["rows"] == []
    assert result["stopped"]["code"] == "disconnected"
    assert {entry for entry, _judge in result["stopped"]["anchors"]} <= {"alfa", "beta"}
    assert result["stopped"]["anchors"]


@pytest.mark.parametrize("method", ["standard", "judges_eb", "additive", "robust"])
def test_a_review_on_appeal_moves_a_place_and_the_arithmetic_can_be_repeated(method):
    """Without the flag the reviewers would be called generous, and the winner would rise with them."""
    scores = {
        "alfa": {"a": 80, "b": 82, "c": 78}, "beta": {"a": 79, "b": 78, "c": 77},
        "gamma": {"a": 60, "b": 66, "d": 61}, "delta": {"b": 58, "c": 50, "d": 55},
    }  # fmt: skip
    data = inputs(essay={**scores, "beta": {**scores["beta"], "r1": 86, "r2": 84}})
    before = compute(rules(leaf("essay", method=method)), inputs(essay=scores))[1]

    asked = {**data, "appeals": {"essay": [["beta", "r1"], ["beta", "r2"]]}}
    after = compute(rules(leaf("essay", method=method)), asked)[1]

    assert [row["entry"] for row in before["rows"][:2]] == ["alfa", "beta"]
    assert [row["entry"] for row in after["rows"][:2]] == ["beta", "alfa"]
    told = {one["judge"]: (one["n"], one["leniency"]) for one in after["leaves"][0]["judges"]}
    assert (told["r1"], told["r2"]) == ((1, "0.000000"), (1, "0.000000"))
    same = ("score", "raw", "parts")
    assert [[row[key] for key in same] for row in after["rows"] if row["entry"] != "beta"] == [
        [row[key] for key in same] for row in before["rows"] if row["entry"] != "beta"
    ]


def test_a_standardised_jury_does_not_rule_by_spreading_its_points():
    expert = {"alfa": {"a": 71}, "beta": {"a": 70}, "gamma": {"a": 69}}
    public = {"alfa": {"p": 10}, "beta": {"p": 50}, "gamma": {"p": 90}}
    points = rules(leaf("expert", "80"), leaf("public", "20"))
    same = rules(
        *(leaf(slug, w, scale="standardised") for slug, w in [("expert", "80"), ("public", "20")])
    )
    data = inputs(expert=expert, public=public)

    assert compute(points, data)[1]["rows"][0]["entry"] == "gamma"
    assert compute(same, data)[1]["rows"][0]["entry"] == "alfa"


def test_a_part_on_which_all_agree_weighs_nothing_in_effect():
    flat = {entry: {"a": 60} for entry in ESSAY}

    result = compute(rules(leaf("essay"), leaf("defence")), inputs(essay=ESSAY, defence=flat))[1]

    assert [(one["nominal"], one["effective"]) for one in result["weights"]] == [
        ("0.500000", "1.000000"),
        ("0.500000", "0.000000"),
    ]


SCORES = st.dictionaries(
    st.sampled_from(["alfa", "beta", "gamma", "delta", "epsilon"]),
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 100), min_size=2),
    min_size=2,
)


@settings(max_examples=20, deadline=None)
@given(SCORES, st.randoms(use_true_random=False), st.integers(2, 9))
def test_neither_the_order_of_rows_nor_the_unit_of_weights_matters(scores, chance, factor):
    data = inputs(essay=scores, defence=scores)
    mixed = inputs(essay=scores, defence=scores)
    chance.shuffle(mixed["entries"])
    for cards in mixed["scorecards"].values():
        chance.shuffle(cards)
    tree = (leaf("essay", "3.00", method="standard"), leaf("defence", "1.00", method="standard"))
    scaled = tuple({**one, "weight": str(float(one["weight"]) * factor)} for one in tree)

    assert compute(rules(*scaled), mixed) == compute(rules(*tree), data)


@settings(max_examples=15, deadline=None)
@given(SCORES)
def test_names_of_judges_do_not_matter(scores):
    renamed = {
        entry: {{"a": "z", "b": "y", "c": "x"}[judge]: one for judge, one in given_.items()}
        for entry, given_ in scores.items()
    }
    one = rules(leaf("essay", method="judges_eb"))

    before, after = compute(one, inputs(essay=scores))[1], compute(one, inputs(essay=renamed))[1]

    assert sorted(row["entry"] for row in before["rows"]) == sorted(
        row["entry"] for row in after["rows"]
    )
    found = {row["entry"]: row["score"] for row in after["rows"]}
    for row in before["rows"]:
        assert float(found[row["entry"]]) == pytest.approx(float(row["score"]), abs=2e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(-20, 20), st.integers(0, 10**6))
def test_a_constant_of_one_judge_changes_no_place_where_all_read_all(shift, seed):
    chance = random.Random(seed)
    scores = {entry: {judge: chance.randint(30, 70) for judge in "abc"} for entry in ESSAY}
    moved = {entry: {**own, "a": own["a"] + shift} for entry, own in scores.items()}
    one = rules(leaf("essay", method="standard"))

    def places(given_: Any) -> list[tuple[str, int | None]]:
        return [row[:2] for row in table(compute(one, inputs(essay=given_))[1])]

    assert places(moved) == places(scores)
