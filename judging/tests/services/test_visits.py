"""Planning site visits, what the applicant answers, and how they end early."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import MemberRole, Membership
from common.errors import DomainError
from judging.models import Assignment, AssignmentStatus, SiteVisit, VisitMember, VisitRules
from judging.services import declare_conflict
from judging.services.visits import (
    ask_to_move,
    cancel_visit,
    confirm_visit,
    move_visit,
    plan_visit,
    set_team,
)
from judging.tests.visits import planned
from judging.visit_pages import clashes_of
from nominations.models import EntryStatus
from nominations.services import withdraw_entry
from outbox.models import Message
from tests.factories import make_entry, make_judge, make_person


def mails(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("email", flat=True))


def test_a_planned_visit_brings_the_entry_and_its_judges_into_the_round(visit, judge):
    given = Assignment.objects.get(round=visit.round, entry=visit.entry)

    assert list(visit.round.entries()) == [visit.entry]
    assert (given.judge, given.status) == (judge, AssignmentStatus.ACTIVE)
    assert mails("visit-applicant") == ["nominee@example.org"]
    assert mails("visit-judge") == ["judge@example.org"]


@pytest.mark.parametrize(
    ("starts_in", "hours", "words"),
    [
        (timedelta(days=1), 0, "ends after it starts"),
        (timedelta(days=-30), 2, "within its stage"),
        (timedelta(days=300), 2, "within its stage"),
    ],
)
def test_a_visit_lies_within_its_stage(
    visited_round, admitted_entry, organiser, starts_in, hours, words
):
    at = timezone.now() + starts_in

    with pytest.raises(DomainError, match=words):
        plan_visit(
            visited_round,
            admitted_entry,
            by=organiser,
            starts_at=at,
            ends_at=at + timedelta(hours=hours),
            place="Here",
        )

    assert not SiteVisit.objects.exists()


def test_an_entry_is_visited_once_in_a_round_and_no_round_of_essays_visits(
    visit, essay_round, organiser, judge
):
    with pytest.raises(DomainError, match="planned already"):
        planned(visit.round, visit.entry, judge, by=organiser)
    with pytest.raises(DomainError, match="does not visit"):
        planned(essay_round, visit.entry, judge, by=organiser)


def test_a_judge_in_conflict_is_never_in_the_team(visit, conflicted_judge, judge, organiser):
    with pytest.raises(DomainError, match="conflict of interest"):
        set_team(visit, [judge, conflicted_judge], leader=judge, by=organiser)

    assert list(visit.members.values_list("judge", flat=True)) == [judge.pk]
    assert not Assignment.objects.filter(judge=conflicted_judge).exists()


def test_an_organiser_in_conflict_plans_nothing(visited_round, admitted_entry, organiser, judge):
    Membership.objects.create(
        user=organiser, organisation=admitted_entry.organisation, role=MemberRole.VIEWER
    )

    with pytest.raises(DomainError, match="may not do this"):
        planned(visited_round, admitted_entry, judge, by=organiser)


def test_moving_a_confirmed_visit_asks_the_applicant_again(visit, nominee, organiser):
    confirm_visit(visit, by=nominee)
    at = visit.starts_at + timedelta(hours=3)

    moved = move_visit(
        visit, by=organiser, starts_at=at, ends_at=at + timedelta(hours=1), place=visit.place
    )

    assert (moved.status, moved.confirmed_at) == ("planned", None)
    assert mails("visit-applicant") == ["nominee@example.org"] * 2
    assert mails("visit-judge") == ["judge@example.org"] * 2


def test_the_applicant_asks_for_another_time_with_a_reason(visit, nominee, organiser):
    with pytest.raises(DomainError, match="Say why"):
        ask_to_move(visit, by=nominee, reason=" ")

    asked = ask_to_move(visit, by=nominee, reason="We move house.")

    assert (asked.status, asked.move_reason) == ("planned", "We move house.")
    assert mails("visit-move-asked") == [organiser.email]


def test_nobody_else_answers_for_the_applicant(visit, other_nominee):
    with pytest.raises(DomainError, match="may submit the entry"):
        confirm_visit(visit, by=other_nominee)


def test_the_applicant_learns_who_comes_only_where_the_round_says_so(visit, organiser, chair_user):
    second = make_judge(visit.round.juries.get(), chair_user)
    VisitRules.objects.filter(round=visit.round).update(names_shown=True)

    set_team(
        visit, [*(one.judge for one in visit.members.all()), second], leader=second, by=organiser
    )

    told = Message.objects.filter(kind="visit-applicant").order_by("pk")
    assert [one.context["team"] for one in told] == ["", "Clara Chair, Yuri Judge"]


def test_a_cancelled_visit_gives_the_entry_back_and_can_be_planned_anew(visit, organiser, judge):
    cancel_visit(visit, by=organiser, reason="The road is closed.")

    given = Assignment.objects.get(round=visit.round)
    assert given.status == AssignmentStatus.WITHDRAWN
    assert list(visit.round.entries()) == []
    assert mails("visit-cancelled") == ["judge@example.org", "nominee@example.org"]
    again = planned(visit.round, visit.entry, judge, by=organiser)
    assert Assignment.objects.get(round=again.round).status == AssignmentStatus.ACTIVE


def test_an_entry_that_is_withdrawn_is_not_visited(visit, nominee):
    withdraw_entry(visit.entry, by=nominee)

    visit.refresh_from_db()
    assert visit.status == "cancelled"
    assert mails("visit-cancelled") == ["judge@example.org"]


def test_a_judge_who_leaves_the_team_loses_the_entry(visit, organiser, chair_user, judge):
    second = make_judge(judge.jury, chair_user)

    set_team(visit, [second], leader=second, by=organiser)

    assert list(visit.members.values_list("judge", flat=True)) == [second.pk]
    assert Assignment.objects.get(judge=judge).status == AssignmentStatus.WITHDRAWN
    assert mails("visit-left") == ["judge@example.org"]


def test_a_conflict_that_comes_later_ends_the_visit_for_the_judge(visit, judge, organiser):
    assert SiteVisit.objects.of_team(judge.user).get() == visit

    declare_conflict(judge.user, by=organiser, reason="Cousins.", entry=visit.entry)

    assert not SiteVisit.objects.of_team(judge.user).exists()
    assert VisitMember.objects.filter(visit=visit).exists()


def test_who_is_elsewhere_at_that_time_is_shown(
    visit, nomination, organiser, judge, other_organisation, other_nominee
):
    other = make_entry(nomination, other_organisation, other_nominee, EntryStatus.ADMITTED)
    at = visit.starts_at + timedelta(hours=1)

    found = clashes_of(
        other,
        {judge.user_id},
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        but=None,
        by=organiser,
    )
    after = clashes_of(
        other,
        {judge.user_id},
        starts_at=at + timedelta(hours=1),
        ends_at=at + timedelta(hours=2),
        but=None,
        by=organiser,
    )

    assert [(one.person, one.number) for one in found] == [(judge.user_id, visit.entry.number)]
    assert after == []


def test_a_visit_is_organised_by_those_who_run_the_season_alone(visit, superuser):
    person = make_person("other@example.org", "Other")

    assert not SiteVisit.objects.organised_by(person).exists()
    assert SiteVisit.objects.organised_by(superuser).get() == visit
