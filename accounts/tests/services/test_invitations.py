"""Invitations to an organisation: a secret link for one person and fourteen days."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import MemberRole, Membership, OrganisationInvitation
from accounts.services import (
    Gone,
    OtherAddress,
    accept_organisation_invitation,
    invite_member,
    resend_organisation_invitation,
    revoke_organisation_invitation,
)
from accounts.services.invitations import MOST_A_DAY, MOST_WAITING, digest
from audit.models import Event
from common.errors import DomainError
from outbox.models import Message
from outbox.services import deliver_due
from tests.factories import make_person

GUEST = "guest@example.org"


def token_sent():
    """The secret of the letter that was sent last."""
    deliver_due()
    return re.findall(r"/invitations/(?:entry/)?([\w-]{30,})/", mail.outbox[-1].body)[-1]


@pytest.fixture
def guest(db):
    return make_person(GUEST, "Greta Guest")


@pytest.fixture
def token(organisation, nominee, guest):
    invite_member(organisation, email=GUEST, role="editor", by=nominee)
    return token_sent()


def test_the_letter_says_who_invites_to_what_and_until_when(organisation, nominee, token):
    letter = mail.outbox[-1]
    invitation = OrganisationInvitation.objects.get()

    assert letter.to == [GUEST]
    assert letter.subject == "Nina Nominee invites you to Camomile Ltd"
    assert "Your role: editor." in letter.body
    assert round((invitation.expires_at - invitation.sent_at) / timedelta(days=1), 4) == 14


def test_of_the_secret_only_its_hash_is_kept(organisation, nominee, token):
    kept = OrganisationInvitation.objects.get()
    message = Message.objects.get()

    assert kept.token_sha256 == digest(token)
    assert token not in str(message.context) + message.body
    assert "/invitations/…/" in message.body


def test_the_invited_person_becomes_a_member_in_the_role(organisation, guest, token):
    accept_organisation_invitation(token, by=guest)

    assert Membership.objects.get(user=guest).role == MemberRole.EDITOR


def test_the_inviter_is_told_of_the_acceptance(organisation, nominee, guest, token):
    accept_organisation_invitation(token, by=guest)
    deliver_due()

    assert mail.outbox[-1].to == [nominee.email]
    assert mail.outbox[-1].subject == "Greta Guest accepted your invitation: Camomile Ltd"


def test_accepting_twice_changes_and_mails_nothing_more(organisation, guest, token):
    accept_organisation_invitation(token, by=guest)
    accept_organisation_invitation(token, by=guest)

    assert Membership.objects.filter(user=guest).count() == 1
    assert Message.objects.filter(kind="invitation-accepted").count() == 1


def test_a_link_lets_one_person_in(organisation, guest, other_nominee, token):
    accept_organisation_invitation(token, by=guest)

    with pytest.raises(Gone):
        accept_organisation_invitation(token, by=other_nominee, other_address=True)

    assert not Membership.objects.filter(user=other_nominee).exists()


def test_another_address_is_accepted_only_when_it_is_meant(organisation, other_nominee, token):
    with pytest.raises(OtherAddress):
        accept_organisation_invitation(token, by=other_nominee)
    assert not Membership.objects.filter(user=other_nominee).exists()

    accept_organisation_invitation(token, by=other_nominee, other_address=True)

    assert Membership.objects.get(user=other_nominee).role == MemberRole.EDITOR


def test_the_inviter_reads_that_another_address_accepted(organisation, other_nominee, token):
    accept_organisation_invitation(token, by=other_nominee, other_address=True)
    deliver_due()

    assert f"You had sent it to {GUEST}." in mail.outbox[-1].body


def test_an_address_that_is_not_confirmed_is_another_address(organisation, guest, token):
    guest.emailaddress_set.update(verified=False)

    with pytest.raises(OtherAddress):
        accept_organisation_invitation(token, by=guest)


@pytest.mark.parametrize(("seconds", "works"), [(-1, True), (0, False), (1, False)])
def test_a_link_works_for_fourteen_days(organisation, guest, token, time_machine, seconds, works):
    expires_at = OrganisationInvitation.objects.get().expires_at
    time_machine.move_to(expires_at + timedelta(seconds=seconds), tick=False)

    if works:
        accept_organisation_invitation(token, by=guest)
    else:
        with pytest.raises(Gone):
            accept_organisation_invitation(token, by=guest)

    assert Membership.objects.filter(user=guest).exists() == works


def test_a_revoked_link_does_not_work(organisation, nominee, guest, token):
    revoke_organisation_invitation(
        organisation, OrganisationInvitation.objects.get().pk, by=nominee
    )

    with pytest.raises(Gone):
        accept_organisation_invitation(token, by=guest)


def test_sending_again_kills_the_old_link(organisation, nominee, guest, token, time_machine):
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    invitation = OrganisationInvitation.objects.get()
    resend_organisation_invitation(organisation, invitation.pk, by=nominee)
    newer = token_sent()

    with pytest.raises(Gone):
        accept_organisation_invitation(token, by=guest)
    accept_organisation_invitation(newer, by=guest)

    assert Membership.objects.filter(user=guest).exists()


def test_sending_again_at_once_sends_nothing(organisation, nominee, token):
    resend_organisation_invitation(
        organisation, OrganisationInvitation.objects.get().pk, by=nominee
    )

    assert Message.objects.count() == 1


def test_an_expired_invitation_can_be_sent_again(organisation, nominee, guest, token, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=20))
    resend_organisation_invitation(
        organisation, OrganisationInvitation.objects.get().pk, by=nominee
    )

    accept_organisation_invitation(token_sent(), by=guest)

    assert Membership.objects.filter(user=guest).exists()


def test_one_form_sent_twice_writes_one_letter(organisation, nominee):
    for _time in range(3):
        invite_member(organisation, email=GUEST.upper(), role="editor", by=nominee)

    assert OrganisationInvitation.objects.count() == 1
    assert Message.objects.count() == 1


def test_another_role_for_a_waiting_address_is_refused(organisation, nominee, token):
    with pytest.raises(DomainError, match="invited already"):
        invite_member(organisation, email=GUEST, role="viewer", by=nominee)


def test_a_member_is_not_invited(organisation, nominee):
    with pytest.raises(DomainError, match="member already"):
        invite_member(organisation, email=nominee.email.upper(), role="viewer", by=nominee)


def test_so_many_invitations_wait_at_most(organisation, nominee):
    for number in range(MOST_WAITING):
        invite_member(organisation, email=f"g{number}@example.org", role="viewer", by=nominee)

    with pytest.raises(DomainError, match="30 invitations are waiting"):
        invite_member(organisation, email="more@example.org", role="viewer", by=nominee)


def test_inviting_and_taking_back_does_not_go_on_all_day(organisation, nominee):
    for number in range(MOST_A_DAY):
        made = invite_member(
            organisation, email=f"g{number}@example.org", role="viewer", by=nominee
        )
        revoke_organisation_invitation(organisation, made.pk, by=nominee)

    with pytest.raises(DomainError, match="60 invitations were sent today"):
        invite_member(organisation, email="more@example.org", role="viewer", by=nominee)


def test_an_editor_invites_nobody(organisation, nominee, other_nominee):
    Membership.objects.create(user=other_nominee, organisation=organisation, role="editor")

    with pytest.raises(PermissionDenied):
        invite_member(organisation, email=GUEST, role="viewer", by=other_nominee)

    assert not OrganisationInvitation.objects.exists()


def test_accepting_never_lowers_a_role(organisation, nominee, token):
    accept_organisation_invitation(token, by=nominee, other_address=True)

    assert Membership.objects.get(user=nominee).role == MemberRole.OWNER


def test_the_log_names_no_address(organisation, guest, token):
    accept_organisation_invitation(token, by=guest)

    events = Event.objects.filter(verb__startswith="member.").order_by("position")
    invitation = OrganisationInvitation.objects.get()
    assert [(event.verb, event.data) for event in events] == [
        ("member.invited", {"invitation": invitation.pk, "role": "editor"}),
        ("member.joined", {"invitation": invitation.pk, "role": "editor"}),
    ]


def test_the_language_of_the_letter_is_the_invited_persons(organisation, nominee):
    make_person("rita@example.org", "Rita", language="ru")
    invite_member(organisation, email="rita@example.org", role="viewer", by=nominee)
    invite_member(organisation, email="stranger@example.org", role="viewer", by=nominee)

    languages = Message.objects.order_by("pk").values_list("language", flat=True)
    assert list(languages) == ["ru", nominee.language]
