"""The page of the plan: the same forms for keyboard and mouse, in the season's zone."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Membership
from judging.models import DefenceSlot, JudgeAbsence
from judging.services import advance, plan_defence


@pytest.fixture
def day(defence_round):
    """The second day of the defence, as the season reads it."""
    zone = defence_round.season.zone
    return (defence_round.stage.opens_at + timedelta(days=1)).astimezone(zone).date()


@pytest.fixture
def finalist(defence_round, admitted_entry, organiser):
    advance(defence_round, [admitted_entry], by=organiser)
    return admitted_entry


@pytest.fixture
def address(defence_round):
    return reverse("judging:plan", args=[defence_round.pk])


def sent(entry, day, **fields):
    """What the form of an entry holds."""
    return {
        "act": "slot",
        "entry": entry.pk,
        "version": 0,
        "day": f"{day:%Y-%m-%d}",
        "starts": "10:30",
        "minutes": 25,
        "place": "Great hall",
        "video_link": "",
        **fields,
    }


def test_a_time_is_given_and_moved_by_the_form_and_what_is_refused_stays_typed(
    client_of, organiser, finalist, address, day
):
    client = client_of(organiser)
    zone = finalist.season.zone

    given = client.post(address, sent(finalist, day))
    early = client.post(address, sent(finalist, day - timedelta(days=9), version=1))
    stale = client.post(address, sent(finalist, day, version=7, starts="11:10"))
    moved = client.post(address, sent(finalist, day, version=1, starts="12:05"))

    assert (given.status_code, early.status_code, stale.status_code) == (302, 422, 422)
    assert given.url == f"{address}?day={day:%Y-%m-%d}#slot-{finalist.pk}"
    assertContains(early, "The defence must lie within its stage", status_code=422)
    assertContains(stale, "Somebody else changed this time meanwhile", status_code=422)
    assertContains(stale, 'value="11:10"', status_code=422)
    page = client.get(moved.url)
    assertContains(page, "12:05–12:30")
    assertContains(page, "All times: Moscow, UTC+3.")
    assert DefenceSlot.objects.get().starts_at == datetime(
        day.year, day.month, day.day, 12, 5, tzinfo=zone
    )


def test_a_defence_is_taken_off_the_plan_from_its_line(
    client_of, organiser, other_organiser, finalist, address, day
):
    client = client_of(organiser)
    given = client.post(address, sent(finalist, day))
    off = {"act": "off", "entry": finalist.pk, "version": 1, "day": f"{day:%Y-%m-%d}"}
    assertContains(client.get(given.url), "Take off the plan…")

    stale = client.post(address, off | {"version": 7})
    unknown = client_of(other_organiser).post(address, off)
    done = client.post(address, off, follow=True)

    assert (stale.status_code, unknown.status_code) == (422, 404)
    assertContains(stale, "Somebody else changed this time meanwhile", status_code=422)
    assertContains(done, f"Entry {finalist.number} is off the plan.")
    assertNotContains(done, "Take off the plan…")
    assert not DefenceSlot.objects.exists()


def test_times_for_all_and_absences_come_from_the_page_too(
    client_of, organiser, judge, finalist, more_entries, defence_round, address, day
):
    advance(defence_round, more_entries(2), by=organiser)
    client = client_of(organiser)
    words = {"day": f"{day:%Y-%m-%d}", "starts": "10:00", "until": "11:00"}

    given = client.post(
        address, {"act": "generate", **words, "minutes": 25, "pause": 5, "rooms": "A"}, follow=True
    )
    client.post(
        address, {"act": "away", "judge": judge.pk, "until_day": f"{day:%Y-%m-%d}", **words}
    )
    page = client.get(address, {"day": words["day"]})

    assertContains(given, "2 entries got a time.")
    assertContains(given, "For 1 entry no time was left on this day.")
    assertContains(page, "Yuri Judge is away")
    client.post(address, {"act": "back", "absence": JudgeAbsence.objects.get().pk})
    assertNotContains(client.get(address, {"day": words["day"]}), "Yuri Judge is away")


def test_a_closed_entry_is_a_block_without_a_name_or_a_form(
    client_of, organiser, second_organiser, finalist, organisation, defence_round, address, day
):
    Membership.objects.create(user=second_organiser, organisation=organisation)
    at = datetime(day.year, day.month, day.day, 10, tzinfo=finalist.season.zone)
    plan_defence(defence_round, finalist, by=organiser, starts_at=at, minutes=25)

    seen = client_of(organiser).get(address)
    closed = client_of(second_organiser).get(address)
    forged = client_of(second_organiser).post(address, sent(finalist, day, version=1))

    assertContains(seen, finalist.number)
    assertContains(closed, "another entry")
    assertNotContains(closed, finalist.number)
    assert forged.status_code == 404


@pytest.mark.parametrize("who", ["judge_user", "nominee", "other_organiser"])
def test_to_others_it_is_an_unknown_page(request, who, client_of, judge, finalist, address):
    assert client_of(request.getfixturevalue(who)).get(address).status_code == 404
