"""Assigning, distributing, withdrawing and stepping back."""

import pytest

from accounts.models import Membership
from audit.models import Event
from common.errors import DomainError
from judging.models import Assignment, AssignmentStatus, Conflict, Mark
from judging.services import (
    assign,
    distribute,
    recuse,
    remove_judge,
    withdraw_assignment,
)
from nominations.models import EntryStatus
from outbox.models import Message
from tests.factories import make_judge, make_person


@pytest.fixture
def panel(jury, agreement, judge):
    """Three more judges beside Yuri."""
    people = [make_person(f"panel{n}@example.org", f"Panel {n}") for n in range(3)]
    return [judge, *(make_judge(jury, person, agreement) for person in people)]


def test_an_entry_is_assigned_once_and_the_judge_is_told(
    essay_round, judge, admitted_entry, organiser
):
    first = assign(essay_round, judge, admitted_entry, by=organiser)
    second = assign(essay_round, judge, admitted_entry, by=organiser)

    assert first == second
    assert list(Message.objects.values_list("kind", "email")) == [
        ("judge-assigned", "judge@example.org")
    ]
    assert admitted_entry.number not in str(Message.objects.get().context)


def test_one_by_one_assignments_make_one_mail_a_day(
    essay_round, judge, admitted_entry, more_entries, organiser
):
    for entry in [admitted_entry, *more_entries(2)]:
        assign(essay_round, judge, entry, by=organiser)

    assert Message.objects.count() == 1


def test_a_conflict_refuses_the_assignment(
    essay_round, conflicted_judge, admitted_entry, organiser
):
    with pytest.raises(DomainError) as refusal:
        assign(essay_round, conflicted_judge, admitted_entry, by=organiser)

    assert (str(refusal.value), refusal.value.field) == (
        "A conflict of interest bars this judge from the entry.",
        "judge",
    )
    assert Assignment.objects.count() == 0


def test_only_entries_of_the_round_are_assigned(
    essay_round, defence_round, judge, submitted_entry, admitted_entry, organiser
):
    for round_, entry in [(essay_round, submitted_entry), (defence_round, admitted_entry)]:
        with pytest.raises(DomainError) as refusal:
            assign(round_, judge, entry, by=organiser)
        assert refusal.value.field == "entry"


def test_a_removed_judge_and_an_outsider_get_nothing(essay_round, judge, admitted_entry, organiser):
    remove_judge(judge, by=organiser, reason="x")

    with pytest.raises(DomainError):
        assign(essay_round, judge, admitted_entry, by=organiser)


def test_nothing_is_assigned_after_the_close(
    open_round, judge, admitted_entry, organiser, close_round
):
    close_round()
    open_round.stage.refresh_from_db()

    with pytest.raises(DomainError):
        assign(open_round, judge, admitted_entry, by=organiser)


def test_a_distribution_is_even_and_mails_each_judge_once(
    essay_round, panel, more_entries, organiser
):
    more_entries(8)

    made = distribute(essay_round, per_entry=2, by=organiser)

    loads = [Assignment.objects.filter(judge=judge).count() for judge in panel]
    assert (len(made), loads) == (16, [4, 4, 4, 4])
    assert Message.objects.filter(kind="judge-assigned").count() == 4
    assert Event.objects.filter(verb="assignments.distributed").count() == 1


def test_distributing_again_adds_only_what_is_missing(essay_round, panel, more_entries, organiser):
    more_entries(3)
    distribute(essay_round, per_entry=2, by=organiser)

    again = distribute(essay_round, per_entry=2, by=organiser)
    more = distribute(essay_round, per_entry=3, by=organiser)

    assert (len(again), len(more), Assignment.objects.count()) == (0, 3, 9)


def test_a_distribution_never_crosses_a_conflict(
    essay_round, judge, conflicted_judge, admitted_entry, organiser
):
    made = distribute(essay_round, per_entry=2, by=organiser)

    assert [(one.judge, one.entry) for one in made] == [(judge, admitted_entry)]


