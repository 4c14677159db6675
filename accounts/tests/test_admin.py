"""People and organisations in the back office: names to pick from, and no more than that."""

import pytest

from audit.models import Event

PEOPLE = "/admin/accounts/user/"


def form_of(organisation, **changed):
    fields = ("name", "legal_name", "website", "industry", "country", "city", "about")
    data = {name: getattr(organisation, name) for name in fields}
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    return {**data, **inline, **changed}


def change(organisation):
    return f"/admin/accounts/organisation/{organisation.pk}/change/"


def test_an_organiser_corrects_an_organisation_of_the_own_season_and_the_log_knows(
    client_of, organiser, organisation, submitted_entry
):
    client_of(organiser).post(change(organisation), form_of(organisation, name="Camomile LLC"))

    organisation.refresh_from_db()
    event = Event.objects.get(verb="organisation.changed")
    assert organisation.name == "Camomile LLC"
    assert event.data == {"name": ["Camomile Ltd", "Camomile LLC"]}


@pytest.mark.usefixtures("submitted_entry")
def test_another_programmes_organiser_changes_no_organisation_here(
    client_of, other_organiser, organisation
):
    answer = client_of(other_organiser).post(
        change(organisation), form_of(organisation, name="Stolen")
    )

    organisation.refresh_from_db()
    assert (answer.status_code, organisation.name) == (403, "Camomile Ltd")


def test_an_organiser_finds_people_by_name_and_reads_no_addresses(
    client_of, organiser, superuser, judge_user
):
    shown = client_of(organiser).get(PEOPLE, {"q": "Yuri"}).content.decode()
    all_of_it = client_of(superuser).get(PEOPLE, {"q": "Yuri"}).content.decode()
    page = client_of(organiser).get(f"{PEOPLE}{judge_user.pk}/change/").content.decode()

    assert ("Yuri Judge" in shown, judge_user.email in shown) == (True, False)
    assert judge_user.email in all_of_it
    assert ("Yuri Judge" in page, judge_user.email in page) == (True, False)


def test_a_whole_address_finds_its_person_and_a_part_of_one_nobody(
    client_of, organiser, judge_user
):
    client = client_of(organiser)

    assert "Yuri Judge" in client.get(PEOPLE, {"q": judge_user.email}).content.decode()
    assert "Yuri Judge" not in client.get(PEOPLE, {"q": "judge@exam"}).content.decode()


@pytest.mark.parametrize("question", ["is_superuser__exact=1", "email__startswith=super"])
def test_an_address_asks_nothing_that_the_page_does_not(client_of, organiser, superuser, question):
    assert client_of(organiser).get(f"{PEOPLE}?{question}").status_code == 400


def test_a_change_of_rights_is_logged(client_of, superuser, nominee):
    data = {
        "email": nominee.email,
        "full_name": nominee.full_name,
        "language": nominee.language,
        "time_zone": nominee.time_zone,
        "is_active": "on",
        "is_staff": "on",
    }
    client_of(superuser).post(f"{PEOPLE}{nominee.pk}/change/", data)

    event = Event.objects.get(verb="person.rights-changed")
    assert (event.about, event.data) == (f"accounts.user:{nominee.pk}", {"is_staff": True})
