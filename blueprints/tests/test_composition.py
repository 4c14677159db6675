"""The tree of a result in a season file."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Organisation
from blueprints.services import load_season
from blueprints.tests.test_services import faults_of, shipped
from judging.models import Criterion
from results.models import Decision, OutcomeRule, Standing
from tests.factories import make_entry, make_person

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


TIES = f"""{ROUNDS}    ties: priority head-to-head
    priority: CRITERION
    seed: cx-2022
"""


def criterion_of_essay() -> str:
    load_season(shipped())
    essay = OutcomeRule.objects.get(kind="laureate").rounds.get(slug="essay")
    return Criterion.objects.filter(dimension__rubric=essay.rubric).earliest("pk").slug


def test_what_parts_equal_scores_is_stored_and_loading_it_again_changes_nothing():
    file = shipped((ROUNDS, TIES.replace("CRITERION", criterion_of_essay())))
    load_season(file)

    rule = OutcomeRule.objects.get(kind="laureate")
    assert (rule.ties, rule.seed) == ("priority head-to-head", "cx-2022")
    assert rule.priority.slug == criterion_of_essay()
    assert load_season(file).changes == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("CRITERION", "charm", "outcomes[1].priority"),
        ("priority head-to-head", "luck", "outcomes[1].ties"),
        ("    priority: CRITERION\n", "", "outcomes[1].ties"),
        ("seed: cx-2022", f"seed: {'x' * 65}", "outcomes[1].seed"),
    ],
)
def test_a_faulty_order_of_ties_is_named(old, new, place):
    wrong = TIES.replace(old, new).replace("CRITERION", criterion_of_essay())

    assert {path for path, _message in faults_of((ROUNDS, wrong))} == {place}


def test_a_decided_outcome_keeps_its_order_of_ties():
    user = make_person("organiser@example.org", "Olga")
    file = (ROUNDS, TIES.replace("CRITERION", criterion_of_essay()))
    load_season(shipped(file))
    rule = OutcomeRule.objects.get(kind="laureate")
    nomination = rule.season.nominations.get(number=1)
    entry = make_entry(nomination, Organisation.objects.create(name="Aster"), user)
    standing = Standing.objects.create(
        rule=rule, nomination=nomination, method="mean", inputs={}, computed_at=timezone.now()
    )
    Decision.objects.create(
        rule=rule, entry=entry, standing=standing, confirmed_by=user, confirmed_at=timezone.now()
    )
    changed = (ROUNDS, file[1].replace("cx-2022", "another"))

    assert load_season(shipped(file)).changes == []
    assert {path for path, _message in faults_of(changed)} == {"outcomes[1].seed"}
