"""Submitting: what is frozen, replays, rules, and the clock to the second."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from nominations.models import Answer, Entry, EntryStatus, Revision
from nominations.services import (
    Closed,
    NotReady,
    admit_entry,
    save_answer,
    set_participants,
    submit_entry,
    update_entry,
)
from outbox.models import Message
from seasons.models import Extension, Stage, StageKind
from tests.factories import make_entry


@pytest.fixture
def joint_entry(joint_nomination, organisation, nominee):
    return make_entry(joint_nomination, organisation, nominee, kind="joint")


def messages_of(refusal):
    return [problem.message for problem in refusal.value.problems]


def test_submitting_freezes_and_hashes_the_draft(draft, nominee):
    revision = submit_entry(draft, by=nominee, key=uuid4())

    draft.refresh_from_db()
    assert draft.status == EntryStatus.SUBMITTED
    assert revision.number == 1
    revision.refresh_from_db()
    assert revision.sha256 == Revision.digest(revision.content)
    assert revision.content["organisation"] == "Camomile Ltd"
    assert [answer["text"] for answer in revision.content["answers"]] == [
        "We did approach well.",
        "We did results well.",
    ]
    assert [answer["words"] for answer in revision.content["answers"]] == [4, 4]


def test_submitting_twice_with_one_key_gives_one_revision_one_event_one_mail(draft, nominee):
    key = uuid4()

    revisions = [submit_entry(draft, by=nominee, key=key) for _ in range(3)]

    assert revisions == [revisions[0]] * 3
    assert Revision.objects.count() == 1
    assert Event.objects.filter(verb="entry.submitted").count() == 1
    assert [m.email for m in Message.objects.filter(kind="entry-receipt")] == [nominee.email]


def test_the_receipt_is_mailed_with_number_revision_and_hash(
    draft, nominee, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        revision = submit_entry(draft, by=nominee, key=uuid4())

    (mail,) = mailoutbox
    assert mail.to == [nominee.email]
    for part in (draft.number, revision.sha256, "Moscow, UTC+3", f"/receipts/{revision.number}/"):
        assert part in mail.subject + mail.body


def test_a_replay_after_the_deadline_still_gets_its_receipt(draft, nominee, judging_open):
    key = uuid4()
    first = submit_entry(draft, by=nominee, key=key)
    judging_open()

    assert submit_entry(draft, by=nominee, key=key) == first


def test_a_key_of_another_entry_is_refused(draft, nomination, organisation, nominee):
    key = uuid4()
    submit_entry(draft, by=nominee, key=key)
    other = make_entry(nomination, organisation, nominee, title="Other")

    with pytest.raises(DomainError):
        submit_entry(other, by=nominee, key=key)

    other.refresh_from_db()
    assert other.status == EntryStatus.DRAFT


def test_a_change_makes_the_next_revision_and_no_change_does_not(draft, nominee):
    first = submit_entry(draft, by=nominee, key=uuid4())
    same = submit_entry(draft, by=nominee, key=uuid4())
    prompt = draft.nomination.prompts.first()
    save_answer(draft, prompt, "Better words now", by=nominee, base_version=1)

    second = submit_entry(draft, by=nominee, key=uuid4())

    assert same == first
    assert second.number == 2
    first.refresh_from_db()
    assert first.content["answers"][0]["text"] == "We did approach well."


def test_submitting_again_sends_an_admitted_entry_back_to_vetting(draft, nominee, organiser):
    submit_entry(draft, by=nominee, key=uuid4())
    admit_entry(draft, by=organiser)
    update_entry(draft, by=nominee, title="A new title", nominee_name="", kind="organisation")

    submit_entry(draft, by=nominee, key=uuid4())

    draft.refresh_from_db()
    assert draft.status == EntryStatus.SUBMITTED


def test_missing_and_wrong_length_answers_are_all_named(draft, nominee):
    first, second = draft.nomination.prompts.all()
    Answer.objects.filter(prompt=first).update(text="")
    Answer.objects.filter(prompt=second).update(text="word " * 51)

    with pytest.raises(NotReady) as refusal:
        submit_entry(draft, by=nominee, key=uuid4())

    assert messages_of(refusal) == [
        "This question has no answer yet.",
        "The answer may have 50 words at most. It has 51 now.",
    ]
    assert [problem.url(draft) for problem in refusal.value.problems] == [
        f"/entries/{draft.pk}/essay/#answer-{first.pk}",
        f"/entries/{draft.pk}/essay/#answer-{second.pk}",
    ]
    assert Revision.objects.count() == 0


@pytest.mark.parametrize("kind", ["joint", "organisation"])
def test_a_vendor_alone_cannot_submit(joint_nomination, organisation, nominee, kind):
    entry = make_entry(joint_nomination, organisation, nominee, kind=kind)
    set_participants(entry, [("Camomile Ltd", "vendor"), ("Helper", "partner")], by=nominee)

    with pytest.raises(NotReady) as refusal:
        submit_entry(entry, by=nominee, key=uuid4())

    (message,) = messages_of(refusal)
    assert message == (
        "Name the client that uses the solution. "
        "In this nomination a vendor enters only together with its client."
    )


def test_a_joint_entry_names_two_organisations(joint_entry, nominee):
    set_participants(joint_entry, [("Camomile Ltd", "client")], by=nominee)

    with pytest.raises(NotReady) as refusal:
        submit_entry(joint_entry, by=nominee, key=uuid4())

    assert messages_of(refusal) == [
        "A joint entry names two organisations or more, each with its role."
    ]


def test_a_vendor_with_its_client_submits(joint_entry, nominee):
    set_participants(joint_entry, [("Camomile Ltd", "vendor"), ("Aster", "client")], by=nominee)

    revision = submit_entry(joint_entry, by=nominee, key=uuid4())

    assert revision.content["participants"] == [
        {"name": "Camomile Ltd", "role": "vendor"},
        {"name": "Aster", "role": "client"},
    ]


def test_a_year_before_2020_is_refused_on_submission_too(joint_entry, nominee):
    set_participants(joint_entry, [("Camomile Ltd", "vendor"), ("Aster", "client")], by=nominee)
    Answer.objects.filter(prompt__slug="year").update(text="2019")

    with pytest.raises(NotReady) as refusal:
        submit_entry(joint_entry, by=nominee, key=uuid4())

    assert messages_of(refusal) == ["The technology must have been introduced in 2020 or later."]


def test_an_entry_of_a_person_without_the_name_is_refused(person_nomination, organisation, nominee):
    entry = make_entry(person_nomination, organisation, nominee)

    with pytest.raises(NotReady) as refusal:
        submit_entry(entry, by=nominee, key=uuid4())

    assert messages_of(refusal) == ["Name the person who is nominated."]


def test_a_stranger_cannot_submit(draft, other_nominee):
    with pytest.raises(PermissionDenied):
        submit_entry(draft, by=other_nominee, key=uuid4())


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Shanghai"])
@pytest.mark.parametrize(("second", "accepted"), [(-1, True), (0, False), (1, False)])
def test_the_deadline_holds_to_the_second(draft, nominee, zone, second, accepted):
    deadline = datetime(2030, 1, 21, 0, 0, tzinfo=ZoneInfo(zone))
    stage = Stage.objects.filter(season=draft.season, kind=StageKind.ENTRY)
    stage.update(opens_at=deadline - timedelta(days=20), closes_at=deadline)

    with time_machine.travel(deadline + timedelta(seconds=second), tick=False):
        if accepted:
            assert submit_entry(draft, by=nominee, key=uuid4()).submitted_at == timezone.now()
        else:
            with pytest.raises(Closed) as refusal:
                submit_entry(draft, by=nominee, key=uuid4())
            assert refusal.value.deadline == deadline
            assert refusal.value.now == timezone.now()

    assert Entry.objects.get().status == (EntryStatus.SUBMITTED if accepted else EntryStatus.DRAFT)


def test_an_extension_lets_its_organisation_alone_submit_later(
    draft, nomination, nominee, other_organisation, other_nominee, organiser
):
    stage = Stage.objects.get(season=draft.season, kind=StageKind.ENTRY)
    late = make_entry(nomination, other_organisation, other_nominee)
    Extension.objects.create(
        stage=stage,
        organisation=other_organisation,
        until=stage.closes_at + timedelta(days=2),
        reason="Illness",
        granted_by=organiser,
    )

    with time_machine.travel(stage.closes_at + timedelta(days=1), tick=False):
        assert submit_entry(late, by=other_nominee, key=uuid4()).number == 1
        with pytest.raises(Closed):
            submit_entry(draft, by=nominee, key=uuid4())


def test_a_season_without_dates_takes_nothing(draft, nominee):
    Stage.objects.all().delete()

    with pytest.raises(Closed) as refusal:
        submit_entry(draft, by=nominee, key=uuid4())

    assert refusal.value.deadline is None
