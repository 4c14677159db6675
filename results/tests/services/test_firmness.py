"""A standing counted again reads the marks its totals were made of, in the parts of its nomination."""

from decimal import Decimal

import pytest
from django.utils import timezone

from judging.models import (
    CorrectedMark,
    Correction,
    Criterion,
    JuryKind,
    Meeting,
    PanelWeight,
)
from outbox.services import run_due
from results.models import OutcomeRule, TieOrder
from results.services import ask_firmness, compute_standing
from results.services.collecting import collect
from tests.factories import make_judge, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(finalist_rule, essay_round, compete, score):
    """Of three entries with whole marks; two go on by the plain mean."""
    OutcomeRule.objects.filter(pk=finalist_rule.pk).update(method="mean")
    given = {"Aster": [90, 60, 80], "Birch": [70, 80, 50], "Cedar": [40, 60, 50]}
    return {name: score(compete(name), essay_round, *totals) for name, totals in given.items()}


@pytest.fixture
def correct(organiser):
    """Other marks beside the submitted ones, one per criterion, and their mean as the total."""

    def act(card, *values):
        meeting, _made = Meeting.objects.get_or_create(
            round=card.assignment.round,
            entry=card.assignment.entry,
            defaults={"opened_by": organiser, "opened_at": timezone.now()},
        )
        made = Correction.objects.create(
            scorecard=card,
            number=1,
            kind="consensus",
            total=Decimal(sum(values)) * 10 / len(values),
            reason="We had misread the figures.",
            by=organiser,
            made_at=timezone.now(),
            meeting=meeting,
        )
        criteria = Criterion.objects.filter(dimension__rubric=card.assignment.round.rubric)
        for criterion, value in zip(criteria.order_by("pk"), values, strict=True):
            CorrectedMark.objects.create(correction=made, criterion=criterion, value=value)

    return act


@pytest.fixture
def count(finalist_rule, nomination, organiser):
    def act(standing=None):
        standing = standing or compute_standing(finalist_rule, nomination, by=organiser)
        asked = ask_firmness(standing, by=organiser)
        run_due(kinds=["count-again"])
        asked.refresh_from_db()
        return asked.content

    return act


def row_of_marks(content):
    """What the Rasch model of single marks says."""
    (row,) = [one for one in content["methods"] if one["method"] == "mfrm"]
    return {key: row[key] for key in ("refused", "leave", "enter", "first")}


AS_BEFORE = {"refused": False, "leave": [], "enter": [], "first": []}


def number_of(cards, name):
    return cards[name][0].assignment.entry.number


def test_the_rasch_model_places_entries_by_the_marks_as_they_were_corrected_when_the_table_was_made(
    cards, correct, count, finalist_rule, nomination, organiser
):
    first = compute_standing(finalist_rule, nomination, by=organiser)
    for card in cards["Birch"]:
        correct(card, 2, 1)

    before, after = count(first), count()

    aster, birch, cedar = (number_of(cards, name) for name in ("Aster", "Birch", "Cedar"))
    assert (before["inside"], after["inside"]) == (sorted([aster, birch]), sorted([aster, cedar]))
    assert row_of_marks(before) == row_of_marks(after) == AS_BEFORE
    assert before["agreement"] == {"of": 6, "by": {aster: 6, birch: 6}}
    assert after["agreement"] == {"of": 6, "by": {aster: 6, cedar: 6}}


def test_one_number_on_all_criteria_is_looked_for_in_the_corrected_marks(cards, correct, count):
    """As submitted, every judge gives one number; after the meeting only the first one still does."""
    values = {"Aster": (9, 8), "Birch": (7, 5), "Cedar": (5, 3)}
    for name, pair in values.items():
        for card in cards[name][1:]:
            correct(card, *pair)

    told = {one["spread"]: one["flags"] for one in count()["judges"]}

    assert told == {0: ["one-number"], 1.5: []}


def test_a_tie_is_parted_by_the_priority_criterion_as_it_was_corrected(
    finalist_rule, essay_round, nomination, organiser, compete, score, correct
):
    rule = finalist_rule
    first, _second = Criterion.objects.filter(dimension__rubric=essay_round.rubric).order_by("pk")
    rule.method, rule.ties, rule.priority = "mean", TieOrder.PRIORITY, first
    rule.save()
    names = ["Aster", "Birch"]
    cards = [score(compete(name), essay_round, 60, 60, 60)[0] for name in names]
    correct(cards[1], 8, 4)

    standing = compute_standing(rule, nomination, by=organiser)

    rows = [(row.entry.number, row.place) for row in standing.rows.order_by("place")]
    assert rows == [(cards[1].assignment.entry.number, 1), (cards[0].assignment.entry.number, 2)]
    assert collect(rule).pools[0].inputs["priority"] == {
        cards[0].assignment.entry.number: "6.000000",
        cards[1].assignment.entry.number: "6.666667",
    }


def test_a_method_of_single_marks_freezes_them_as_they_were_corrected(
    cards, correct, finalist_rule, nomination
):
    OutcomeRule.objects.filter(pk=finalist_rule.pk).update(method="mfrm")
    finalist_rule.refresh_from_db()
    correct(cards["Cedar"][0], 10, 0)

    marks = collect(finalist_rule).pool_of(nomination).inputs["marks"]["essay"]

    own = [row for row in marks if row[0] == number_of(cards, "Cedar")]
    assert len(marks) == 18
    assert sorted(row[3] for row in own) == ["0.00", "10.00", "5.00", "5.00", "6.00", "6.00"]


def test_the_part_of_the_public_stays_a_mean_whatever_the_method_and_says_nothing_of_single_marks(
    cards, count, finalist_rule, essay_round, jury, season
):
    OutcomeRule.objects.filter(pk=finalist_rule.pk).update(method="standard")
    public = season.juries.create(slug="public", kind=JuryKind.PUBLIC, name={"en": "Public"})
    essay_round.juries.add(public)
    PanelWeight.objects.create(round=essay_round, jury=jury, weight=Decimal(80))
    PanelWeight.objects.create(round=essay_round, jury=public, weight=Decimal(20))
    essay_round.quorum = 1
    essay_round.save()
    for name, own in cards.items():
        # Each entry has a voter of its own: nothing compares one with another.
        voter = make_person(f"{name.lower()}@voters.example.org", f"Voter for {name}")
        own[2].assignment.judge = make_judge(public, voter)
        own[2].assignment.save()

    content = count()

    assert [one["refused"] for one in content["methods"]] == [False] * 6
    assert {(one["part"], one["percent"]) for one in content["weights"]} == {
        ("essay.expert", -10),
        ("essay.expert", 10),
        ("essay.public", -10),
        ("essay.public", 10),
    }
    assert not any(one["leave"] for one in content["methods"])
