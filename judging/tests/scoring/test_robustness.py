import json

import numpy as np
import pytest

from judging.scoring.pipeline import Rules
from judging.scoring.robustness import data_hash, report
from judging.scoring.simulate import Setting, contest
from judging.scoring.types import Marks, Ratings
from judging.tests.scoring.published import PENICILLIN, ratings_of

RULES = Rules(high=10.0, draws=300)


@pytest.fixture(scope="module")
def ratings():
    return contest(Setting(entries=60, judges=12), 3).ratings


@pytest.fixture(scope="module")
def found(ratings):
    return report(ratings, 5, seed=7, rules=RULES)


def test_the_report_is_json_and_repeats_itself(ratings, found):
    again = report(ratings, 5, seed=7, rules=RULES)

    assert json.dumps(found, allow_nan=False) == json.dumps(again, allow_nan=False)


def test_the_hash_is_that_of_the_data_and_not_of_the_order(ratings):
    back = Ratings(ratings.e[::-1], ratings.j[::-1], ratings.y[::-1], 60, 12)
    changed = Ratings(ratings.e, ratings.j, ratings.y + (np.arange(ratings.n) == 3), 60, 12)

    assert data_hash(back) == data_hash(ratings)
    assert data_hash(changed) != data_hash(ratings)


def test_entries_stand_in_order_with_their_evidence(found):
    ranks = [row["rank"] for row in found["entries"]]
    best = found["entries"][0]

    assert ranks == sorted(ranks)
    assert best["lo"] == 1
    assert best["chosen_by"] == best["methods"] == 4
    assert len(found["chosen"]) == 5
    chances = sum(row["p_top"] for row in found["entries"][:5])
    assert found["expected_correct"] == pytest.approx(chances)


def test_leaving_a_judge_out_names_who_would_swap(ratings, found):
    assert found["leave_one_out"]
    for change in found["leave_one_out"]:
        assert set(change["leave"]) <= set(found["chosen"])
        assert not set(change["enter"]) & set(found["chosen"])
        without = ratings.keep(ratings.j != change["judge"])
        other = report(without, 5, seed=7, rules=RULES)["chosen"]
        assert set(other) == set(found["chosen"]) - set(change["leave"]) | set(change["enter"])


def test_weights_are_nudged_when_the_marks_are_known(ratings):
    rng = np.random.default_rng(1)
    e, j, c = np.tile(ratings.e, 2), np.tile(ratings.j, 2), np.repeat([0, 1], ratings.n)
    x = np.clip(np.tile(ratings.y, 2) + rng.normal(0, 2, e.size).round(), 0, 10)
    marks = Marks(e, j, c, x, np.array([10.0, 10.0]), np.array([3.0, 1.0]))
    total = 10 * (3 * x[: ratings.n] + x[ratings.n :]) / 4
    scores = Ratings(ratings.e, ratings.j, total, 60, 12)

    found = report(scores, 5, rules=Rules(draws=100), marks=marks)

    assert {change["factor"] for change in found["weights"]} <= {0.9, 1.1}
    assert set(found["methods"]) == {"mean", "trimmed", "additive", "judges_eb", "mfrm"}


def test_units_have_places_of_their_own(ratings):
    found = report(ratings, 2, np.arange(60) % 3, rules=RULES)

    assert len(found["chosen"]) == 6
    assert [entry % 3 for entry in found["chosen"]].count(0) == 2


def test_a_complete_design_is_reported_too():
    found = report(ratings_of(PENICILLIN), 2, rules=Rules(high=30.0, draws=100))

    assert found["method"] == "mean"
    assert found["reliability"]["single"] == pytest.approx(3.731 / 4.750, abs=1e-3)
    assert found["confounding"] == {"r": None, "p": None}
