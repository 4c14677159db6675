"""The back office of vetting: the team, the check list, and the ways to the pages of vetting."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains

from audit.models import Event
from nominations.models import CheckItem, EntryStatus, Vetter
from nominations.services import add_vetter, return_entry
from outbox.models import Message
from tests.factories import make_person

TEAM = "/admin/nominations/vetter/"


@pytest.fixture
def person(db):
    return make_person("vetter@example.org", "Vera Vetter")


@pytest.fixture
def office(organiser, client_of):
    return client_of(organiser)


def test_an_organiser_adds_somebody_to_the_team_of_an_own_season(office, season, person):
    answer = office.post(f"{TEAM}add/", {"season": season.pk, "user": person.pk})

    assert answer.status_code == 302
    assert [(one.season, one.user) for one in Vetter.objects.all()] == [(season, person)]
    assert Event.objects.get(verb="vetter.added").data == {"user": person.pk}
    assert Message.objects.get(kind="vetter-added").email == "vetter@example.org"


def test_not_to_the_team_of_somebody_elses_season(office, season, other_season, person):
    answer = office.post(f"{TEAM}add/", {"season": other_season.pk, "user": person.pk})

    assertContains(answer, "Select a valid choice")
    assert Vetter.objects.count() == 0


def test_nobody_is_added_twice(office, season, person, organiser):
    add_vetter(season, person, by=organiser)

    answer = office.post(f"{TEAM}add/", {"season": season.pk, "user": person.pk})

    assert "This person is in the vetting team already." in answer.content.decode()


def test_removing_asks_first_and_is_logged(office, season, person, organiser):
    vetter = add_vetter(season, person, by=organiser)
    form = {"action": "remove_from_team", "_selected_action": vetter.pk}

    asked = office.post(TEAM, form)
    assert "what they found stays" in asked.content.decode()
    assert Vetter.objects.count() == 1
    office.post(TEAM, {**form, "confirmed": "1"})

    assert Vetter.objects.count() == 0
    assert Event.objects.filter(verb="vetter.removed").count() == 1


def test_another_programmes_organiser_removes_nobody(
    season, person, organiser, other_organiser, client_of
):
    vetter = add_vetter(season, person, by=organiser)
    form = {"action": "remove_from_team", "_selected_action": vetter.pk, "confirmed": "1"}

    client_of(other_organiser).post(TEAM, form)

    assert Vetter.objects.count() == 1


def test_the_side_menu_leads_to_the_queue_with_what_waits(office, submitted_entry):
    page = office.get("/admin/").content.decode()

    assert "/s/cx-2022/vetting/" in page
    assert "1 entry to check and admit" in page


@pytest.mark.parametrize(
    ("status", "pages"),
    [
        (EntryStatus.DRAFT, ["", "reopen/"]),
        (EntryStatus.SUBMITTED, ["", "return/", "reopen/"]),
        (EntryStatus.DISQUALIFIED, [""]),
    ],
)
def test_the_page_of_an_entry_leads_to_what_can_be_done(office, submitted_entry, status, pages):
    type(submitted_entry).objects.update(status=status)

    page = office.get(f"/admin/nominations/entry/{submitted_entry.pk}/change/").content.decode()

    there = [
        one
        for one in ["", "return/", "reopen/"]
        if f'"/vetting/{submitted_entry.pk}/{one}"' in page
    ]
    assert there == pages


def test_a_returned_entry_is_admitted_from_the_list_with_a_reason(
    office, submitted_entry, organiser, nomination
):
    CheckItem.objects.create(
        nomination=nomination, position=1, slug="nps", aspect="figures", text={"en": "NPS is right"}
    )
    until = timezone.now() + timedelta(days=3)
    return_entry(submitted_entry, by=organiser, comments="Add it.", until=until)
    path = f"/admin/nominations/entry/vet/admit/?ids={submitted_entry.pk}"
    assert "Reason, where not everything is in order" in office.get(path).content.decode()

    office.post(path)
    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.RETURNED
    office.post(path, {"reason": "The proof came by post."})

    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.ADMITTED


def test_the_check_list_stands_on_the_page_of_the_nomination(office, nomination):
    page = office.get(f"/admin/nominations/nomination/{nomination.pk}/change/").content.decode()

    assert "check_items-TOTAL_FORMS" in page
