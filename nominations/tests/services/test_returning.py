"""Returning and reopening: who may, what is told, and the personal deadline to the second."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from common.errors import DomainError
from nominations.clock import entry_window
from nominations.models import Answer, Entry, EntryStatus, Reopening
from nominations.services import (
    Closed,
    admit_entry,
    disqualify_entry,
    end_reopening,
    reopen_entry,
    restore_entry,
    return_entry,
    save_answer,
    submit_entry,
    withdraw_entry,
)
from outbox.models import Message
from outbox.tasks import compose
from seasons.models import Stage, StageKind

MOSCOW, BEIJING = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Shanghai")


@pytest.fixture
def closed(season, noon):
    """Entries closed an hour ago; it is noon."""
    Stage.objects.filter(season=season, kind=StageKind.ENTRY).update(
        opens_at=noon - timedelta(days=20), closes_at=noon - timedelta(hours=1)
    )
    with time_machine.travel(noon, tick=False) as clock:
        yield clock


def fresh(entry):
    return Entry.objects.get(pk=entry.pk)


def change(entry, by, text="Other words now"):
    prompt = entry.nomination.prompts.first()
    version = Answer.objects.get(entry=entry, prompt=prompt).version
    return save_answer(entry, prompt, text, by=by, base_version=version)


def test_a_returned_entry_is_told_with_comments_and_both_zones(
    submitted_entry, organiser, nominee, closed, noon
):
    nominee.time_zone = "Asia/Shanghai"
    nominee.save()

    return_entry(
        submitted_entry, by=organiser, comments="Add the period.", until=noon + timedelta(days=3)
    )

    entry = fresh(submitted_entry)
    assert (entry.status, entry.status_reason) == (EntryStatus.RETURNED, "Add the period.")
    mail = Message.objects.get(kind="entry-returned")
    compose(mail)
    assert mail.email == nominee.email
    for part in (
        "Add the period.",
        "13 January 2022, 15:00 (Moscow, UTC+3)",
        "13 January 2022, 20:00 (Beijing, UTC+8)",
    ):
        assert part in mail.body


def test_where_entries_are_open_for_longer_that_deadline_is_told(
    submitted_entry, organiser, season
):
    closes = Stage.objects.get(season=season, kind=StageKind.ENTRY).closes_at
    return_entry(
        submitted_entry,
        by=organiser,
        comments="Add the period.",
        until=timezone.now() + timedelta(days=1),
    )

    deadline = Message.objects.get(kind="entry-returned").context["deadline"]

    assert f"{closes.astimezone(MOSCOW):%H:%M} (Moscow, UTC+3)" in deadline
    entry = fresh(submitted_entry)
    assert entry_window(entry.season, entry.organisation, entry=entry).closes_at == closes


@pytest.mark.parametrize(
    ("comments", "hours", "field"), [(" ", 24, "comments"), ("Add it.", 0, "until")]
)
def test_a_return_needs_comments_and_a_moment_to_come(
    submitted_entry, organiser, closed, noon, comments, hours, field
):
    with pytest.raises(DomainError) as refusal:
        return_entry(
            submitted_entry, by=organiser, comments=comments, until=noon + timedelta(hours=hours)
        )

    assert refusal.value.field == field
    assert fresh(submitted_entry).status == EntryStatus.SUBMITTED
    assert Reopening.objects.count() == 0


@pytest.mark.parametrize("zone", [MOSCOW, BEIJING], ids=str)
def test_the_personal_deadline_holds_to_the_second(
    submitted_entry, organiser, nominee, season, zone, closed
):
    season.time_zone = zone.key
    season.save()
    until = datetime(2022, 1, 14, 0, 0, tzinfo=zone)
    return_entry(submitted_entry, by=organiser, comments="Add it.", until=until)

    closed.move_to(until - timedelta(seconds=1))
    change(submitted_entry, nominee)
    for moment in (until, until + timedelta(seconds=1)):
        closed.move_to(moment)
        with pytest.raises(Closed) as refusal:
            submit_entry(submitted_entry, by=nominee, key=uuid4())
        assert refusal.value.deadline == until
        assert "13 January 2022, 24:00" in str(refusal.value)
    closed.move_to(until - timedelta(seconds=1))
    revision = submit_entry(submitted_entry, by=nominee, key=uuid4())

    assert revision.number == 2
    assert fresh(submitted_entry).status == EntryStatus.SUBMITTED


def test_a_returned_entry_may_be_submitted_as_it_is(
    submitted_entry, organiser, nominee, closed, noon
):
    return_entry(
        submitted_entry, by=organiser, comments="Is it so?", until=noon + timedelta(days=1)
    )
    key = uuid4()

    first = submit_entry(submitted_entry, by=nominee, key=key)
    again = submit_entry(submitted_entry, by=nominee, key=key)
    twice = submit_entry(submitted_entry, by=nominee, key=uuid4())

    assert (first.number, again, twice) == (2, first, first)
    assert fresh(submitted_entry).status == EntryStatus.SUBMITTED


def test_one_that_never_came_back_stays_returned_and_its_revision_can_be_admitted(
    submitted_entry, organiser, closed, noon
):
    return_entry(submitted_entry, by=organiser, comments="Add it.", until=noon + timedelta(hours=1))
    closed.move_to(noon + timedelta(hours=2))
    assert fresh(submitted_entry).status == EntryStatus.RETURNED

    admit_entry(submitted_entry, by=organiser)

    assert fresh(submitted_entry).status == EntryStatus.ADMITTED


def test_a_reopened_entry_keeps_its_place_until_it_is_submitted_again(
    admitted_entry, organiser, nominee, closed, noon
):
    reopen_entry(admitted_entry, by=organiser, reason="A typo.", until=noon + timedelta(days=1))

    change(admitted_entry, nominee)
    assert fresh(admitted_entry).status == EntryStatus.ADMITTED
    submit_entry(admitted_entry, by=nominee, key=uuid4())

    assert fresh(admitted_entry).status == EntryStatus.SUBMITTED
    assert fresh(admitted_entry).latest_revision().number == 2


def test_a_reopened_draft_that_missed_the_deadline_is_submitted(
    draft, organiser, nominee, closed, noon
):
    with pytest.raises(Closed):
        submit_entry(draft, by=nominee, key=uuid4())
    reopen_entry(draft, by=organiser, reason="You were ill.", until=noon + timedelta(days=1))

    assert submit_entry(draft, by=nominee, key=uuid4()).number == 1


def test_a_withdrawn_entry_is_restored_within_a_reopening(
    submitted_entry, organiser, nominee, closed, noon
):
    withdraw_entry(submitted_entry, by=nominee)
    with pytest.raises(Closed):
        restore_entry(submitted_entry, by=nominee)
    reopen_entry(submitted_entry, by=organiser, reason="Ask.", until=noon + timedelta(days=1))

    restore_entry(submitted_entry, by=nominee)
    submit_entry(submitted_entry, by=nominee, key=uuid4())

    assert fresh(submitted_entry).status == EntryStatus.SUBMITTED


def test_a_reopening_that_is_taken_back_closes_at_once(draft, organiser, nominee, closed, noon):
    leave = reopen_entry(draft, by=organiser, reason="Ask.", until=noon + timedelta(days=1))
    change(draft, nominee)

    end_reopening(leave, by=organiser)
    end_reopening(leave, by=organiser)

    with pytest.raises(Closed):
        change(draft, nominee, "Once more, please")
    kinds = ["entry-reopened", "entry-reopening-ended"]
    assert list(
        Message.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True)
    ) == (kinds)


def test_a_reopening_is_later_than_the_deadline_that_holds(draft, organiser):
    with pytest.raises(DomainError) as refusal:
        reopen_entry(
            draft, by=organiser, reason="Ask.", until=timezone.now() + timedelta(minutes=5)
        )

    assert refusal.value.field == "until"


def test_a_disqualified_entry_is_not_reopened(submitted_entry, organiser, closed, noon):
    disqualify_entry(submitted_entry, by=organiser, reason="False data.")

    with pytest.raises(DomainError):
        reopen_entry(submitted_entry, by=organiser, reason="Ask.", until=noon + timedelta(days=1))


@pytest.mark.parametrize("who", ["nominee", "other_organiser", "judge_user"])
def test_nobody_else_returns_or_reopens(submitted_entry, request, who, closed, noon):
    person, until = request.getfixturevalue(who), noon + timedelta(days=1)

    for act in (
        lambda: return_entry(submitted_entry, by=person, comments="Add it.", until=until),
        lambda: reopen_entry(submitted_entry, by=person, reason="Ask.", until=until),
    ):
        with pytest.raises(PermissionDenied):
            act()
