"""Calendar files of a nominee's deadlines."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override
from icalendar import Calendar

from nominations.calendars import calendar_of
from nominations.models import Entry, EntryStatus, Reopening
from seasons.models import Extension, StageKind

pytestmark = pytest.mark.django_db


def events_of(user, *entries):
    fresh = [Entry.objects.get(pk=entry.pk) for entry in entries]
    calendar = Calendar.from_ical(calendar_of(user, fresh, "My deadlines"))
    return {str(event["uid"]).split("@")[0]: event for event in calendar.walk("VEVENT")}


def deadline_of(user, entry):
    return events_of(user, entry)[f"entry-{entry.pk}-deadline"]


def test_the_deadline_of_an_entry_ends_when_entries_close_in_utc(draft, nominee, season):
    event = deadline_of(nominee, draft)

    closes = season.stages.get(kind=StageKind.ENTRY).closes_at.replace(microsecond=0)
    assert event["dtend"].dt == closes
    assert event["dtend"].to_ical() == f"{closes:%Y%m%dT%H%M%SZ}".encode()
    assert event["dtstart"].dt == closes - timedelta(hours=1)
    assert draft.number in str(event["summary"])
    assert "Moscow, UTC+3" in str(event["description"])


def test_a_deadline_rings_a_day_and_two_hours_before_its_end(draft, nominee):
    alarms = deadline_of(nominee, draft).walk("VALARM")

    assert [(alarm["trigger"].dt, alarm["trigger"].params["RELATED"]) for alarm in alarms] == [
        (timedelta(days=-1), "END"),
        (timedelta(hours=-2), "END"),
    ]


def test_an_extension_and_a_reopening_move_the_deadline(draft, nominee, organiser, season):
    stage = season.stages.get(kind=StageKind.ENTRY)
    closes = stage.closes_at.replace(microsecond=0)
    later = closes + timedelta(days=2)
    Extension.objects.create(
        stage=stage, organisation=draft.organisation, until=later, granted_by=organiser
    )
    assert deadline_of(nominee, draft)["dtend"].dt == later

    latest = closes + timedelta(days=5)
    Reopening.objects.create(entry=draft, until=latest, reason="Proof", granted_by=organiser)
    assert deadline_of(nominee, draft)["dtend"].dt == latest


def test_the_same_entries_give_the_same_events_whenever_they_are_asked(draft, nominee):
    assert events_of(nominee, draft).keys() == events_of(nominee, draft).keys()


def test_stages_that_concern_nominees_stand_once_for_all_entries_of_a_season(
    draft, submitted_entry, nominee, season
):
    found = events_of(nominee, draft, submitted_entry)

    concerned = season.stages.filter(kind__in=["finalists", "ceremony", "feedback"])
    assert found.keys() == {
        f"entry-{draft.pk}-deadline",
        f"entry-{submitted_entry.pk}-deadline",
        *(f"stage-{stage.pk}" for stage in concerned),
    }


def test_an_entry_that_is_out_has_no_deadline(draft, nominee):
    Entry.objects.filter(pk=draft.pk).update(status=EntryStatus.WITHDRAWN)

    assert events_of(nominee, draft) == {}


def test_the_texts_are_in_the_readers_language(draft, nominee):
    with override("ru"):
        event = deadline_of(nominee, draft)

    assert event["summary"].params["LANGUAGE"] == "ru"
    assert "Москва" in str(event["description"])


def test_a_slot_before_the_jury_is_in_the_calendar_once_the_entry_advanced(
    admitted_entry, defence_round, nominee
):
    start = datetime(2030, 5, 6, 9, 30, tzinfo=UTC)
    slot = defence_round.slots.create(
        entry=admitted_entry, starts_at=start, minutes=20, place="Room 5"
    )
    assert f"defence-{slot.pk}" not in events_of(nominee, admitted_entry)

    defence_round.advancements.create(entry=admitted_entry)
    event = events_of(nominee, admitted_entry)[f"defence-{slot.pk}"]

    assert (event["dtstart"].dt, event["dtend"].dt) == (start, start + timedelta(minutes=20))
    assert str(event["location"]) == "Room 5"
