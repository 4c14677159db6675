"""What a protocol says is checked twice: by the mathematics that made it, and by a script apart from it."""

import copy
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs import verify_standing
from judging.scoring.composed import compute
from judging.scoring.protocol import NAME, digest, faults
from judging.scoring.tree import FORMAT
from judging.scoring.verify import judged, versions

LEAF = {
    "round": "essay", "jury": None, "nominations": None, "method": "standard", "scale": "points",
    "quorum": 2, "decimals": None, "weight": "60.00",
}  # fmt: skip


def rules_with(**changed):
    """Two parts, three in at most."""
    return {
        "format": FORMAT, "outcome": "laureate", "quota": 3, "quota_mode": "review", "ties": [],
        "priority": None, "missing": "no-place", "seed": "published", "draws": 200,
        "tree": {"children": [
            {**LEAF, "slug": "essay"},
            {**LEAF, "slug": "defence", "method": "mean", "weight": "40.00"},
        ]},
        **changed,
    }  # fmt: skip


def basis_with(seed, entries=9, judges=6, step=0.5):
    """Two nominations; each entry is read by three of some judges, in both parts."""
    dice = random.Random(seed)
    names = [(f"E{number}", 1 if number < entries - 2 else 2) for number in range(entries)]
    cards = {
        slug: sorted(
            [name, f"judge{judge}", f"{50 + step * dice.randint(-40, 40) + judge:.6f}", "leaf"]
            for name, _of in names
            for judge in dice.sample(range(judges), 3)
        )
        for slug in ("essay", "defence")
    }
    return {"format": FORMAT, "entries": [list(one) for one in names], "scorecards": cards}


def sealed(document):
    """The same protocol with fingerprints that fit what it says now."""
    inputs = document["inputs"]
    inputs["rules_sha256"] = document["rules_sha256"] = digest(document["rules"])
    inputs["basis_sha256"] = digest(document["basis"])
    document["inputs_sha256"] = digest(inputs)
    document["results_sha256"] = digest(document["results"])
    return document


def document_of(rules, basis, nomination=1):
    """The protocol as the portal writes it."""
    return sealed(
        {
            "format": NAME,
            "season": "cx-2022",
            "outcome": rules["outcome"],
            "nomination": nomination,
            "rules": rules,
            "basis": basis,
            "inputs": {
                "format": FORMAT,
                "nomination": nomination,
                "nominations": [1, 2],
                "entries": [name for name, of in basis["entries"] if of == nomination],
            },
            "versions": versions(),
            "results": compute(rules, basis, [nomination])[nomination],
        }
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    quota=st.integers(0, 5),
    mode=st.sampled_from(["review", "shrink", "draw"]),
    ties=st.sampled_from([[], ["priority"], ["head-to-head"], ["priority", "head-to-head"]]),
    missing=st.sampled_from(["no-place", "zero", "shared"]),
    scale=st.sampled_from(["points", "standardised"]),
    method=st.sampled_from(["standard", "mean", "judges_eb", "additive", "olympic", "bayes"]),
    step=st.sampled_from([0.5, 20.0]),
    least=st.sampled_from([None, "50.00"]),
    quorum=st.sampled_from([1, 3]),
)
def test_the_script_finds_nothing_wrong_in_what_the_mathematics_computed(
    seed, quota, mode, ties, missing, scale, method, step, least, quorum
):
    rules = rules_with(quota=quota, quota_mode=mode, ties=ties, missing=missing)
    rules |= {} if least is None else {"least_score": least}
    first = rules["tree"]["children"][0]
    first |= {"method": method, "scale": scale, "quorum": quorum}
    # Many equal totals with the large step: ties are met often.
    basis = basis_with(seed, step=step)
    dice = random.Random(seed)
    for slug in basis["scorecards"]:
        basis["scorecards"][slug] = [
            card for card in basis["scorecards"][slug] if card[0] != "E0" or dice.random() < 0.3
        ]
    if "priority" in ties:
        basis["priority"] = {f"E{one}": f"{dice.randint(1, 3)}.000000" for one in range(1, 7)}

    document = document_of(rules, basis)

    assert list(faults(document)) == []
    if document["results"]["stopped"] is None:
        assert list(verify_standing.faults(document)) == []


@pytest.fixture
def document():
    return document_of(rules_with(), basis_with(3))


def without_the_winner(document):
    del document["results"]["rows"][0]


def the_winner_has_no_place(document):
    document["results"]["rows"][0]["place"] = None


def the_last_is_proposed(document):
    rows = document["results"]["rows"]
    rows[0]["proposed"], rows[-1]["proposed"] = False, True


def first_and_second_change_places(document):
    rows = document["results"]["rows"]
    rows[0]["place"], rows[1]["place"] = 2, 1


def another_quota(document):
    document["rules"]["quota"] = 1


def another_outcome(document):
    document["outcome"] = "finalist"


def a_judge_was_lenient(document):
    leaf = document["results"]["leaves"][0]
    told = leaf["judges"][0]
    told["leniency"] = f"{float(told['leniency']) + 9:.6f}"
    for row in document["results"]["rows"]:
        cards = [
            card for card in document["basis"]["scorecards"]["essay"] if card[0] == row["entry"]
        ]
        moved = sum(9 / len(cards) for card in cards if card[1] == told["judge"])
        row["parts"]["essay"]["score"] = f"{float(row['parts']['essay']['score']) - moved:.6f}"


@pytest.mark.parametrize(
    "forge",
    [
        without_the_winner, the_winner_has_no_place, the_last_is_proposed,
        first_and_second_change_places, another_quota, another_outcome, a_judge_was_lenient,
    ],
)  # fmt: skip
def test_a_forgery_with_fresh_fingerprints_is_found_by_both(document, forge):
    forged = copy.deepcopy(document)

    forge(forged)
    sealed(forged)

    assert list(verify_standing.faults(document)) == list(faults(document)) == []
    assert list(verify_standing.faults(forged)) != []
    assert judged(forged).holds is False


def test_rules_under_the_fingerprint_of_others_are_found(document):
    document["rules_sha256"] = "0" * 64

    assert list(verify_standing.faults(document)) == ["The rules do not fit their SHA-256."]


def test_a_malformed_file_is_told_and_not_thrown(tmp_path, capsys):
    file = tmp_path / "protocol.json"
    file.write_text('{"results": []}')

    ended = verify_standing.main([str(file)])

    assert ended == 1
    assert capsys.readouterr().out == "NO: The protocol is malformed: KeyError 'inputs'.\n"


def test_leniencies_that_explain_nearly_everything_are_found_too():
    basis = basis_with(3)
    basis["scorecards"]["essay"] = sorted(
        [name, f"judge{judge}", f"{60 + number + 8 * (judge - 2):.6f}", "leaf"]
        for number, (name, _of) in enumerate(basis["entries"])
        for judge in ((number + shift) % 5 for shift in range(3))
    )

    document = document_of(rules_with(), basis)

    assert float(document["results"]["leaves"][0]["var_resid"]) < 0.001
    assert list(verify_standing.faults(document)) == list(faults(document)) == []
