"""Freezing standings."""

from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from judging.models import (
    Advancement,
    Assignment,
    AssignmentStatus,
    Conflict,
    Judge,
    Round,
)
from nominations.models import EntryStatus, Revision
from results.models import OutcomeKind, OutcomeRule, Standing
from results.services import compute_all, compute_standing
from results.services.collecting import candidates, pseudonym

pytestmark = pytest.mark.django_db


def table(standing):
    return [
        (row.entry.organisation.name, row.place, row.score, row.proposed)
        for row in standing.rows.order_by(F("place").asc(nulls_first=True), "entry__number")
    ]


def test_a_standing_freezes_places_scores_and_the_proposal(
    finalist_rule, essay_round, nomination, organiser, compete, score
):
    score(compete("Aster"), essay_round, 70, 80)
    score(compete("Birch"), essay_round, 90)
    score(compete("Cedar"), essay_round, 60)

    standing = compute_standing(finalist_rule, nomination, by=organiser)

    assert table(standing) == [
        ("Birch", 1, Decimal("90.000000"), True),
        ("Aster", 2, Decimal("75.000000"), True),
        ("Cedar", 3, Decimal("60.000000"), False),
    ]
    assert standing.computed_by == organiser


def test_the_hash_is_of_the_scorecards_their_totals_and_the_weights(
    finalist_rule, essay_round, nomination, organiser, compete, score
):
    entry = compete("Aster")
    (card,) = score(entry, essay_round, 70)

    standing = compute_standing(finalist_rule, nomination, by=organiser)

    leaf = standing.lock.content["tree"]["children"][0]
    ((number, judge, total, _fingerprint),) = standing.basis.inputs["scorecards"]["essay"]
    assert (number, total) == (entry.number, "70.000000")
    assert judge == pseudonym(finalist_rule.judge_salt, card.assignment.judge.user_id)
    assert (leaf["slug"], leaf["weight"], leaf["quorum"]) == ("essay", "50.00", 1)
    assert standing.inputs == {
        "format": "awards portal standing 2",
        "nomination": 1,
        "nominations": [1],
        "entries": [entry.number],
        "rules_sha256": Revision.digest(standing.lock.content),
        "basis_sha256": Revision.digest(standing.basis.inputs),
    }
    assert standing.inputs_sha256 == Revision.digest(standing.inputs)
    assert standing.results_sha256 == Revision.digest(standing.results)


def test_computing_again_without_news_keeps_the_standing(
    finalist_rule, essay_round, nomination, organiser, compete, score
):
    score(compete("Aster"), essay_round, 70)

    first = compute_standing(finalist_rule, nomination, by=organiser)
    second = compute_standing(finalist_rule, nomination, by=organiser)

    assert first == second
    assert Event.objects.filter(verb="standing.computed").count() == 1


def test_news_make_a_new_standing_and_leave_the_old_one(
    finalist_rule, essay_round, nomination, organiser, compete, score
):
    score(compete("Aster"), essay_round, 70)
    first = compute_standing(finalist_rule, nomination, by=organiser)
    score(compete("Birch"), essay_round, 90)

    second = compute_standing(finalist_rule, nomination, by=organiser)

    assert table(first) == [("Aster", 1, Decimal("70.000000"), True)]
    assert table(second)[0] == ("Birch", 1, Decimal("90.000000"), True)


def test_drafts_recusals_removed_judges_empty_totals_and_new_interests_do_not_count(
    finalist_rule, essay_round, nomination, organiser, compete, score
):
    aster, birch = compete("Aster"), compete("Birch")
    cards = score(aster, essay_round, 20, 30, None, 50, 90)
    interested = cards[4].assignment.judge.user
    Conflict.objects.create(user=interested, entry=aster, reason="x", declared_by=interested)
    Assignment.objects.filter(pk=cards[0].assignment_id).update(status=AssignmentStatus.RECUSED)
    Judge.objects.filter(pk=cards[1].assignment.judge_id).update(removed_at=timezone.now())
    score(birch, essay_round, 10, draft=True)

    standing = compute_standing(finalist_rule, nomination, by=organiser)

    assert table(standing) == [
        ("Birch", None, None, False),
        ("Aster", 1, Decimal("50.000000"), True),
    ]


