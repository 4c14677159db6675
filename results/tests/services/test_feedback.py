"""What the nominee reads, and what nobody may learn from it."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from judging.models import Criterion, Judge, Mark, Scorecard
from outbox.models import Message
from outbox.services import run_due
from outbox.tasks import remind
from results.models import Feedback
from results.services import compute_standing, create_feedback, mark_read
from results.services.feedback import (
    band_content,
    letter,
)
from results.traces import Traces
from seasons.models import Stage, StageKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(compete):
    return compete("Aster")


def content(season, entry):
    create_feedback(season)
    return Feedback.objects.get(entry=entry).content


def test_feedback_holds_averages_marks_and_bands_by_criterion(season, entry, essay_round, score):
    score(entry, essay_round, 60, 70, 95)

    (round_,) = content(season, entry)["rounds"]

    assert (round_["judges"], round_["average"]) == (3, "75")
    assert round_["letters"] == ["A", "B", "C"]
    assert sorted(round_["totals"]) == ["60", "70", "95"]
    first = round_["dimensions"][0]["criteria"][0]
    assert (first["slug"], first["maximum"], first["average"]) == ("essay-clarity", "10", "7.5")
    assert first["band"] == {
        "name": {"en": "Middle"},
        "descriptor": {"en": "Clarity is middle."},
        "level": 3,
    }
    assert sorted(mark["value"] for mark in first["marks"]) == ["6", "7", "9.5"]


def test_a_letter_stands_for_one_judge_throughout_a_round(season, entry, essay_round, score):
    score(entry, essay_round, 60, 70, 90)

    (round_,) = content(season, entry)["rounds"]

    by_letter = [Decimal(total) / 10 for total in round_["totals"]]
    for criterion in round_["dimensions"][0]["criteria"]:
        assert [Decimal(mark["value"]) for mark in criterion["marks"]] == by_letter


def test_with_two_scorecards_only_averages_are_told(season, entry, essay_round, score):
    score(entry, essay_round, 61.5, 72.5)

    (round_,) = content(season, entry)["rounds"]

    assert round_["average"] == "67"
    assert (round_["letters"], round_["totals"]) == ([], [])
    for criterion in round_["dimensions"][0]["criteria"]:
        assert criterion["marks"] == []
    assert "61.5" not in json.dumps(round_)


def test_an_abstention_is_no_mark_and_leaves_the_average_alone(
    season, entry, essay_round, judges, score
):
    cards = score(entry, essay_round, 60, 80, 70, draft=True)
    Mark.objects.filter(scorecard=cards[2], criterion__slug="essay-clarity").update(
        value=None, abstained=True
    )
    Scorecard.objects.filter(pk__in=[card.pk for card in cards]).update(
        status="submitted", submitted_at=timezone.now()
    )

    first = content(season, entry)["rounds"][0]["dimensions"][0]["criteria"][0]

    assert (first["answered"], first["average"]) == (2, "7")
    assert sorted(mark["value"] or "" for mark in first["marks"]) == ["", "6", "8"]


def test_no_name_number_nor_private_note_of_a_judge_is_kept(
    season, entry, essay_round, judges, score
):
    signed = "Bold work. Yours, Bella Quist (bella@jury.example.org), with Perlin"
    cards = score(entry, essay_round, 60, 70, 90, comment=signed)
    people = list(User.objects.filter(judge_rows__in=Judge.objects.all()))
    assert any(person.full_name in cards[0].comment for person in people)
    assert cards[0].private_note

    kept = json.dumps(content(season, entry), ensure_ascii=False)

    for person in people:
        for word in [*person.full_name.split(), person.email]:
            assert word not in kept
    assert "Between us" not in kept
    assert not {"id", "pk", "judge", "scorecard", "assignment"} & keys_of(json.loads(kept))
    assert "Bold work. Yours, […] ([…]), with […]" in kept


def keys_of(value):
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_of(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys_of(inner)}
    return set()


def test_the_order_of_judges_is_neither_that_of_rows_nor_the_same_everywhere(
    season, compete, essay_round, score
):
    entries = [compete(f"Org {number}") for number in range(12)]
    for entry in entries:
        score(entry, essay_round, 51, 62, 73, 84, 95)

    create_feedback(season)

    orders = [
        tuple(Feedback.objects.get(entry=entry).content["rounds"][0]["totals"]) for entry in entries
    ]
    assert len(set(orders)) > 6


def test_the_order_of_comments_does_not_follow_the_letters(season, compete, essay_round, score):
    orders = set()
    for number in range(8):
        entry = compete(f"Org {number}")
        cards = score(entry, essay_round, 51, 62, 73, draft=True)
        for card in cards:
            Scorecard.objects.filter(pk=card.pk).update(comment=f"said with {card.total:.0f}")
        Scorecard.objects.filter(pk__in=[card.pk for card in cards]).update(
            status="submitted", submitted_at=timezone.now()
        )
        (round_,) = content(season, entry)["rounds"]
        by_letter = [f"said with {total}" for total in round_["totals"]]
        assert sorted(round_["comments"]) == sorted(by_letter)
        orders.add(round_["comments"] == by_letter)

    assert False in orders


def test_feedback_is_the_same_however_often_it_is_made(season, entry, essay_round, score):
    score(entry, essay_round, 60, 70, 90, comment="Good.")
    first = content(season, entry)
    Feedback.objects.all().delete()

    assert content(season, entry) == first


def test_entries_nobody_judged_get_no_feedback(season, entry, essay_round, score, compete):
    score(entry, essay_round, 60)
    compete("Birch")

    assert create_feedback(season) == 1


def test_making_feedback_needs_no_more_reading_for_more_entries(
    season, compete, essay_round, score, django_assert_num_queries
):
    for number in range(3):
        score(compete(f"Org {number}"), essay_round, 60, 70, 80)
    with django_assert_num_queries(23):
        create_feedback(season)
    Feedback.objects.all().delete()
    for number in range(3, 33):
        score(compete(f"Org {number}"), essay_round, 60, 70, 80)
    with django_assert_num_queries(23):
        create_feedback(season)


def test_a_mark_between_two_bands_belongs_to_the_lower_one(rubric):
    criterion = Criterion.objects.get(slug="essay-clarity")
    bands = sorted(criterion.bands.all(), key=lambda band: band.low)

    assert band_content(bands, Decimal("7.6"))["name"] == {"en": "Middle"}
    assert band_content(bands, Decimal(8))["name"] == {"en": "High"}
    assert band_content(bands, None) is None


def test_letters_go_on_after_z():
    assert [letter(index) for index in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


def test_words_that_are_no_judges_name_stay(season, judges):
    traces = Traces(season)

    assert traces.removed_from("Bellamy and Rothko") == "Bellamy and Rothko"


def test_reading_is_kept_once(season, entry, essay_round, score, nominee):
    score(entry, essay_round, 60)
    create_feedback(season)
    feedback = Feedback.objects.get()

    first = mark_read(feedback, by=nominee)
    second = mark_read(feedback, by=nominee)

    assert first.read_at == second.read_at


def test_word_of_feedback_goes_out_once_and_not_before_its_date(
    season, entry, essay_round, score, time_machine
):
    score(entry, essay_round, 60)
    create_feedback(season)
    opens = season.stages.get(kind=StageKind.FEEDBACK).opens_at

    time_machine.move_to(opens - timedelta(seconds=1), tick=False)
    remind()
    run_due(kinds=["announce-feedback"])
    assert not Message.objects.filter(kind="feedback-ready").exists()

    time_machine.move_to(opens, tick=False)
    for _ in range(2):
        remind()
        run_due(kinds=["announce-feedback"])
    assert list(Message.objects.filter(kind="feedback-ready").values_list("email", flat=True)) == [
        "aster@example.org"
    ]


def test_a_season_without_a_feedback_stage_gives_none(season, entry, essay_round, score):
    score(entry, essay_round, 60)
    Stage.objects.filter(kind=StageKind.FEEDBACK).delete()

    assert create_feedback(season) == 0


def test_who_is_out_of_the_race_reads_feedback_though_the_laureates_are_not_released(
    season,
    finalist_rule,
    laureate_rule,
    defence_round,
    admitted_entry,
    entry,
    score,
    essay_round,
    publish,
    organiser,
    time_machine,
):
    for one in (admitted_entry, entry):
        score(one, essay_round, 60, 70, 80)
    publish(finalist_rule, admitted_entry)
    compute_standing(laureate_rule, entry.nomination, by=organiser)
    time_machine.move_to(season.stages.get(kind=StageKind.FEEDBACK).opens_at, tick=False)

    for _ in range(2):
        remind()
        run_due(kinds=["early-feedback", "announce-feedback"])
    early = [one.entry for one in Feedback.objects.all()]
    told = {one["outcome"] for one in Feedback.objects.get().content["standings"]}
    create_feedback(season)
    for _ in range(2):
        remind()
        run_due(kinds=["announce-feedback"])

    assert (early, told) == ([entry], {"finalist"})
    assert Feedback.objects.count() == 2
    mails = Message.objects.filter(kind="feedback-ready").order_by("pk")
    assert [one.email for one in mails] == ["aster@example.org", "nominee@example.org"]
