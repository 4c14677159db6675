"""Two connections at once, on PostgreSQL: one link lets one person in, and an owner always stays."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import MemberRole, Membership, Organisation
from accounts.services import (
    Gone,
    accept_organisation_invitation,
    change_member_role,
    invite_member,
    leave_organisation,
)
from accounts.services.exports import request_export
from accounts.tests.services.test_invitations import token_sent
from common.errors import DomainError
from nominations.tests.services.test_races import at_once
from outbox.models import Job, Message
from tests.factories import make_person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_people_with_one_link_at_once_are_one_member(organisation, nominee):
    invite_member(organisation, email="guest@example.org", role="editor", by=nominee)
    token = token_sent()
    people = [make_person(f"p{number}@example.org", f"P {number}") for number in range(2)]

    results = at_once(
        *(
            lambda user=user: accept_organisation_invitation(token, by=user, other_address=True)
            for user in people
        )
    )

    assert sum(isinstance(one, Gone) for one in results) == 1
    assert Membership.objects.filter(user__in=people).count() == 1
    assert Message.objects.filter(kind="invitation-accepted").count() == 1


def test_one_person_pressing_three_times_at_once_joins_once(organisation, nominee):
    invite_member(organisation, email="guest@example.org", role="editor", by=nominee)
    token = token_sent()
    guest = make_person("guest@example.org", "Greta Guest")

    results = at_once(*[lambda: accept_organisation_invitation(token, by=guest)] * 3)

    assert [type(one).__name__ for one in results] == ["OrganisationInvitation"] * 3
    assert Membership.objects.filter(user=guest).count() == 1
    assert Message.objects.filter(kind="invitation-accepted").count() == 1


def test_one_form_sent_three_times_at_once_writes_one_letter(organisation, nominee):
    at_once(
        *[
            lambda: invite_member(
                Organisation.objects.get(), email="guest@example.org", role="editor", by=nominee
            )
        ]
        * 3
    )

    assert Message.objects.filter(kind="organisation-invitation").count() == 1


def test_two_owners_who_leave_at_once_leave_one(organisation, nominee, other_nominee):
    Membership.objects.create(user=other_nominee, organisation=organisation, role="owner")

    results = at_once(
        lambda: leave_organisation(Organisation.objects.get(), by=nominee),
        lambda: leave_organisation(Organisation.objects.get(), by=other_nominee),
    )

    assert sum(isinstance(one, DomainError) for one in results) == 1
    assert organisation.memberships.get().role == MemberRole.OWNER


def test_two_owners_who_demote_each_other_at_once_leave_one(organisation, nominee, other_nominee):
    Membership.objects.create(user=other_nominee, organisation=organisation, role="owner")

    def demote(whom, by):
        try:
            change_member_role(Organisation.objects.get(), whom, "viewer", by=by)
        except PermissionDenied:
            return  # the other one was first

    at_once(lambda: demote(nominee, other_nominee), lambda: demote(other_nominee, nominee))

    assert organisation.memberships.filter(role=MemberRole.OWNER).count() == 1


def test_asking_for_the_archive_three_times_at_once_makes_one_job(nominee):
    at_once(*[lambda: request_export(nominee)] * 3)

    assert Job.objects.filter(kind="personal-export").count() == 1
