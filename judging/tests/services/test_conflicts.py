"""A conflict is lifted by two others; leaving lifts nothing; a violation ends a membership."""

import pytest

from accounts.models import Membership, Organisation
from audit.models import Event
from common.errors import DomainError
from judging.barriers import is_barred
from judging.models import Conflict, Scorecard
from judging.progress import progress_of
from judging.services import declare_conflict, recuse
from judging.services.conflicts import ask_to_lift, confirm_lifting, record_violation
from nominations.models import EntryShare
from outbox.models import Message


@pytest.fixture
def conflict(judge_user, organiser, admitted_entry):
    return declare_conflict(judge_user, by=organiser, reason="A cousin.", entry=admitted_entry)


def test_two_organisers_lift_a_conflict(
    conflict, judge_user, admitted_entry, organiser, second_organiser
):
    ask_to_lift(conflict, by=organiser, reason="Another person of that name.")
    between = is_barred(judge_user, admitted_entry)

    confirm_lifting(conflict, by=second_organiser)

    assert (between, is_barred(judge_user, admitted_entry)) == (True, False)
    assert list(
        Event.objects.filter(verb__startswith="conflict.lift")
        .order_by("position")
        .values_list("verb", "actor")
    ) == [("conflict.lift-asked", organiser.pk), ("conflict.lifted", second_organiser.pk)]


def test_the_one_who_asked_cannot_confirm(conflict, organiser):
    ask_to_lift(conflict, by=organiser, reason="x")

    with pytest.raises(DomainError, match="Somebody else must confirm"):
        confirm_lifting(conflict, by=organiser)


def test_nothing_is_lifted_without_being_asked_for(conflict, organiser):
    with pytest.raises(DomainError, match="Nobody has asked"):
        confirm_lifting(conflict, by=organiser)


@pytest.mark.parametrize("who", ["organiser", "superuser"])
def test_nobody_lifts_a_conflict_of_their_own(request, who, admitted_entry, second_organiser):
    person = request.getfixturevalue(who)
    conflict = declare_conflict(person, by=person, reason="Mine.", entry=admitted_entry)

    with pytest.raises(DomainError, match="of their own"):
        ask_to_lift(conflict, by=person, reason="Never mind.")
    ask_to_lift(conflict, by=second_organiser, reason="They say so.")
    with pytest.raises(DomainError, match="of their own"):
        confirm_lifting(conflict, by=person)


def test_an_organiser_in_conflict_lifts_nobody_elses(
    conflict, organiser, second_organiser, admitted_entry
):
    declare_conflict(organiser, by=organiser, reason="x", entry=admitted_entry)

    with pytest.raises(DomainError, match="without an interest"):
        ask_to_lift(conflict, by=organiser, reason="x")


def test_an_organiser_of_another_programme_lifts_nothing(conflict, other_organiser):
    with pytest.raises(DomainError, match="without an interest"):
        ask_to_lift(conflict, by=other_organiser, reason="x")


def test_a_lifted_conflict_can_be_declared_anew(
    conflict, judge_user, admitted_entry, organiser, second_organiser
):
    ask_to_lift(conflict, by=organiser, reason="x")
    confirm_lifting(conflict, by=second_organiser)

    again = declare_conflict(judge_user, by=organiser, reason="It is true.", entry=admitted_entry)

    assert again.pk != conflict.pk
    assert is_barred(judge_user, admitted_entry) is True


@pytest.mark.parametrize("who", ["judge_user", "organiser", "superuser"])
def test_leaving_the_applicant_lifts_no_bar(request, who, organisation, admitted_entry):
    person = request.getfixturevalue(who)
    membership = Membership.objects.create(user=person, organisation=organisation)

    membership.delete()

    assert is_barred(person, admitted_entry) is True
    assert Conflict.objects.get(user=person).reason.startswith("Acted for Camomile Ltd until")


def test_a_share_that_ended_still_bars(judge_user, admitted_entry):
    EntryShare.objects.create(entry=admitted_entry, user=judge_user, role="view")

    EntryShare.objects.filter(user=judge_user).delete()

    assert is_barred(judge_user, admitted_entry) is True


def test_leaving_after_the_season_keeps_nothing(judge_user, organisation, admitted_entry, season):
    membership = Membership.objects.create(user=judge_user, organisation=organisation)
    season.stages.update(closes_at="2001-01-02T00:00Z", opens_at="2001-01-01T00:00Z")

    membership.delete()

    assert Conflict.objects.count() == 0


def test_an_account_or_organisation_that_goes_leaves_no_conflict(judge_user):
    organisation = Organisation.objects.create(name="Short-lived")
    Membership.objects.create(user=judge_user, organisation=organisation)

    organisation.delete()

    assert Conflict.objects.count() == 0


def test_a_violation_removes_the_judge_and_the_scorecards(submitted, judge, organiser):
    record_violation(judge, by=organiser, reason="Showed an essay to a friend.")

    judge.refresh_from_db()
    assert (judge.violation, judge.removal_reason) == (True, "Showed an essay to a friend.")
    assert list(Scorecard.objects.counted()) == []
    assert Event.objects.get(verb="judge.violation").data == {
        "reason": "Showed an essay to a friend."
    }


def test_the_person_is_told_of_the_violation_once(judge, organiser):
    for _time in range(2):
        record_violation(judge, by=organiser, reason="Showed an essay to a friend.")

    message = Message.objects.get(kind="judge-violation")
    assert message.recipient == judge.user
    assert message.context["reason"] == "Showed an essay to a friend."


def test_a_violation_needs_a_reason_and_an_organiser_of_the_season(
    judge, organiser, other_organiser
):
    with pytest.raises(DomainError, match="Say what was violated"):
        record_violation(judge, by=organiser, reason=" ")
    with pytest.raises(DomainError, match="Only another organiser"):
        record_violation(judge, by=other_organiser, reason="x")


@pytest.mark.parametrize("later", ["membership", "share", "conflict row"])
def test_a_scorecard_of_a_judge_who_gets_an_interest_later_no_longer_counts(
    submitted, judge_user, organiser, organisation, later
):
    before = list(Scorecard.objects.counted())
    entry = submitted.assignment.entry

    if later == "membership":
        Membership.objects.create(user=judge_user, organisation=organisation)
    elif later == "share":
        EntryShare.objects.create(entry=entry, user=judge_user, role="view")
    else:
        Conflict.objects.create(user=judge_user, entry=entry, reason="x", declared_by=organiser)

    assert before == [submitted]
    assert list(Scorecard.objects.counted()) == []
    progress = progress_of([submitted.assignment.round], organiser)
    assert progress[submitted.assignment.round_id].submitted == 0


def test_the_public_page_counts_recusals_once_the_round_is_over(
    client_of, assignment, judging_open, close_round, judge_user, season
):
    judging_open()
    page = f"/s/{season.slug}/jury/"
    recuse(type(assignment).objects.get(pk=assignment.pk), by=judge_user, reason="A friend.")
    before = client_of(None).get(page).content.decode()
    close_round()

    after = client_of(None).get(page).content.decode()
    assert ("stepped back" in before, "stepped back 1 time" in after) == (False, True)
