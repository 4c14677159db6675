"""Sharing one entry: an invitation by mail, a role in it, and what it takes away from a judge."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from pytest_django.asserts import assertContains

from accounts.models import Membership
from accounts.services import Gone, OtherAddress
from accounts.tests.services.test_invitations import GUEST, token_sent
from audit.models import Event
from common.errors import DomainError
from judging.barriers import barred_entries
from judging.models import Assignment
from nominations.models import Entry, EntryInvitation, EntryShare, Presence, ShareRole
from nominations.permissions import can_edit, can_read_draft, can_submit
from nominations.services.people import (
    accept_entry_invitation,
    change_share,
    end_share,
    invite_to_entry,
    resend_entry_invitation,
    revoke_entry_invitation,
)
from outbox.services import deliver_due
from tests.factories import make_entry, make_person


@pytest.fixture
def guest(db):
    return make_person(GUEST, "Greta Guest")


def share(entry, by, to, role=ShareRole.EDIT):
    invite_to_entry(entry, email=to.email, role=role, by=by)
    accept_entry_invitation(token_sent(), by=to)
    return EntryShare.objects.get(entry=entry, user=to)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (ShareRole.VIEW, (True, False, False)),
        (ShareRole.EDIT, (True, True, False)),
        (ShareRole.SUBMIT, (True, True, True)),
    ],
)
def test_an_invited_person_may_do_what_the_role_says(draft, nominee, guest, role, rights):
    share(draft, nominee, guest, role)

    found = (can_read_draft(guest, draft), can_edit(guest, draft), can_submit(guest, draft))
    assert found == rights


def test_the_letter_names_the_entry_and_what_one_may_do(draft, nominee, guest):
    invite_to_entry(draft, email=GUEST, role=ShareRole.SUBMIT, by=nominee)
    token_sent()

    assert mail.outbox[-1].subject == "Nina Nominee invites you to work on an entry: CX award 2022"
    assert f"the entry {draft.number} (Camomile Ltd)" in mail.outbox[-1].body
    assert "read, write and submit" in mail.outbox[-1].body


def test_an_invited_person_sees_this_entry_and_no_other(
    draft, nomination, organisation, nominee, guest
):
    make_entry(nomination, organisation, nominee)
    share(draft, nominee, guest)

    assert list(Entry.objects.visible_to(guest)) == [draft]
    assert not Membership.objects.filter(user=guest).exists()


def test_a_link_lets_one_person_in_and_asks_about_another_address(
    draft, nominee, guest, other_nominee
):
    invite_to_entry(draft, email=GUEST, role=ShareRole.VIEW, by=nominee)
    token = token_sent()

    with pytest.raises(OtherAddress):
        accept_entry_invitation(token, by=other_nominee)
    accept_entry_invitation(token, by=other_nominee, other_address=True)
    with pytest.raises(Gone):
        accept_entry_invitation(token, by=guest)

    assert [one.user for one in draft.shares.all()] == [other_nominee]


def test_a_revoked_link_does_not_work(draft, nominee, guest):
    invitation = invite_to_entry(draft, email=GUEST, role=ShareRole.VIEW, by=nominee)
    revoke_entry_invitation(draft, invitation.pk, by=nominee)

    with pytest.raises(Gone):
        accept_entry_invitation(token_sent(), by=guest)


def test_the_inviter_is_told(draft, nominee, guest):
    share(draft, nominee, guest)
    deliver_due()

    assert mail.outbox[-1].to == [nominee.email]
    assert mail.outbox[-1].subject.startswith("Greta Guest accepted your invitation")


def test_a_member_of_the_organisation_needs_no_invitation(draft, nominee):
    with pytest.raises(DomainError, match="sees the entry already"):
        invite_to_entry(draft, email=nominee.email, role=ShareRole.VIEW, by=nominee)


def test_somebody_it_is_shared_with_is_not_invited_again(draft, nominee, guest):
    share(draft, nominee, guest)

    with pytest.raises(DomainError, match="shared with this person already"):
        invite_to_entry(draft, email=GUEST, role=ShareRole.VIEW, by=nominee)


def test_an_invited_editor_invites_nobody(draft, nominee, guest):
    share(draft, nominee, guest, ShareRole.SUBMIT)

    with pytest.raises(PermissionDenied):
        invite_to_entry(draft, email="x@example.org", role=ShareRole.VIEW, by=guest)
    with pytest.raises(PermissionDenied):
        resend_entry_invitation(draft, EntryInvitation.objects.get().pk, by=guest)


def test_a_role_is_changed(draft, nominee, guest):
    found = share(draft, nominee, guest, ShareRole.SUBMIT)

    change_share(draft, found, ShareRole.VIEW, by=nominee)

    assert not can_edit(guest, draft)
    event = Event.objects.get(verb="entry.share-changed")
    assert event.data == {"user": guest.pk, "from": "submit", "to": "view"}


def test_taking_the_entry_away_takes_sight_and_presence(draft, nominee, guest):
    share(draft, nominee, guest)
    Presence.objects.create(entry=draft, user=guest, seen_at=draft.created_at)

    end_share(draft, guest, by=nominee)
    end_share(draft, guest, by=nominee)

    assert not Entry.objects.visible_to(guest).exists()
    assert not Presence.objects.exists()
    assert Event.objects.filter(verb="entry.share-ended").count() == 1


def test_everybody_may_step_out_and_take_nobody_else_out(draft, nominee, guest, other_nominee):
    share(draft, nominee, guest)
    EntryShare.objects.create(entry=draft, user=other_nominee, role=ShareRole.VIEW)

    with pytest.raises(PermissionDenied):
        end_share(draft, other_nominee, by=guest)
    end_share(draft, guest, by=guest)

    assert [one.user for one in draft.shares.all()] == [other_nominee]


def test_the_log_names_no_address(draft, nominee, guest):
    share(draft, nominee, guest)

    events = Event.objects.filter(about=f"nominations.entry:{draft.pk}").order_by("position")
    assert [event.verb for event in events] == ["entry.person-invited", "entry.shared"]
    assert GUEST not in str([event.data for event in events])


# Whoever works on an entry does not judge it


def test_a_judge_who_accepts_loses_sight_of_the_entry_at_once(
    assignment, judge_user, nominee, judging_open, client_of
):
    judging_open()
    entry = assignment.entry
    client = client_of(judge_user)
    assertContains(client.get(assignment.get_absolute_url()), entry.number)
    assert list(Assignment.objects.of_judge(judge_user)) == [assignment]

    share(entry, nominee, judge_user, ShareRole.VIEW)

    assert client.get(assignment.get_absolute_url()).status_code == 404
    assert list(Assignment.objects.of_judge(judge_user)) == []


def test_a_judge_with_the_entry_is_warned_before_accepting(
    assignment, judge_user, other_nominee, nominee, client_of
):
    invite_to_entry(assignment.entry, email=judge_user.email, role=ShareRole.VIEW, by=nominee)
    link = f"/invitations/entry/{token_sent()}/"

    assert "You judge this entry." in client_of(judge_user).get(link).text
    assert "You judge this entry." not in client_of(other_nominee).get(link).text


def test_an_organiser_who_accepts_loses_the_entry_and_was_warned(
    submitted_entry, organiser, nominee, client_of
):
    invite_to_entry(submitted_entry, email=organiser.email, role=ShareRole.VIEW, by=nominee)
    token = token_sent()
    page = client_of(organiser).get(f"/invitations/entry/{token}/")
    assert "You organise this award." in page.text
    assert list(Entry.objects.organised_by(organiser)) == [submitted_entry]

    accept_entry_invitation(token, by=organiser)

    assert list(Entry.objects.organised_by(organiser)) == []


def test_distribution_knows_of_shares(admitted_entry, judge_user, nominee):
    EntryShare.objects.create(entry=admitted_entry, user=judge_user, role=ShareRole.VIEW)

    assert barred_entries([judge_user], [admitted_entry]) == {judge_user.pk: {admitted_entry.pk}}
