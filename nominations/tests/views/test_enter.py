"""Entering: picks, what is asked beside them, and what is said when it is too late."""

from accounts.models import Organisation
from nominations.models import Entry
from tests.factories import make_person

URL = "/s/cx-2022/enter/"


def test_visitors_sign_in_first(client_of, nomination):
    response = client_of(None).get(URL)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_a_newcomer_is_led_to_add_an_organisation_and_back(client_of, nomination):
    newcomer = make_person("new@example.org", "New Comer")

    page = client_of(newcomer).get(f"{URL}?nomination=1").content.decode()

    assert "/organisations/new/?next=%2Fs%2Fcx-2022%2Fenter%2F%3Fnomination%3D1" in page


def test_each_ticked_nomination_gets_an_entry(
    client_of, nominee, organisation, nomination, person_nomination, joint_nomination
):
    response = client_of(nominee).post(
        URL,
        {
            "organisation": organisation.pk,
            "nominations": ["1", "6", "23"],
            "kind-6": "joint",
            "name-23": "Anna Karpova",
        },
    )

    assert response["Location"] == "/desk/"
    assert list(Entry.objects.values_list("nomination__number", "kind", "nominee_name")) == [
        (1, "organisation", ""),
        (6, "joint", ""),
        (23, "person", "Anna Karpova"),
    ]


def test_one_entry_opens_at_once(client_of, nominee, organisation, nomination):
    response = client_of(nominee).post(URL, {"organisation": organisation.pk, "nominations": ["1"]})

    assert response["Location"] == f"/entries/{Entry.objects.get().pk}/"


def test_what_is_missing_is_said_and_what_was_typed_stays(
    client_of, nominee, organisation, person_nomination, joint_nomination
):
    response = client_of(nominee).post(
        URL,
        {
            "organisation": organisation.pk,
            "nominations": ["6", "23"],
            "name-23": "",
            "name-6": "kept",
        },
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Say who enters." in page
    assert "Name the person who is nominated." in page
    assert 'value="23" id="pick-23" checked' in page
    assert Entry.objects.count() == 0


def test_an_organisation_of_somebody_else_cannot_be_chosen(
    client_of, nominee, organisation, other_organisation, nomination
):
    response = client_of(nominee).post(
        URL, {"organisation": other_organisation.pk, "nominations": ["1"]}
    )

    page = response.content.decode()
    assert "Choose the organisation that enters." in page
    assert other_organisation.name not in page
    assert Entry.objects.count() == 0


def test_nothing_ticked_is_said(client_of, nominee, organisation, nomination):
    page = client_of(nominee).post(URL, {"organisation": organisation.pk}).content.decode()

    assert "Tick one nomination or more." in page


def test_after_the_deadline_the_page_says_so_and_starts_nothing(
    client_of, nominee, organisation, nomination, judging_open
):
    judging_open()
    client = client_of(nominee)

    read = client.get(URL).content.decode()
    sent = client.post(URL, {"organisation": organisation.pk, "nominations": ["1"]})

    assert "Entries are closed" in read
    assert "Entries closed on" in sent.content.decode()
    assert "on our server" in sent.content.decode()
    assert Entry.objects.count() == 0


def test_hints_and_terms_stand_beside_the_nomination(
    client_of, nominee, organisation, joint_nomination
):
    page = client_of(nominee).get(URL).content.decode()

    assert "A vendor or integrator enters only together with a client" in page
    assert Organisation.objects.count() == 1
