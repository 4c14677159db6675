"""Feedback beside the others: quarters, what stands out, and a sum that comes out."""

import copy
import json
from decimal import Decimal

import pytest
from django.utils import timezone

from judging.models import Entrants, Round, Scorecard
from results.comments import let_through
from results.models import Feedback, ResultPart
from results.reading import rounds_shown, standings_shown
from results.services import compute_standing, create_feedback
from results.services.reckoning import leaf_content, may_tell, strengths_and_gaps
from seasons.models import Stage, StageKind

pytestmark = pytest.mark.django_db


def part(**fields):
    return {"mean": "76.900000", "score": "78.400000", "leniency": "-1.500000", "count": 3} | fields


def read(entry):
    return Feedback.objects.get(entry=entry).content


def criteria(entry):
    return read(entry)["rounds"][0]["dimensions"][0]["criteria"]


def test_a_quarter_is_told_from_five_entries_on(season, essay_round, compete, score):
    entries = [compete(f"Org {number}") for number in range(5)]
    for entry, total in zip(entries, [90, 80, 70, 60, 50], strict=True):
        score(entry, essay_round, total, total, total)
    create_feedback(season)

    assert [criteria(entry)[0]["quartile"] for entry in entries] == [
        {"quarter": quarter, "of": 5} for quarter in (1, 1, 2, 3, 4)
    ]
    assert read(entries[0])["rounds"][0]["gaps"] == []
    assert "essay-clarity" in read(entries[4])["rounds"][0]["gaps"]


def test_among_four_entries_no_quarter_is_told(season, essay_round, compete, score):
    entries = [compete(f"Org {number}") for number in range(4)]
    for entry in entries:
        score(entry, essay_round, 60, 70, 80)
    create_feedback(season)

    assert {one["quartile"] for entry in entries for one in criteria(entry)} == {None}


def test_the_mean_of_one_mark_is_kept_back(season, essay_round, compete, score):
    entry = compete("Aster")
    score(entry, essay_round, 61.5)
    create_feedback(season)

    first = rounds_shown(read(entry))[0].dimensions[0].criteria[0]

    assert (first.average, first.answered, first.kept_back) == (None, 1, True)


def test_what_one_judge_gave_is_told_nowhere(
    season, essay_round, compete, score, finalist_rule, organiser, client_of
):
    alone, many = compete("Aster"), compete("Birch")
    score(alone, essay_round, 61.5)
    score(many, essay_round, 70, 80, 90)
    compute_standing(finalist_rule, alone.nomination, by=organiser)
    create_feedback(season)
    Stage.objects.filter(kind=StageKind.FEEDBACK).update(opens_at=timezone.now())

    (round_,), (standing,) = rounds_shown(read(alone)), standings_shown(read(alone))
    page = client_of(alone.created_by).get(f"/entries/{alone.pk}/feedback/")

    assert "61.5" in str(Scorecard.objects.filter(assignment__entry=alone).values("total"))
    assert "61.5" not in json.dumps(read(alone))
    assert (round_.judges, round_.average) == (1, None)
    assert (standing.alone, standing.raw, standing.score) == (True, None, None)
    assert "One judge alone scored this round." in page.text
    assert "Mean and score are not shown" in page.text
    assert standings_shown(read(many))[0].raw == Decimal(80)


def test_numbers_of_one_judge_frozen_earlier_are_not_read_out(
    season, essay_round, compete, score, finalist_rule, organiser
):
    entry = compete("Aster")
    score(entry, essay_round, 61.5)
    compute_standing(finalist_rule, entry.nomination, by=organiser)
    create_feedback(season)
    now = read(entry)
    earlier = copy.deepcopy(now)
    earlier["rounds"][0]["average"] = "61.5"
    first = earlier["rounds"][0]["dimensions"][0]["criteria"][0]
    first |= {"average": "6.2", "band": {"level": 3}, "quartile": {"quarter": 1, "of": 5}}
    earlier["standings"][0] |= {"raw": "61.50", "score": "61.50"}
    del earlier["standings"][0]["alone"]

    assert let_through(earlier, {}, moderated=False).content == now
    first = now["rounds"][0]["dimensions"][0]["criteria"][0]
    assert (first["average"], first["band"], first["quartile"]) == (None, None, None)


def test_at_most_three_criteria_of_each_kind_stand_out():
    rows = [
        {
            "slug": str(at),
            "average": str(at),
            "maximum": "10",
            "quartile": None,
            "band": {"level": at},
        }
        for at in (1, 2, 3, 4, 5)
    ]
    rows += [
        {
            "slug": f"q{at}",
            "average": "9",
            "maximum": "10",
            "quartile": {"quarter": 4},
            "band": None,
        }
        for at in range(4)
    ]

    found = strengths_and_gaps(rows)

    assert found == {"strengths": ["5", "4"], "gaps": ["1", "2", "q0"]}


