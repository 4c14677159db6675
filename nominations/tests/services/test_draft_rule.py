"""What a deadline does to a draft that is complete: nothing, or its last complete state is submitted."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from nominations.deadlines import submit_what_is_ready
from nominations.models import Answer, Attachment, Entry, EntryStatus, ReadyDraft, Revision
from nominations.services import (
    add_attachment,
    end_reopening,
    remove_attachment,
    reopen_entry,
    restore_entry,
    save_answer,
    submit_entry,
    submit_ready,
    update_entry,
    withdraw_entry,
)
from nominations.services.submission import is_by_rule
from outbox.models import Message
from outbox.tasks import compose
from seasons.models import DraftRule, Extension, Stage, StageKind
from tests.factories import make_entry, make_person
from tests.world import picture

MOSCOW, BEIJING = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Shanghai")


@pytest.fixture
def deadline(noon):
    return noon + timedelta(hours=1)


@pytest.fixture
def clock(season, noon, deadline):
    """Noon; entries close in an hour."""
    Stage.objects.filter(season=season, kind=StageKind.ENTRY).update(
        opens_at=noon - timedelta(days=20), closes_at=deadline
    )
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


@pytest.fixture
def rule(season):
    season.draft_rule = DraftRule.SUBMIT
    season.save(update_fields=["draft_rule"])


def fresh(entry):
    return Entry.objects.get(pk=entry.pk)


def write(entry, by, text, place=0):
    prompt = entry.nomination.prompts.all()[place]
    version = Answer.objects.get(entry=entry, prompt=prompt).version
    return save_answer(entry, prompt, text, by=by, base_version=version)


def first_answer(revision):
    return revision.content["answers"][0]["text"]


def test_the_last_complete_state_is_submitted_at_the_deadline(
    draft, nominee, rule, clock, deadline
):
    write(draft, nominee, "The last complete words.")
    write(draft, nominee, "")  # Begun anew and never finished.
    clock.move_to(deadline + timedelta(hours=5))

    assert submit_what_is_ready() == 1

    revision = Revision.objects.get()
    assert fresh(draft).status == EntryStatus.SUBMITTED
    assert first_answer(revision) == "The last complete words."
    assert (revision.submitted_at, revision.submitted_by) == (deadline, nominee)
    assert revision.sha256 == Revision.digest(revision.content)
    assert is_by_rule(revision)
    assert Answer.objects.get(entry=draft, prompt__position=1).text == ""


def test_the_receipt_says_that_it_was_the_rule(draft, nominee, rule, clock, deadline):
    write(draft, nominee, "The last complete words.")
    clock.move_to(deadline)
    submit_what_is_ready()

    mail = Message.objects.get(kind="entry-receipt")
    compose(mail)

    assert mail.email == nominee.email
    assert "Nobody pressed “Submit” before the deadline." in mail.body
    assert "Last written by: Nina Nominee" in mail.body
    assert "Until the deadline you may change" not in mail.body
    event = Event.objects.get(verb="entry.submitted-by-rule")
    assert (event.actor_id, event.data["written_by"]) == (None, nominee.pk)


@pytest.mark.parametrize("zone", [MOSCOW, BEIJING], ids=str)
def test_not_a_second_before_the_deadline(draft, nominee, season, rule, clock, zone):
    season.time_zone = zone.key
    season.save()
    closes = datetime(2022, 1, 21, 0, 0, tzinfo=zone)
    Stage.objects.filter(season=season, kind=StageKind.ENTRY).update(closes_at=closes)
    write(draft, nominee, "The last complete words.")

    clock.move_to(closes - timedelta(seconds=1))
    assert submit_what_is_ready() == 0
    clock.move_to(closes)
    assert submit_what_is_ready() == 1

    assert Revision.objects.get().submitted_at == closes


def test_doing_it_again_changes_nothing(draft, nominee, rule, clock, deadline):
    write(draft, nominee, "The last complete words.")
    clock.move_to(deadline + timedelta(days=30))

    first = [submit_ready(fresh(draft)), submit_ready(fresh(draft)), submit_what_is_ready()]

    assert first[1:] == [None, 0]
    assert Revision.objects.count() == 1
    assert Message.objects.filter(kind="entry-receipt").count() == 1


def test_where_drafts_stay_drafts_nothing_is_submitted_or_remembered(
    draft, nominee, clock, deadline
):
    write(draft, nominee, "The last complete words.")
    clock.move_to(deadline + timedelta(seconds=1))

    assert submit_what_is_ready() == 0
    assert (fresh(draft).status, ReadyDraft.objects.count()) == (EntryStatus.DRAFT, 0)


def test_a_draft_that_was_never_complete_stays_a_draft(draft, nominee, rule, clock, deadline):
    Answer.objects.filter(entry=draft).update(text="")
    write(draft, nominee, "Half of it.")
    clock.move_to(deadline)

    assert submit_what_is_ready() == 0
    assert fresh(draft).status == EntryStatus.DRAFT


def test_a_draft_complete_before_the_rule_came_is_submitted_too(
    draft, nominee, season, clock, deadline
):
    write(draft, nominee, "Complete already.")
    season.draft_rule = DraftRule.SUBMIT
    season.save()
    clock.move_to(deadline)

    assert submit_what_is_ready() == 1
    assert first_answer(Revision.objects.get()) == "Complete already."


@pytest.mark.parametrize("status", sorted(set(EntryStatus) - {EntryStatus.DRAFT}))
def test_only_drafts_are_submitted(draft, nominee, rule, clock, deadline, status):
    write(draft, nominee, "The last complete words.")
    place = None if status == EntryStatus.WITHDRAWN else draft.place
    Entry.objects.filter(pk=draft.pk).update(status=status, place=place)
    clock.move_to(deadline)

    assert submit_what_is_ready() == 0
    assert submit_ready(fresh(draft)) is None
    assert Revision.objects.count() == 0


def test_a_longer_deadline_of_the_organisation_counts(
    draft, nominee, organiser, season, rule, clock, deadline
):
    later = deadline + timedelta(days=2)
    Extension.objects.create(
        stage=season.stages.get(kind=StageKind.ENTRY),
        organisation=draft.organisation,
        until=later,
        reason="A flood.",
        granted_by=organiser,
    )
    write(draft, nominee, "The last complete words.")

    clock.move_to(later - timedelta(seconds=1))
    assert submit_what_is_ready() == 0
    clock.move_to(later)
    assert submit_what_is_ready() == 1
    assert Revision.objects.get().submitted_at == later


def test_a_reopened_draft_is_submitted_at_its_own_deadline(
    draft, nominee, organiser, rule, clock, deadline
):
    Answer.objects.filter(entry=draft).update(text="")
    until = deadline + timedelta(days=1)
    clock.move_to(deadline + timedelta(minutes=1))
    reopen_entry(draft, by=organiser, reason="You were ill.", until=until)
    write(draft, nominee, "Written within the extra time.")
    write(draft, nominee, "And the second answer.", place=1)

    assert submit_what_is_ready() == 0
    clock.move_to(until)
    assert submit_what_is_ready() == 1
    assert Revision.objects.get().submitted_at == until


def test_what_became_complete_by_a_leave_taken_back_is_not_submitted(
    draft, nominee, organiser, rule, clock, deadline
):
    Answer.objects.filter(entry=draft).update(text="")
    clock.move_to(deadline + timedelta(minutes=1))
    leave = reopen_entry(
        draft, by=organiser, reason="By mistake.", until=deadline + timedelta(days=1)
    )
    write(draft, nominee, "Written within the extra time.")
    write(draft, nominee, "And the second answer.", place=1)
    end_reopening(leave, by=organiser)

    assert submit_what_is_ready() == 0
    assert fresh(draft).status == EntryStatus.DRAFT


def test_details_and_files_are_remembered_and_a_removed_file_stays(
    draft, nominee, rule, clock, deadline
):
    file = add_attachment(draft, picture(), by=nominee)
    update_entry(draft, by=nominee, title="The last title", nominee_name="", kind="organisation")
    write(draft, nominee, "")
    remove_attachment(file, by=nominee)
    clock.move_to(deadline)
    submit_what_is_ready()

    content = Revision.objects.get().content
    assert content["title"] == "The last title"
    assert [one["token"] for one in content["attachments"]] == [str(file.token)]
    kept = Attachment.objects.get()
    assert kept.removed_at is not None
    assert kept.file.storage.exists(kept.file.name)


def test_a_restored_draft_is_remembered(draft, nominee, rule, clock, deadline):
    write(draft, nominee, "The last complete words.")
    submit_entry(draft, by=nominee, key=uuid4())
    withdraw_entry(draft, by=nominee)
    restore_entry(draft, by=nominee)
    clock.move_to(deadline)

    assert submit_what_is_ready() == 1
    assert [one.number for one in Revision.objects.order_by("number")] == [1, 2]


def test_one_that_fails_stops_no_other(
    draft, nomination, organisation, nominee, rule, clock, deadline, monkeypatch
):
    other = make_entry(nomination, organisation, nominee, title="Other")
    for entry in (draft, other):
        write(entry, nominee, "The last complete words.")
    clock.move_to(deadline)

    def failing(entry):
        if entry.pk == draft.pk:
            raise RuntimeError
        return submit_ready(entry)

    monkeypatch.setattr("nominations.deadlines.submit_ready", failing)
    assert submit_what_is_ready() == 1
    assert [fresh(one).status for one in (draft, other)] == ["draft", "submitted"]


def test_remembering_costs_as_much_for_a_long_form_as_for_a_short_one(
    draft, nominee, rule, clock, nomination
):
    from nominations.models import Prompt

    def cost():
        with CaptureQueriesContext(connection) as asked:
            write(draft, nominee, f"Other words {len(asked)} {Prompt.objects.count()}.")
        return len(asked)

    write(draft, nominee, "For the first time.")
    few = cost()
    for position in range(10, 30):
        prompt = Prompt.objects.create(
            nomination=nomination, position=position, slug=f"p{position}", label={"en": "More"}
        )
        Answer.objects.create(entry=draft, prompt=prompt, text="Said.", version=1)

    assert cost() == few


def test_an_organiser_reads_nothing_of_what_waits(draft, nominee, rule, clock, deadline, client_of):
    file = add_attachment(draft, picture(), by=nominee)
    organiser = make_person("root@example.org", "Root", is_staff=True, is_superuser=True)

    path = f"/entries/{draft.pk}/files/{file.token}/"
    assert ReadyDraft.objects.get().content["attachments"][0]["token"] == str(file.token)
    assert b"".join(client_of(nominee).get(path)) != b""
    assert client_of(organiser).get(path).status_code == 404
