"""Conflicts hide entries; the question for one person and for many has one answer."""

import pytest

from accounts.models import Membership
from judging.barriers import barred_entries, is_barred
from judging.models import Conflict
from nominations.models import Entry, Participant


@pytest.fixture
def interest(judge_user, admitted_entry, organisation, other_organisation):
    """Ways of having an interest in an entry of Camomile."""

    def make(kind):
        if kind == "entry":
            Conflict.objects.create(
                user=judge_user, entry=admitted_entry, reason="a friend", declared_by=judge_user
            )
        elif kind == "applicant":
            Conflict.objects.create(
                user=judge_user, organisation=organisation, reason="x", declared_by=judge_user
            )
        elif kind == "member":
            Membership.objects.create(user=judge_user, organisation=organisation)
        else:
            Participant.objects.create(
                entry=admitted_entry, organisation=other_organisation, name="S", role="partner"
            )
            if kind == "participant":
                Conflict.objects.create(
                    user=judge_user,
                    organisation=other_organisation,
                    reason="x",
                    declared_by=judge_user,
                )
            else:
                Membership.objects.create(user=judge_user, organisation=other_organisation)

    return make


KINDS = ["entry", "applicant", "member", "participant", "member of a participant"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_interest_bars(judge_user, admitted_entry, interest, kind):
    assert is_barred(judge_user, admitted_entry) is False

    interest(kind)

    assert is_barred(judge_user, admitted_entry) is True


@pytest.mark.parametrize("kind", KINDS)
def test_many_at_once_get_the_same_answer(
    judge_user, chair_user, admitted_entry, more_entries, interest, kind
):
    other = more_entries(1)[0]
    interest(kind)
    people, entries = [judge_user, chair_user], [admitted_entry, other]

    assert barred_entries(people, entries) == {
        person.pk: {entry.pk for entry in entries if is_barred(person, entry)} for person in people
    }


@pytest.mark.parametrize("kind", ["entry", "applicant", "participant"])
def test_a_conflict_hides_the_entry_from_an_organiser_and_a_superuser(
    organiser, superuser, admitted_entry, judge_user, interest, kind
):
    before = [list(Entry.objects.organised_by(one)) for one in (organiser, superuser)]
    interest(kind)
    Conflict.objects.update(user=organiser)
    of_organiser = list(Entry.objects.organised_by(organiser))
    Conflict.objects.update(user=superuser)
    of_superuser = list(Entry.objects.organised_by(superuser))

    assert before == [[admitted_entry], [admitted_entry]]
    assert (of_organiser, of_superuser) == ([], [])
