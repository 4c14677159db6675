"""How firm a standing is: counted in the background, kept, and shown to organisers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from common.triggers import guards_off
from judging.models import (
    Assignment,
    AssignmentStatus,
    Conflict,
    Judge,
    Mark,
    Purpose,
    Scorecard,
    ScorecardStatus,
)
from judging.services.late import ask_review
from outbox.services import run_due
from results.models import Firmness, OutcomeRule, RunState
from results.services import ask_firmness, compute_standing
from tests.factories import make_judge, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(compete, essay_round, score):
    found = []
    for name, totals in (("Aster", [95, 50, 93]), ("Birch", [80, 81, 80]), ("Cedar", [79, 82, 82])):
        found.append(compete(name))
        score(found[-1], essay_round, *totals)
    return found


@pytest.fixture
def standing(finalist_rule, nomination, entries, organiser):
    return compute_standing(finalist_rule, nomination, by=organiser)


@pytest.fixture
def address(finalist_rule, standing):
    return f"/admin/results/outcomerule/{finalist_rule.pk}/nominations/1/firmness/"


@pytest.fixture
def counted(standing, organiser):
    asked = ask_firmness(standing, by=organiser)
    run_due(kinds=["count-again"])
    asked.refresh_from_db()
    return asked


def test_it_is_counted_in_the_background_and_the_page_says_how_far(address, organiser, client_of):
    page = client_of(organiser)
    before = page.get(address)
    assert (before.context["counted"], before.context["insight"]) == (None, None)
    assert [bar.row.place for bar in before.context["picture"].bars] == [1, 2, 3]

    page.post(f"{address}count/")
    Firmness.objects.update(progress=40)
    waiting = page.get(address)
    assert waiting.context["counted"].state == RunState.WAITING
    assert "40 %" in waiting.content.decode()

    run_due(kinds=["count-again"])
    found = page.get(address).context["insight"]
    assert len(found.methods) == 6
    base = OutcomeRule.objects.get().standings.get().rows.order_by("place")
    assert {str(row.entry.number) for row in base[:2]} >= {
        entry for one in found.methods for entry in one.leave
    }
    assert [one.name for one in found.judges] == ["Arkady Perlin", "Bella Quist", "Cyril Roth"]
    assert any(one.leave for one in found.judges_out)


def test_nobody_below_the_least_score_is_among_the_best(
    finalist_rule, nomination, entries, organiser
):
    OutcomeRule.objects.filter(pk=finalist_rule.pk).update(least_score=100, method="mean")

    asked = ask_firmness(compute_standing(finalist_rule, nomination, by=organiser), by=organiser)
    run_due(kinds=["count-again"])

    asked.refresh_from_db()
    assert (asked.content["first"], asked.content["inside"]) == ([], [])


def test_who_asks_hears_that_it_is_counted_once_it_is(address, organiser, client_of):
    page = client_of(organiser)
    first = page.post(f"{address}count/", follow=True)
    run_due(kinds=["count-again"])
    second = page.post(f"{address}count/", follow=True)

    said = [[str(one) for one in answer.context["messages"]] for answer in (first, second)]
    assert said == [["It is being counted; this page says how far."], ["It is counted."]]


def test_asking_twice_counts_once(standing, counted, organiser):
    assert ask_firmness(standing, by=organiser) == counted
    run_due(kinds=["count-again"])
    assert list(Firmness.objects.values_list("sha256", flat=True)) == [counted.sha256]


def test_what_was_counted_is_never_rewritten(counted):
    assert counted.results_sha256 == counted.standing.results_sha256
    with pytest.raises(DatabaseError), transaction.atomic():
        Firmness.objects.update(content={})


def test_what_was_counted_for_an_earlier_standing_says_so(
    address, counted, finalist_rule, nomination, compete, essay_round, score, organiser, client_of
):
    score(compete("Dill"), essay_round, 60, 61, 62)
    compute_standing(finalist_rule, nomination, by=organiser)

    page = client_of(organiser).get(address)

    assert page.context["older"] is True
    assert page.context["insight"] is not None
    assert "This was counted for an earlier standing." in page.content.decode()


def test_the_weight_of_every_part_and_criterion_is_moved(counted):
    content = counted.content
    percents = {(one["criterion"], one["percent"]) for one in content["criteria"]}
    slugs = {one[0] for one in percents}
    assert percents == {(slug, percent) for slug in slugs for percent in (-10, 10)}
    assert len(slugs) >= 2
    assert not any(one["leave"] or one["refused"] for one in content["criteria"])


def test_one_number_on_all_criteria_is_worth_a_look(standing, organiser, entries):
    marks = Mark.objects.filter(
        scorecard__assignment__judge__user__full_name__in=["Bella Quist", "Cyril Roth"]
    )
    with guards_off():
        for at, mark in enumerate(marks.order_by("pk")):
            Mark.objects.filter(pk=mark.pk).update(value=Decimal(at % 5 + 3))
    ask_firmness(standing, by=organiser)
    run_due(kinds=["count-again"])
    flags = {
        tuple(one["flags"]).count("one-number"): one
        for one in Firmness.objects.get().content["judges"]
    }
    assert flags[1]["spread"] == 0


def test_a_tie_says_which_rule_parted_whom_and_what_the_lot_said(
    finalist_rule, nomination, compete, essay_round, score, organiser, client_of
):
    OutcomeRule.objects.update(ties="head-to-head", quota_mode="draw", method="mean", seed="abc")
    for name, totals in (("Aster", [80, 80]), ("Birch", [80, 80]), ("Cedar", [80, 80])):
        score(compete(name), essay_round, *totals)
    finalist_rule.refresh_from_db()
    standing = compute_standing(finalist_rule, nomination, by=organiser)
    ask_firmness(standing, by=organiser)
    run_due(kinds=["count-again"])

    page = client_of(organiser).get(
        f"/admin/results/outcomerule/{finalist_rule.pk}/nominations/1/firmness/"
    )

    (tie,) = page.context["insight"].ties
    assert [(step.name, step.separated) for step in tie.steps] == [
        ("the judges who saw both", False)
    ]
    proposed = {row.entry.number for row in standing.rows.filter(proposed=True)}
    assert set(tie.drawn[:2]) == proposed
    assert "lowest SHA-256 of “abc|entry” first" in page.content.decode()


def test_nobody_from_whom_something_is_hidden_sees_it(
    address, organiser, other_organiser, judge_user, nominee, client_of, nomination
):
    for tail in ("", "count/", "../reviews/"):
        for user in (other_organiser, judge_user, nominee):
            assert client_of(user).post(f"{address}{tail}").status_code in {302, 404, 405}
    Conflict.objects.create(
        user=organiser, entry=nomination.entries.first(), reason="A friend.", declared_by=organiser
    )
    assert client_of(organiser).get(address).status_code == 404
    assert client_of(organiser).post(f"{address}count/").status_code == 404
    assert not Firmness.objects.exists()


def test_a_review_is_ordered_where_it_helps_most(
    address, jury, organiser, client_of, entries, django_assert_max_num_queries
):
    friend = make_judge(jury, make_person("friend@jury.example.org", "Anna Friend"))
    fresh = make_judge(jury, make_person("fresh@jury.example.org", "Zoe Fresh"))
    for entry in entries:
        Conflict.objects.create(
            user=friend.user, entry=entry, reason="A friend.", declared_by=friend.user
        )
    page = client_of(organiser)
    where = address.replace("firmness", "reviews")
    offered = page.get(where).context["offered"]
    assert {entry.pk for entry in entries} >= {one.row.entry.pk for one in offered} != set()
    doubt = [one.row.p_top * (1 - one.row.p_top) for one in offered]
    assert doubt == sorted(doubt, reverse=True)
    free = {judge.user.full_name for judge in offered[0].judges}
    assert "Zoe Fresh" in free
    assert "Anna Friend" not in free

    refused = page.post(
        where, {"entry": offered[0].row.entry.pk, "judge": friend.pk, "until": "2099-01-01T12:00"}
    )
    assert refused.status_code == 200
    past = page.post(
        where, {"entry": offered[0].row.entry.pk, "judge": fresh.pk, "until": "2001-01-01T12:00"}
    )
    assert past.context["form"].errors["until"] == ["Name a moment in the future."]
    assert not Assignment.objects.filter(purpose=Purpose.EXTRA).exists()

    page.post(
        where, {"entry": offered[0].row.entry.pk, "judge": fresh.pk, "until": "2099-01-01T12:00"}
    )
    made = Assignment.objects.get(purpose=Purpose.EXTRA)
    assert (made.entry, made.judge) == (offered[0].row.entry, fresh)
    with django_assert_max_num_queries(25):
        after = page.get(where)
    assert [(one.assignment, one.state) for one in after.context["ordered"]] == [(made, "waiting")]
    again = next(one for one in after.context["offered"] if one.row.entry == made.entry)
    assert fresh not in again.judges


def test_an_ordered_review_says_what_became_of_it(
    address, jury, organiser, client_of, entries, essay_round, time_machine
):
    """Not begun, begun, done, declined, withdrawn, done by one removed since, and too late."""
    page, where = client_of(organiser), address.replace("firmness", "reviews")
    until = timezone.now() + timedelta(days=2)
    made = {}
    for name in ("waiting", "started", "submitted", "declined", "withdrawn", "removed"):
        seat = make_judge(jury, make_person(f"{name}@jury.example.org", f"{name} judge"))
        made[name] = ask_review(
            essay_round, seat, entries[0], purpose=Purpose.EXTRA, until=until, by=organiser
        )
    for name in ("started", "submitted", "removed"):
        card = Scorecard.objects.create(
            assignment=made[name], revision=entries[0].revisions.get(), total=80
        )
        if name != "started":
            card.become(ScorecardStatus.SUBMITTED)
            card.submitted_at = timezone.now()
            card.save()
    ended = {"declined": AssignmentStatus.RECUSED, "withdrawn": AssignmentStatus.WITHDRAWN}
    for name, status in ended.items():
        Assignment.objects.filter(pk=made[name].pk).update(status=status, reason="No time.")
    Judge.objects.filter(pk=made["removed"].judge_id).update(removed_at=timezone.now())

    in_time = page.get(where)
    states = {one.assignment: one.state for one in in_time.context["ordered"]}
    time_machine.move_to(until)
    late = {one.assignment: one.state for one in page.get(where).context["ordered"]}

    assert states == {
        made["waiting"]: "waiting",
        made["started"]: "started",
        made["submitted"]: "submitted",
        made["declined"]: "ended",
        made["withdrawn"]: "ended",
        made["removed"]: "removed",
    }
    text = in_time.content.decode()
    words = ("waiting", "begun", "submitted", "recused", "withdrawn by the organisers", "removed")
    assert [f">{word}</span>" in text for word in words] == [True] * 6
    assert late == {**states, made["waiting"]: "over", made["started"]: "over"}


def test_an_entry_is_compared_with_at_least_three_others_of_its_industry(
    finalist_rule, nomination, compete, essay_round, score, organiser, client_of
):
    names = [
        ("Aster", 90, "Retail"),
        ("Birch", 80, " retail "),
        ("Cedar", 70, "RETAIL"),
        ("Dill", 60, "Retail."),
        ("Elm", 50, "Banks"),
    ]
    for name, total, industry in names:
        entry = compete(name)
        entry.organisation.industry = industry
        entry.organisation.save()
        score(entry, essay_round, total)
    compute_standing(finalist_rule, nomination, by=organiser)

    page = client_of(organiser).get(f"/admin/results/outcomerule/{finalist_rule.pk}/nominations/1/")

    found = {one.row.entry.organisation.name: one for one in page.context["industries"]}
    assert (found["Aster"].mean, found["Aster"].others) == (Decimal(70), 3)
    assert (found["Elm"].mean, found["Elm"].others) == (None, 0)