def test_only_an_organiser_without_a_conflict_gives_out_and_takes_back(
    essay_round, judge, admitted_entry, assignment, organiser, other_organiser, organisation
):
    Membership.objects.create(user=organiser, organisation=organisation)

    for by in (organiser, other_organiser):
        with pytest.raises(DomainError):
            assign(essay_round, judge, admitted_entry, by=by)
        with pytest.raises(DomainError):
            withdraw_assignment(assignment, by=by, reason="x")
    with pytest.raises(DomainError):
        remove_judge(judge, by=other_organiser, reason="x")
    with pytest.raises(DomainError):
        distribute(essay_round, per_entry=1, by=other_organiser)

    assert distribute(essay_round, per_entry=1, by=organiser) == []
    assert Assignment.objects.active().count() == 1


def test_a_withdrawn_assignment_is_closed_and_can_come_back(
    assignment, judge, judge_user, organiser, essay_round
):
    with pytest.raises(DomainError):
        withdraw_assignment(assignment, by=organiser, reason="")

    withdraw_assignment(assignment, by=organiser, reason="Too many")
    closed = list(Assignment.objects.visible_to(judge_user))
    assign(essay_round, judge, assignment.entry, by=organiser)

    assert closed == []
    assert list(Assignment.objects.visible_to(judge_user)) == [assignment]


def test_stepping_back_closes_the_entry_keeps_the_marks_and_tells_the_organisers(
    marked, work, judge_user, organiser, second_organiser, other_organiser
):
    recuse(work, by=judge_user, reason="I advised them last year")

    work.refresh_from_db()
    assert work.status == AssignmentStatus.RECUSED
    assert list(Assignment.objects.visible_to(judge_user)) == []
    assert Mark.objects.filter(scorecard=marked).count() == 2
    assert Conflict.objects.get().entry == work.entry
    mails = Message.objects.filter(kind="judge-recused")
    assert sorted(mails.values_list("email", flat=True)) == [
        "organiser@example.org",
        "second-organiser@example.org",
    ]
    assert mails[0].context["reason"] == "I advised them last year"


def test_a_conflicted_organiser_is_not_told_of_a_recusal(
    work, judge_user, organiser, second_organiser, organisation
):
    Membership.objects.create(user=second_organiser, organisation=organisation)

    recuse(work, by=judge_user, reason="x")

    mails = Message.objects.filter(kind="judge-recused")
    assert list(mails.values_list("email", flat=True)) == ["organiser@example.org"]


def test_stepping_back_twice_is_once(work, judge_user, organiser):
    recuse(work, by=judge_user, reason="x")
    recuse(work, by=judge_user, reason="y")

    assert Conflict.objects.get().reason == "x"
    assert Message.objects.filter(kind="judge-recused").count() == 1


def test_nobody_steps_back_for_another_after_submitting_or_after_the_close(
    work, submitted, judge_user, chair_user
):
    for who in (judge_user, chair_user):
        with pytest.raises(DomainError):
            recuse(work, by=who, reason="x")

    work.refresh_from_db()
    assert work.status == AssignmentStatus.ACTIVE


def test_an_entry_that_left_the_competition_is_not_assigned(
    essay_round, judge, admitted_entry, organiser
):
    admitted_entry.become(EntryStatus.WITHDRAWN)
    admitted_entry.save()

    with pytest.raises(DomainError):
        assign(essay_round, judge, admitted_entry, by=organiser)


def test_a_round_of_other_nominations_takes_no_entry_of_this_one(
    essay_round, judge, admitted_entry, person_nomination, nomination, organiser
):
    essay_round.nominations.add(person_nomination)
    with pytest.raises(DomainError):
        assign(essay_round, judge, admitted_entry, by=organiser)

    essay_round.nominations.add(nomination)
    assign(essay_round, judge, admitted_entry, by=organiser)

    assert list(essay_round.entries()) == [admitted_entry]
