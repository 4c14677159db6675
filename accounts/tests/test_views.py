"""The desk, the profile, organisations: mine to see, nobody else's."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import MemberRole, Membership, Organisation, User
from outbox.services import deliver_due


def test_a_visitor_is_asked_to_sign_in(client_of):
    response = client_of(None).get(reverse("accounts:desk"))

    assert response.url == f"{reverse('account_login')}?next={reverse('accounts:desk')}"


def test_an_organisation_is_added_and_owned(client_of, nominee):
    client_of(nominee).post(reverse("accounts:organisation_add"), {"name": "Aster  Ltd"})

    organisation = Organisation.objects.get()
    assert organisation.name == "Aster Ltd"
    assert organisation.memberships.get().role == MemberRole.OWNER


def test_adding_an_organisation_leads_back_to_where_it_was_needed(client_of, nominee, season):
    response = client_of(nominee).post(
        reverse("accounts:organisation_add"), {"name": "Aster", "next": "/s/cx-2022/enter/"}
    )

    assert response.url == "/s/cx-2022/enter/"


def test_adding_an_organisation_never_leads_to_another_site(client_of, nominee):
    response = client_of(nominee).post(
        reverse("accounts:organisation_add"), {"name": "Aster", "next": "https://evil.example/"}
    )

    assert response.url == Organisation.objects.get().get_absolute_url()


def test_the_same_name_twice_is_refused_and_kept_in_the_form(client_of, organisation, nominee):
    response = client_of(nominee).post(
        reverse("accounts:organisation_add"), {"name": "camomile ltd", "city": "Omsk"}
    )

    assert response.context["form"].errors == {
        "name": ["You have an organisation with this name already."]
    }
    assert 'value="Omsk"' in response.text


def test_another_persons_organisation_looks_unknown(client_of, organisation, other_nominee):
    assert client_of(other_nominee).get(organisation.get_absolute_url()).status_code == 404


def test_a_viewer_reads_but_does_not_change(client_of, organisation, other_nominee):
    Membership.objects.create(user=other_nominee, organisation=organisation, role=MemberRole.VIEWER)
    client = client_of(other_nominee)

    answers = [
        client.get(organisation.get_absolute_url()).status_code,
        client.post(organisation.get_absolute_url(), {"name": "Mine now"}).status_code,
    ]

    organisation.refresh_from_db()
    assert (answers, organisation.name) == ([200, 403], "Camomile Ltd")


def test_an_editor_changes_an_organisation(client_of, organisation, nominee):
    client_of(nominee).post(
        organisation.get_absolute_url(), {"name": "Camomile", "website": "camomile.example"}
    )

    organisation.refresh_from_db()
    assert (organisation.name, organisation.website) == ("Camomile", "https://camomile.example")


def test_the_profile_keeps_name_language_and_zone(client_of, nominee):
    client_of(nominee).post(
        reverse("accounts:profile"),
        {"full_name": "Nina N.", "language": "ru", "time_zone": "Asia/Shanghai"},
    )

    nominee.refresh_from_db()
    assert (nominee.full_name, nominee.language, nominee.time_zone) == (
        "Nina N.",
        "ru",
        "Asia/Shanghai",
    )


@pytest.mark.django_db
def test_a_newcomer_registers_confirms_the_address_and_is_in(client_of):
    client = client_of(None)
    client.post(
        reverse("account_signup"),
        {
            "email": "new@example.org",
            "full_name": "Nora New",
            "password1": "a long and odd phrase",
            "time_zone": "Asia/Omsk",
        },
    )
    deliver_due()
    link = re.search(r"https?://\S+/accounts/confirm-email/\S+", mail.outbox[0].body)
    assert link is not None

    path = "/" + link.group().split("/", 3)[3]
    client.post(path)

    person = User.objects.get(email="new@example.org")
    assert (person.full_name, person.time_zone) == ("Nora New", "Asia/Omsk")
    assertContains(client.get(reverse("accounts:desk")), "Nora New")


def test_registering_a_known_address_tells_the_visitor_nothing(client_of, nominee):
    form = {"full_name": "X", "password1": "a long and odd phrase"}
    known = client_of(None).post(reverse("account_signup"), {**form, "email": nominee.email})
    unknown = client_of(None).post(reverse("account_signup"), {**form, "email": "new@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_the_desk_takes_as_many_queries_for_thirty_organisations_as_for_three(client_of, nominee):
    def add(count):
        for number in range(count):
            organisation = Organisation.objects.create(name=f"Org {number}")
            Membership.objects.create(user=nominee, organisation=organisation)

    client = client_of(nominee)
    counts = []
    for count in (3, 27):
        add(count)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("accounts:desk"))
        counts.append(len(found))

    assert counts[0] == counts[1]
    assert counts[0] <= 20
