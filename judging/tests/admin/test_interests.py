"""The page of interests and the steps of lifting, in the back office."""

import pytest
from django.urls import reverse

from accounts.models import Membership
from judging.models import Conflict, Judge
from judging.services import declare_conflict

FOUND = "admin:judging_conflict_found"


def shown(client, **query):
    return client.get(reverse(FOUND), query).content.decode()


def test_the_page_names_who_has_which_interest(
    client_of, organiser, judge, judge_user, organisation, admitted_entry, season
):
    before = shown(client_of(organiser), season=season.pk)
    Membership.objects.create(user=judge_user, organisation=organisation)

    after = shown(client_of(organiser), season=season.pk)

    words = "belongs to the organisation, its group or a participant"
    assert (words in before, words in after) == (False, True)


def test_somebody_is_looked_at_before_being_invited(client_of, organiser, admitted_entry, season):
    page = shown(
        client_of(organiser), season=season.pk, email="new@example.net", employer="camomile"
    )

    assert "works for the organisation" in page
    assert admitted_entry.number in page


def test_an_entry_closed_to_the_reader_is_not_in_the_list(
    client_of, organiser, judge, judge_user, organisation, admitted_entry, season
):
    Membership.objects.create(user=judge_user, organisation=organisation)
    declare_conflict(organiser, by=organiser, reason="x", entry=admitted_entry)

    assert admitted_entry.number not in shown(client_of(organiser), season=season.pk)


def test_a_scorecard_that_no_longer_counts_is_named(
    client_of, organiser, submitted, judge_user, organisation, season
):
    Membership.objects.create(user=judge_user, organisation=organisation)

    assert "Scorecards that no longer count" in shown(client_of(organiser), season=season.pk)


def test_a_season_of_others_is_not_looked_into(client_of, organiser, season, other_season):
    page = shown(client_of(organiser), season=other_season.pk)

    assert "Select a valid choice" in page


@pytest.mark.parametrize("action", ["ask", "confirm"])
def test_lifting_goes_through_two_people(
    client_of, organiser, second_organiser, judge_user, admitted_entry, action
):
    conflict = declare_conflict(judge_user, by=organiser, reason="x", entry=admitted_entry)
    page = reverse("admin:judging_conflict_changelist")

    def act(user, name, **more):
        client_of(user).post(page, {"action": name, "_selected_action": conflict.pk, **more})

    act(organiser, "ask", confirmed="1", reason="Namesake.")
    act(organiser if action == "ask" else second_organiser, "confirm")

    conflict = Conflict.objects.get()
    assert (conflict.lift_reason, conflict.lifted_at is None) == ("Namesake.", action == "ask")


def test_a_violation_is_recorded_with_its_reason(client_of, organiser, judge):
    page = reverse("admin:judging_judge_changelist")

    answer = client_of(organiser).post(
        page,
        {
            "action": "record_violation",
            "_selected_action": judge.pk,
            "confirmed": "1",
            "reason": "Talked to the press.",
        },
    )
    assert answer.status_code == 302

    assert Judge.objects.values_list("violation", "removal_reason").get() == (
        True,
        "Talked to the press.",
    )
