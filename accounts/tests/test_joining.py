"""The link of an invitation in a browser: what it is for, the way through sign-up, and dead links."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import Membership, OrganisationInvitation, User
from accounts.services import invite_member, revoke_organisation_invitation
from accounts.tests.services.test_invitations import GUEST, token_sent
from outbox.services import deliver_due
from tests.factories import PASSWORD, make_person
from tests.pages import told


@pytest.fixture
def link(organisation, nominee):
    invite_member(organisation, email=GUEST, role="editor", by=nominee)
    return reverse("accounts:invitation", args=[token_sent()])


def test_a_visitor_sees_what_the_invitation_is_for(client_of, link):
    page = client_of(None).get(link)

    assert page.status_code == 200
    for word in ("Act for Camomile Ltd", "Nina Nominee", "Editor: enters awards", "Create an acc"):
        assert word in page.text
    assert page["Cache-Control"] == "private, no-store"


def test_the_link_leads_a_stranger_through_sign_up_and_back(client_of, link):
    client = client_of(None)
    signup = re.search(r'href="(/accounts/signup/[^"]+)"', client.get(link).text)
    address = signup.group(1).replace("&amp;", "&")
    form = client.get(address)
    assert form.context["form"]["email"].value() == GUEST
    client.post(
        reverse("account_signup"),
        {
            "email": GUEST,
            "full_name": "Greta Guest",
            "password1": "a long and odd phrase",
            "next": link,
        },
    )
    token_of_mail = re.search(r"/accounts/confirm-email/\S+", last_mail().body)

    answer = client.post(token_of_mail.group())

    assert answer.url == link
    client.post(link)
    assert Membership.objects.get(user__email=GUEST).role == "editor"


def last_mail():
    deliver_due()
    return mail.outbox[-1]


def test_signing_in_leads_back_to_the_invitation(client_of, link):
    make_person(GUEST, "Greta Guest")
    client = client_of(None)

    answer = client.post(link)
    assert answer.url == f"{reverse('account_login')}?next={link.replace('/', '%2F')}"
    back = client.post(
        reverse("account_login"), {"login": GUEST, "password": PASSWORD, "next": link}
    )

    assert back.url == link


def test_another_address_is_asked_about_with_both_addresses(client_of, link, other_nominee):
    client = client_of(other_nominee)

    asked = client.post(link)
    assert asked.status_code == 422
    assert GUEST in asked.text
    assert other_nominee.email in asked.text
    assert not Membership.objects.filter(user=other_nominee).exists()
    done = client.post(link, {"as": other_nominee.email})

    assert done.status_code == 302
    assert Membership.objects.filter(user=other_nominee).exists()


def test_dead_links_all_look_alike(client_of, link, organisation, nominee, other_nominee):
    invitation = OrganisationInvitation.objects.get()
    revoke_organisation_invitation(organisation, invitation.pk, by=nominee)
    client = client_of(other_nominee)

    dead, unknown = told(client, link), told(client, "/invitations/never-was/")

    assert dead == unknown
    assert client.post(link).status_code == 404
    assert "Ask the person who invited you to send it again." in str(dead)


def test_the_link_leads_the_one_who_accepted_on(client_of, link, organisation):
    guest = make_person(GUEST, "Greta Guest")
    client = client_of(guest)
    client.post(link)

    assert [client.get(link).url, client.post(link).url] == [organisation.get_absolute_url()] * 2
    assert User.objects.get(email=GUEST).organisations.count() == 1


def test_an_owner_invites_changes_and_removes_on_the_page(client_of, organisation, nominee):
    colleague = make_person(GUEST, "Greta Guest")
    Membership.objects.create(user=colleague, organisation=organisation, role="viewer")
    client, here = client_of(nominee), organisation.get_absolute_url()

    client.post(f"{here}invite/", {"email": "new@example.org", "role": "viewer"})
    client.post(f"{here}people/{colleague.pk}/", {"role": "editor"})
    page = client.get(here)

    assert "new@example.org" in page.text
    assert Membership.objects.get(user=colleague).role == "editor"
    client.post(f"{here}people/{colleague.pk}/remove/")
    assert not Membership.objects.filter(user=colleague).exists()


def test_a_wrong_address_is_refused_and_stays_in_the_form(client_of, organisation, nominee):
    page = client_of(nominee).post(
        f"{organisation.get_absolute_url()}invite/", {"email": "not an address", "role": "viewer"}
    )

    assert page.status_code == 422
    assert 'value="not an address"' in page.text


def test_a_member_who_is_no_owner_sees_no_invitations(client_of, organisation, nominee, link):
    viewer = make_person("viewer@example.org", "Vera Viewer")
    Membership.objects.create(user=viewer, organisation=organisation, role="viewer")

    assert GUEST in client_of(nominee).get(organisation.get_absolute_url()).text
    assert GUEST not in client_of(viewer).get(organisation.get_absolute_url()).text


def test_leaving_leads_to_the_desk(client_of, organisation, nominee):
    viewer = make_person("viewer@example.org", "Vera Viewer")
    Membership.objects.create(user=viewer, organisation=organisation, role="viewer")

    answer = client_of(viewer).post(f"{organisation.get_absolute_url()}leave/")

    assert answer.url == reverse("accounts:desk")
    assert not Membership.objects.filter(user=viewer).exists()


def test_thirty_members_and_invitations_take_as_many_queries_as_three(
    client_of, organisation, nominee
):
    def grow(count):
        for _one in range(count):
            number = Membership.objects.count()
            person = make_person(f"m{number}@example.org", f"Member {number}")
            Membership.objects.create(user=person, organisation=organisation, role="viewer")
            if number <= 25:
                invite_member(
                    organisation, email=f"i{number}@example.org", role="viewer", by=nominee
                )

    client, counts = client_of(nominee), []
    client.get(organisation.get_absolute_url())
    for count in (3, 27):
        grow(count)
        with CaptureQueriesContext(connection) as found:
            page = client.get(organisation.get_absolute_url())
        assertContains(page, "i2@example.org")
        counts.append(len(found))

    assert counts[0] == counts[1]
    assert counts[0] < 25
