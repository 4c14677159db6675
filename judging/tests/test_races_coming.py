"""Two connections at once on PostgreSQL: coming onto a jury, taking ballots, and lists as a whole."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from accounts.services import Gone
from accounts.tests.services.test_invitations import token_sent
from common.errors import DomainError
from judging.distribution import Wanted
from judging.lists import latest_revisions, rows_of_list, seen
from judging.models import (
    Admission,
    Assignment,
    Ballot,
    Handout,
    Judge,
    Jury,
    Leaf,
    Registration,
    RegistrationStatus,
    Scorecard,
)
from judging.services import (
    confirm_proposal,
    declare_conflict,
    open_scorecard,
    propose,
    save_mark,
    save_points,
    submit_list,
    submit_scorecard,
)
from judging.services.inviting import accept_jury_invitation, invite_judge
from judging.services.public_jury import strike_ballot, take_entry
from judging.services.registering import decide_registration, register_for_jury
from judging.tests.test_races import beside
from nominations.tests.services.test_races import at_once
from outbox.models import Message
from tests.factories import make_person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def kinds(results: list[Any]) -> list[str]:
    """What came back, whoever was first."""
    return sorted(type(one).__name__ for one in results)


@pytest.fixture
def crowd(crowd: Jury) -> Jury:
    """Members of the public jury choose among all entries."""
    crowd.handout = Handout.ALL
    crowd.save(update_fields=["handout"])
    return crowd


def test_one_person_registering_three_times_at_once_has_one_seat(crowd, stranger):
    results = at_once(*[lambda: register_for_jury(crowd, by=stranger, profile="customer")] * 3)

    assert len({one.pk for one in results}) == 1
    assert crowd.judges.count() == 1
    assert Message.objects.filter(kind="registration-confirmed").count() == 1


def test_two_accounts_of_one_mailbox_at_once_get_one_seat(crowd):
    people = [make_person(f"twin+{n}@example.org", f"Twin {n}") for n in range(2)]

    at_once(
        *(lambda p=p: register_for_jury(crowd, by=p, profile="customer") for p in people),
    )

    statuses = sorted(Registration.objects.values_list("status", flat=True))
    assert statuses == sorted([RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING])
    assert crowd.judges.count() == 1


def test_two_organisers_deciding_at_once_decide_a_registration_once(
    crowd, stranger, organiser, second_organiser
):
    Jury.objects.filter(pk=crowd.pk).update(admission=Admission.MODERATED)
    waiting = register_for_jury(crowd, by=stranger, profile="customer")

    results = at_once(
        lambda: decide_registration(waiting, by=organiser, accept=True),
        lambda: decide_registration(waiting, by=second_organiser, accept=False, reason="No."),
    )

    assert kinds(results) == ["DomainError", "Registration"]
    waiting.refresh_from_db()
    assert crowd.judges.count() == (waiting.status == RegistrationStatus.CONFIRMED)
    assert Message.objects.filter(kind__startswith="registration-").count() == 1


def test_one_entry_taken_three_times_at_once_is_one_ballot(
    crowd, stranger, open_round, admitted_entry
):
    register_for_jury(crowd, by=stranger, profile="customer")

    results = at_once(
        *[lambda: take_entry(open_round, by=stranger, number=admitted_entry.number)] * 3
    )

    assert len({one.pk for one in results}) == 1
    assert Assignment.objects.filter(judge__user=stranger).count() == 1


def test_a_ballot_struck_by_two_organisers_at_once_is_struck_once(
    crowd, stranger, open_round, admitted_entry, criteria, organiser, second_organiser
):
    register_for_jury(crowd, by=stranger, profile="customer")
    card = open_scorecard(take_entry(open_round, by=stranger), by=stranger)
    for one in criteria:
        save_mark(card, one, by=stranger, value=Decimal(5), base_version=0)
    card = submit_scorecard(card, by=stranger, key=uuid4())

    at_once(
        *(
            lambda by=by: strike_ballot(card, by=by, reason="Bought.")
            for by in (organiser, second_organiser)
        )
    )

    assert Message.objects.filter(kind="ballot-struck").count() == 1
    assert Scorecard.objects.counted().count() == 0


def test_an_invitation_to_a_jury_accepted_by_two_at_once_seats_one(jury, organiser):
    invite_judge(jury, email="guest@example.org", by=organiser, language="en")
    token = token_sent()
    people = [make_person(f"p{n}@example.org", f"P {n}") for n in range(2)]

    results = at_once(
        *(
            lambda user=user: accept_jury_invitation(token, by=user, other_address=True)
            for user in people
        )
    )

    assert sum(isinstance(one, Gone) for one in results) == 1
    assert Judge.objects.filter(user__in=people).count() == 1


def test_a_scorecard_whose_opening_waited_for_a_conflict_is_not_opened(work, judge_user, organiser):
    result = beside(
        lambda: open_scorecard(work, by=judge_user),
        lambda: declare_conflict(judge_user, by=organiser, reason="x", entry=work.entry),
    )

    assert isinstance(result, DomainError)
    assert Scorecard.objects.count() == 0


@pytest.mark.parametrize("same_form", [True, False])
def test_a_list_submitted_twice_at_once_is_locked_once(
    work, nomination, judge_user, more_entries, same_form
):
    type(work.round).objects.filter(pk=work.round_id).update(
        way="points", budget=10, most_points=10
    )
    work.round.refresh_from_db()
    for entry in more_entries(1):
        Assignment.objects.create(round=work.round, judge=work.judge, entry=entry)
    rows = rows_of_list(judge_user, work.round, nomination)
    points = dict(zip([row.pk for row in rows], [4, 6], strict=True))
    save_points(work.round, nomination, by=judge_user, points=points, base_version=0)
    saw, key = seen(latest_revisions(rows)), uuid4()
    keys = [key, key] if same_form else [key, uuid4()]

    results = at_once(
        *(
            lambda key=key: submit_list(work.round, nomination, by=judge_user, key=key, saw=saw)
            for key in keys
        )
    )

    assert kinds(results) == (["Ballot"] * 2 if same_form else ["Ballot", "DomainError"])
    assert Ballot.objects.get().submitted_at is not None
    assert Leaf.objects.count() == 2


def test_a_distribution_confirmed_by_two_at_once_assigns_once(
    essay_round, judge, admitted_entry, organiser, second_organiser
):
    proposal = propose(essay_round, Wanted(1, 1), by=organiser)

    results = at_once(
        *(lambda by=by: confirm_proposal(proposal, by=by) for by in (organiser, second_organiser))
    )

    assert [one.made for one in results] == [1, 1]
    assert Assignment.objects.count() == 1
