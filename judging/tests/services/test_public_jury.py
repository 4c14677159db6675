"""People register for a public jury, take entries by themselves; a struck ballot does not count."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.models import MemberRole, Membership
from common.errors import DomainError
from judging.mailboxes import mailbox
from judging.models import (
    Admission,
    Assignment,
    Criterion,
    Handout,
    Judge,
    Jury,
    JuryKind,
    Leaf,
    Registration,
    RegistrationStatus,
    Scorecard,
)
from judging.services import open_scorecard, recuse, save_mark, submit_scorecard
from judging.services.public_jury import strike_ballot, take_entry
from judging.services.registering import decide_registration, register_for_jury
from nominations.models import Entry
from outbox.models import Message
from tests.factories import make_person


@pytest.fixture
def member(crowd, stranger):
    register_for_jury(crowd, by=stranger, profile="customer")
    return stranger


def ballot(round_, user):
    """Take the next entry, give 8 everywhere, submit."""
    card = open_scorecard(take_entry(round_, by=user), by=user)
    for criterion in Criterion.objects.filter(dimension__rubric=round_.rubric_id):
        save_mark(card, criterion, by=user, value=Decimal(8), base_version=0)
    return submit_scorecard(card, by=user, key=uuid4())


def test_an_open_jury_seats_whoever_registers_once(crowd, stranger):
    first = register_for_jury(crowd, by=stranger, profile="customer")
    second = register_for_jury(crowd, by=stranger, profile="observer")

    seat = Judge.objects.get(jury=crowd)
    assert first == second
    assert (seat.user, seat.background, seat.listed) == (stranger, "customer", False)


def test_a_moderated_jury_waits_for_an_organiser(crowd, stranger, organiser):
    Jury.objects.update(admission=Admission.MODERATED, kind=JuryKind.PUBLIC)
    waiting = register_for_jury(crowd, by=stranger, profile="customer")
    seats_before = crowd.judges.count()

    decide_registration(waiting, by=organiser, accept=True)

    assert (seats_before, crowd.judges.count()) == (0, 1)
    assert Message.objects.get(kind="registration-confirmed").recipient == stranger


def test_the_same_mailbox_twice_waits_for_an_organiser(crowd, member):
    twin = make_person("st.ranger+two@example.org", "Semyon Twin")

    registration = register_for_jury(crowd, by=twin, profile="customer")

    assert registration.status == RegistrationStatus.WAITING
    assert crowd.judges.count() == 1


def test_declining_needs_a_reason_and_gives_no_seat(crowd, member, organiser):
    twin = make_person("stranger+two@example.org", "Semyon Twin")
    registration = register_for_jury(crowd, by=twin, profile="customer")

    with pytest.raises(DomainError, match="Say why"):
        decide_registration(registration, by=organiser, accept=False)
    decide_registration(registration, by=organiser, accept=False, reason="One each.")

    assert [crowd.judges.count(), Registration.objects.get(user=twin).answer] == [1, "One each."]


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("A.Person+award@GoogleMail.com", "aperson@gmail.com"),
        ("person@ya.ru", "person@yandex.ru"),
        ("other@example.org", "other@example.org"),
    ],
)
def test_ways_to_write_one_mailbox(email, key):
    assert mailbox(email) == key


def test_an_unconfirmed_address_does_not_register(crowd, stranger):
    stranger.emailaddress_set.update(verified=False)

    with pytest.raises(DomainError, match="Confirm your e-mail"):
        register_for_jury(crowd, by=stranger, profile="customer")


def test_the_next_entry_is_one_with_the_fewest_scorecards(
    member, crowd, open_round, more_entries, admitted_entry
):
    other = make_person("second@example.org", "Second Member")
    register_for_jury(crowd, by=other, profile="observer")
    more_entries(1)

    first = ballot(open_round, member).assignment.entry
    theirs = take_entry(open_round, by=other).entry

    assert {first, theirs} == set(Entry.objects.all())


def test_what_was_taken_comes_first(member, open_round, more_entries, admitted_entry):
    more_entries(2)

    assert take_entry(open_round, by=member) == take_entry(open_round, by=member)


def test_a_conflict_is_never_given_out(
    member, open_round, admitted_entry, organisation, more_entries
):
    Membership.objects.create(user=member, organisation=organisation, role=MemberRole.VIEWER)

    with pytest.raises(DomainError, match="no entry left"):
        take_entry(open_round, by=member)


def test_an_entry_recused_from_does_not_come_back(member, open_round, admitted_entry):
    recuse(take_entry(open_round, by=member), by=member, reason="My cousin.")

    with pytest.raises(DomainError, match="no entry left"):
        take_entry(open_round, by=member)


def test_the_day_has_a_limit(member, crowd, open_round, admitted_entry, more_entries):
    more_entries(2)
    crowd.daily_limit = 1
    crowd.save()
    ballot(open_round, member)

    with pytest.raises(DomainError, match="1 entry a day"):
        take_entry(open_round, by=member)
    Assignment.objects.update(assigned_at=Assignment.objects.get().assigned_at - timedelta(days=1))
    assert take_entry(open_round, by=member).entry != Assignment.objects.order_by("pk")[0].entry


def test_members_choose_where_all_entries_are_open(member, crowd, open_round, more_entries):
    wanted = more_entries(3)[2]
    crowd.handout = Handout.ALL
    crowd.save()

    assert take_entry(open_round, by=member, number=wanted.number).entry == wanted


def test_an_expert_takes_nothing_by_themselves(judge_user, judge, open_round, admitted_entry):
    with pytest.raises(DomainError, match="by yourself"):
        take_entry(open_round, by=judge_user)


def test_a_struck_ballot_stays_on_record_and_does_not_count(
    member, open_round, admitted_entry, organiser
):
    card = ballot(open_round, member)
    before = Scorecard.objects.counted().count()

    strike_ballot(card, by=organiser, reason="The same person twice.")

    card.refresh_from_db()
    assert (before, Scorecard.objects.counted().count()) == (1, 0)
    assert (card.status, card.assignment.status) == ("submitted", "struck")
    assert Leaf.objects.filter(scorecard=card).count() == 1
    assert Message.objects.get(kind="ballot-struck").recipient == member


def test_striking_needs_a_reason_and_an_organiser_without_a_conflict(
    member, open_round, admitted_entry, organiser, other_organiser
):
    card = ballot(open_round, member)

    with pytest.raises(DomainError, match="Say why"):
        strike_ballot(card, by=organiser, reason=" ")
    with pytest.raises(DomainError, match="You may not do this"):
        strike_ballot(card, by=other_organiser, reason="x")


def test_a_scorecard_of_an_expert_is_not_struck(submitted, organiser):
    with pytest.raises(DomainError, match="Only ballots of a public jury"):
        strike_ballot(submitted, by=organiser, reason="x")