def test_mean_and_shift_make_the_score():
    found = leaf_content("essay", part(), {"essay": "essay"})

    assert (found["mean"], found["shift"], found["score"]) == ("76.90", "1.50", "78.40")
    assert found["strictness"] is True


def test_a_score_that_is_no_mean_less_strictness_says_so():
    found = leaf_content("essay", part(score="70.000000"), {})

    assert (found["shift"], found["strictness"]) == ("-6.90", False)


@pytest.mark.parametrize("count", [1, 2])
def test_under_three_judges_no_correction_can_be_reckoned_back(count):
    found = leaf_content("essay", part(count=count), {})

    assert (found["mean"], found["shift"], found["score"]) == (None, None, None)
    assert may_tell([found]) is False
    assert may_tell([leaf_content("essay", part(count=count, score="76.900000"), {})]) is True


def test_the_frozen_standing_gives_places_and_scores(
    season, essay_round, compete, score, finalist_rule, organiser
):
    entries = [compete(f"Org {number}") for number in range(4)]
    for entry, totals in zip(
        entries, [(90, 80, 85), (60, 70, 80), (50, 40, 45), (55, 66, 77)], strict=True
    ):
        score(entry, essay_round, *totals)
    standing = compute_standing(finalist_rule, entries[0].nomination, by=organiser)
    create_feedback(season)

    (shown,) = standings_shown(read(entries[0]))
    row = standing.rows.get(entry=entries[0])

    assert (shown.place, shown.of, shown.lo, shown.hi) == (row.place, 4, row.lo, row.hi)
    assert shown.raw == Decimal(85)
    (line,) = shown.sums
    assert line.mean + line.shift == line.score == row.score.quantize(Decimal("0.01"))
    assert "judges" not in read(entries[0])["standings"][0]


def test_feedback_of_the_first_format_stays_readable(season, essay_round, compete, score):
    entry = compete("Aster")
    score(entry, essay_round, 60, 70, 80)
    create_feedback(season)
    content = read(entry) | {"format": 1}
    del content["standings"]
    for round_ in content["rounds"]:
        del round_["strengths"], round_["gaps"]
        for dimension in round_["dimensions"]:
            for one in dimension["criteria"]:
                del one["quartile"]

    (shown,) = rounds_shown(content)

    assert (shown.average, shown.strengths, shown.gaps) == (Decimal(70), [], [])
    assert shown.dimensions[0].criteria[0].quarter is None


@pytest.mark.parametrize("scale", ["points", "standardised"])
def test_the_parts_and_their_weights_make_the_score_that_counted(
    season, essay_round, defence_round, compete, score, laureate_rule, organiser, scale
):
    Round.objects.update(entrants=Entrants.ADMITTED)
    for slug, round_, weight in (("text", essay_round, 50), ("talk", defence_round, 25)):
        ResultPart.objects.create(
            rule=laureate_rule, slug=slug, weight=weight, round=round_, scale=scale
        )
    entries = [compete(f"Org {number}") for number in range(3)]
    for entry, shift in zip(entries, (0, 5, 17), strict=True):
        score(entry, essay_round, 60 + shift, 70, 81)
        score(entry, defence_round, 50, 55 + shift, 62)
    standing = compute_standing(laureate_rule, entries[0].nomination, by=organiser)
    create_feedback(season)

    (shown,) = standings_shown(read(entries[1]))

    row = standing.rows.get(entry=entries[1])
    assert [one.weight for one in shown.parts] == [Decimal("66.67"), Decimal("33.33")]
    told = sum(one.weight * one.value for one in shown.parts) / 100
    assert abs(told - row.score) < Decimal("0.02")
    assert shown.score == row.score.quantize(Decimal("0.01"))
    assert shown.standardised is (scale == "standardised")
    assert (shown.parts[0].value == shown.sums[0].score) is (scale == "points")


def test_no_sum_tells_what_two_judges_gave(
    season, essay_round, defence_round, compete, score, laureate_rule, organiser
):
    Round.objects.update(entrants=Entrants.ADMITTED)
    entry = compete("Aster")
    score(entry, essay_round, 60, 70, 80)
    score(entry, defence_round, 50, 60)
    compute_standing(laureate_rule, entry.nomination, by=organiser)
    create_feedback(season)
    (shown,) = standings_shown(read(entry))

    assert (shown.parts, shown.score is not None) == ([], True)
