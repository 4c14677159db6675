"""Members of an organisation: roles, leaving, handing over; there is always an owner."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from accounts.models import MemberRole, Membership
from accounts.services import (
    change_member_role,
    leave_organisation,
    remove_member,
    transfer_ownership,
)
from audit.models import Event
from common.errors import DomainError
from outbox.services import deliver_due


@pytest.fixture
def colleague(organisation, other_nominee):
    Membership.objects.create(user=other_nominee, organisation=organisation, role="editor")
    return other_nominee


def roles(organisation):
    return dict(organisation.memberships.values_list("user__full_name", "role"))


def test_an_owner_changes_a_role(organisation, nominee, colleague):
    change_member_role(organisation, colleague, "viewer", by=nominee)

    assert roles(organisation) == {"Nina Nominee": "owner", "Oleg Other": "viewer"}
    assert Event.objects.get(verb="member.role-changed").data == {
        "user": colleague.pk,
        "from": "editor",
        "to": "viewer",
    }


def test_the_last_owner_is_not_demoted(organisation, nominee, colleague):
    with pytest.raises(DomainError, match="needs an owner"):
        change_member_role(organisation, nominee, "editor", by=nominee)

    assert roles(organisation)["Nina Nominee"] == MemberRole.OWNER


def test_the_last_owner_does_not_leave(organisation, nominee, colleague):
    with pytest.raises(DomainError, match="needs an owner"):
        leave_organisation(organisation, by=nominee)

    assert "Nina Nominee" in roles(organisation)


def test_an_owner_whose_account_is_closed_does_not_count(organisation, nominee, colleague):
    organisation.memberships.filter(user=colleague).update(role="owner")
    type(colleague).objects.filter(pk=colleague.pk).update(is_active=False)

    with pytest.raises(DomainError, match="needs an owner"):
        leave_organisation(organisation, by=nominee)


def test_one_of_two_owners_leaves(organisation, nominee, colleague):
    organisation.memberships.filter(user=colleague).update(role="owner")

    leave_organisation(organisation, by=nominee)

    assert roles(organisation) == {"Oleg Other": "owner"}


def test_an_owner_removes_a_member_once(organisation, nominee, colleague):
    remove_member(organisation, colleague, by=nominee)
    remove_member(organisation, colleague, by=nominee)

    assert roles(organisation) == {"Nina Nominee": "owner"}
    assert Event.objects.filter(verb="member.removed").count() == 1


def test_an_editor_manages_nobody(organisation, nominee, colleague):
    with pytest.raises(PermissionDenied):
        remove_member(organisation, nominee, by=colleague)
    with pytest.raises(PermissionDenied):
        change_member_role(organisation, colleague, "owner", by=colleague)
    with pytest.raises(PermissionDenied):
        transfer_ownership(organisation, colleague, by=colleague)

    assert roles(organisation) == {"Nina Nominee": "owner", "Oleg Other": "editor"}


def test_ownership_is_handed_over_and_both_are_told(organisation, nominee, colleague):
    transfer_ownership(organisation, colleague, by=nominee)
    deliver_due()

    assert roles(organisation) == {"Nina Nominee": "editor", "Oleg Other": "owner"}
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "nominee@example.org",
        "other-nominee@example.org",
    ]
    assert {letter.subject for letter in mail.outbox} == {"Camomile Ltd has a new owner"}


def test_handing_over_twice_is_handing_over_once(organisation, nominee, colleague):
    transfer_ownership(organisation, colleague, by=nominee)
    transfer_ownership(organisation, colleague, by=nominee)

    assert Event.objects.filter(verb="organisation.handed-over").count() == 1
    assert roles(organisation) == {"Nina Nominee": "editor", "Oleg Other": "owner"}


def test_a_stranger_is_not_made_the_owner(organisation, nominee, judge_user):
    with pytest.raises(DomainError, match="not a member"):
        transfer_ownership(organisation, judge_user, by=nominee)

    assert roles(organisation) == {"Nina Nominee": "owner"}