def test_entries_that_left_the_competition_are_not_ranked(
    finalist_rule, essay_round, nomination, organiser, compete, score
):
    score(compete("Aster"), essay_round, 70)
    gone = compete("Birch")
    score(gone, essay_round, 90)
    gone.become(EntryStatus.WITHDRAWN)
    gone.save()

    standing = compute_standing(finalist_rule, nomination, by=organiser)

    assert table(standing) == [("Aster", 1, Decimal("70.000000"), True)]


def test_laureates_are_ranked_among_finalists_by_essay_and_defence(
    laureate_rule, essay_round, defence_round, nomination, organiser, compete, score
):
    finalist, other_finalist, outsider = compete("Aster"), compete("Birch"), compete("Cedar")
    for entry, essay in [(finalist, 60), (other_finalist, 80), (outsider, 100)]:
        score(entry, essay_round, essay)
    for entry, defence in [(finalist, 90), (other_finalist, 60)]:
        Advancement.objects.create(round=defence_round, entry=entry)
        score(entry, defence_round, defence)

    standing = compute_standing(laureate_rule, nomination, by=organiser)

    assert table(standing) == [
        ("Aster", 1, Decimal("75.000000"), True),
        ("Birch", 2, Decimal("70.000000"), False),
    ]


def test_computing_all_skips_nominations_without_entries(
    finalist_rule, essay_round, nomination, person_nomination, organiser, compete, score
):
    score(compete("Aster"), essay_round, 70)

    standings = compute_all(finalist_rule, by=organiser)

    assert [standing.nomination for standing in standings] == [nomination]


def test_computing_all_needs_no_more_reading_for_more_nominations(
    finalist_rule, essay_round, category, organiser, compete, score, django_assert_num_queries
):
    from results.services.collecting import collect
    from tests.factories import make_nomination

    def nominations(count, start):
        made = [make_nomination(category, start + n, f"N{start + n}") for n in range(count)]
        for one in made:
            score(compete(f"Org {one.number}", nomination=one), essay_round, 70)

    nominations(3, 50)
    with django_assert_num_queries(13):
        collect(finalist_rule)
    nominations(27, 60)
    with django_assert_num_queries(13):
        collect(finalist_rule)


def test_an_outcome_without_rounds_cannot_be_computed(season, nomination, organiser):
    rule = OutcomeRule.objects.create(
        season=season, kind=OutcomeKind.FINALIST, stage=season.stages.first()
    )

    with pytest.raises(DomainError, match="no round"):
        compute_standing(rule, nomination, by=organiser)
    assert not Standing.objects.exists()


def test_a_nomination_is_ranked_by_the_rounds_that_judge_it(
    finalist_rule, essay_round, nomination, person_nomination, organiser, compete, score
):
    essay_round.nominations.add(person_nomination)
    general = Round.objects.create(
        season=essay_round.season,
        slug="general",
        name={"en": "General"},
        stage=essay_round.stage,
        rubric=essay_round.rubric,
        weight=100,
        quorum=1,
    )
    general.nominations.add(nomination)
    finalist_rule.rounds.add(general)
    score(compete("Aster"), general, 70)
    score(compete("Birch", nomination=person_nomination), essay_round, 90)

    standings = {
        standing.nomination: [one["leaf"] for one in standing.results["leaves"]]
        for standing in compute_all(finalist_rule, by=organiser)
    }

    assert standings == {nomination: ["general"], person_nomination: ["essay"]}
    assert [row.score for row in Standing.objects.get(nomination=nomination).rows.all()] == [70]


def test_a_defence_of_other_nominations_is_not_asked_of_this_one(
    laureate_rule, defence_round, nomination, person_nomination, compete
):
    defence_round.nominations.add(person_nomination)
    here, there = compete("Aster"), compete("Birch", nomination=person_nomination)

    assert list(candidates(laureate_rule)) == [here]

    Advancement.objects.create(round=defence_round, entry=there)
    assert set(candidates(laureate_rule)) == {here, there}
