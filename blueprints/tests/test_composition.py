"""The tree of a result in a season file."""

from decimal import Decimal

import pytest

from blueprints.services import load_season
from blueprints.tests.test_services import faults_of, shipped
from results.models import OutcomeRule

pytestmark = pytest.mark.django_db

ROUNDS = "    rounds: [essay, defence]\n"
PARTS = f"""{ROUNDS}    method: mean
    parts:
      - {{slug: written, weight: 50}}
      - {{slug: essay, under: written, weight: 100, round: essay, decimals: 2}}
      - {{slug: live, weight: 50, round: defence}}
"""


def test_parts_of_a_result_are_stored_with_their_weights():
    load_season(shipped((ROUNDS, PARTS)))

    rule = OutcomeRule.objects.get(kind="laureate")
    assert rule.method == "mean"
    assert [(one.slug, one.under, one.weight) for one in rule.parts.all()] == [
        ("written", "", Decimal(50)),
        ("essay", "written", Decimal(100)),
        ("live", "", Decimal(50)),
    ]


def test_a_part_under_nothing_and_a_group_of_nothing_are_named():
    wrong = PARTS.replace("under: written", "under: spoken")

    assert {path for path, _message in faults_of((ROUNDS, wrong))} == {
        "outcomes[1].parts[0].slug",
        "outcomes[1].parts[1].under",
    }


def test_a_least_score_is_stored_and_a_wrong_one_named():
    load_season(shipped((ROUNDS, f"{ROUNDS}    least_score: 62.5\n")))

    assert OutcomeRule.objects.get(kind="laureate").least_score == Decimal("62.5")
    assert {path for path, _message in faults_of((ROUNDS, f"{ROUNDS}    least_score: 101\n"))} == {
        "outcomes[1].least_score"
    }
