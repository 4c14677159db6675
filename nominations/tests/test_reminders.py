"""Nominees are reminded of what is missing, and of nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import MemberRole, Membership
from nominations.models import Entry, EntryShare, EntryStatus, ShareRole
from nominations.reminders import remind_nominees
from outbox.models import Message
from outbox.services import deliver_due
from seasons.models import Extension, Stage, StageKind
from tests.factories import make_entry, make_nomination


@pytest.fixture
def deadline(season):
    return season.stages.get(kind=StageKind.ENTRY).closes_at


@pytest.fixture
def old_draft(draft):
    Entry.objects.update(created_at=timezone.now() - timedelta(days=9))
    return draft


def reminded(mailoutbox):
    return [(mail.to[0], mail.subject) for mail in mailoutbox]


def test_a_draft_is_reminded_of_once_on_each_rung(old_draft, deadline, mailoutbox):
    for before in (
        timedelta(days=7),
        timedelta(days=6),
        timedelta(days=3),
        timedelta(days=1),
        timedelta(hours=3),
        timedelta(hours=1),
    ):
        with time_machine.travel(deadline - before, tick=False):
            remind_nominees()
            deliver_due()

    assert len(mailoutbox) == 4


def test_two_drafts_make_one_mail(old_draft, category, organisation, nominee, deadline, mailoutbox):
    second = make_entry(make_nomination(category, 2, "Digital"), organisation, nominee)
    Entry.objects.update(created_at=timezone.now() - timedelta(days=9))

    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        remind_nominees()
        deliver_due()

    assert [number in mailoutbox[0].body for number in (old_draft.number, second.number)] == [
        True,
        True,
    ]
    assert len(mailoutbox) == 1


def test_somebody_who_submitted_is_not_reminded(old_draft, deadline):
    Entry.objects.update(status=EntryStatus.SUBMITTED)

    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        assert remind_nominees() == 0


def test_somebody_who_submits_before_the_mail_leaves_gets_none(old_draft, deadline, mailoutbox):
    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        assert remind_nominees() == 1
        Entry.objects.update(status=EntryStatus.SUBMITTED)
        deliver_due()

    assert mailoutbox == []


def test_a_draft_begun_after_a_rung_waits_for_the_next(draft, deadline):
    Entry.objects.update(created_at=deadline - timedelta(days=5))

    with time_machine.travel(deadline - timedelta(days=4), tick=False):
        assert remind_nominees() == 0
    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        assert remind_nominees() == 1


def test_nobody_is_reminded_after_the_deadline(old_draft, deadline):
    with time_machine.travel(deadline, tick=False):
        assert remind_nominees() == 0


def test_an_extension_moves_the_ladder(old_draft, deadline, organiser):
    Extension.objects.create(
        stage=Stage.objects.get(season=old_draft.season, kind=StageKind.ENTRY),
        organisation=old_draft.organisation,
        until=deadline + timedelta(days=2),
        reason="illness",
        granted_by=organiser,
    )

    with time_machine.travel(deadline + timedelta(days=1), tick=False):
        assert remind_nominees() == 1
    assert Message.objects.get().effect_key.endswith(":1d")


def test_a_viewer_is_not_asked_to_submit(old_draft, deadline, other_nominee, mailoutbox):
    Membership.objects.create(
        user=other_nominee, organisation=old_draft.organisation, role=MemberRole.VIEWER
    )

    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        remind_nominees()
        deliver_due()

    assert [to for to, _subject in reminded(mailoutbox)] == ["nominee@example.org"]


def test_looking_for_drafts_costs_the_same_however_many_there_are(
    old_draft, nomination, other_organisation, other_nominee, deadline, django_assert_num_queries
):
    with time_machine.travel(deadline - timedelta(days=7), tick=False):
        remind_nominees()
        with django_assert_num_queries(6):
            remind_nominees()

    for _entry in range(5):
        make_entry(nomination, other_organisation, other_nominee)
    Entry.objects.update(created_at=timezone.now() - timedelta(days=9))
    with time_machine.travel(deadline - timedelta(days=7), tick=False):
        assert remind_nominees() == 1
        with django_assert_num_queries(6):
            remind_nominees()


def test_an_editor_of_this_entry_alone_is_reminded_and_a_reader_is_not(
    old_draft, other_nominee, judge_user, deadline, mailoutbox
):
    EntryShare.objects.create(entry=old_draft, user=other_nominee, role=ShareRole.EDIT)
    EntryShare.objects.create(entry=old_draft, user=judge_user, role=ShareRole.VIEW)

    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        remind_nominees()
        deliver_due()

    assert sorted(letter.to[0] for letter in mailoutbox) == [
        "nominee@example.org",
        "other-nominee@example.org",
    ]


def test_who_is_a_member_and_invited_gets_one_reminder(old_draft, nominee, deadline, mailoutbox):
    EntryShare.objects.create(entry=old_draft, user=nominee, role=ShareRole.EDIT)

    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        remind_nominees()
        deliver_due()

    assert len(mailoutbox) == 1
