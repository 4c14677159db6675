"""Issuing, making and revoking diplomas."""

import hashlib
import io
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from pypdf import PdfReader

from audit.models import Event
from common.errors import DomainError
from diplomas.models import Diploma, DiplomaState
from diplomas.rendering import MissingGlyphs
from diplomas.services import (
    contact_language,
    issue_diploma,
    make_diploma,
    retry_diploma,
    revoke_diploma,
)
from nominations.models import EntryStatus
from outbox.models import Job, Message
from outbox.services import deliver_due, run_due
from tests.factories import make_entry

pytestmark = pytest.mark.django_db
UNDRAWABLE = "Camomile 𓀀"


def test_a_diploma_has_the_next_number_of_its_season(season, diploma, joint_nomination, nominee):
    other = make_entry(joint_nomination, diploma.entry.organisation, nominee, EntryStatus.ADMITTED)

    assert diploma.number == "CX22-D0001"
    assert issue_diploma(other, "finalist").number == "CX22-D0002"
    assert issue_diploma(diploma.entry, "laureate").number == "CX22-D0003"


def test_issuing_twice_returns_the_first_diploma(diploma):
    again = issue_diploma(diploma.entry, "finalist")

    assert again == diploma
    assert Job.objects.filter(kind="make-diploma").count() == 1
    assert Event.objects.filter(verb="diploma.issued").count() == 1


def test_the_words_are_frozen_in_the_language_of_the_season(admitted_entry):
    moment = datetime(2022, 2, 14, 22, 30, tzinfo=UTC)

    diploma = issue_diploma(admitted_entry, "finalist", issued_at=moment)

    assert diploma.language == "en"
    assert diploma.content == {
        "programme": "CX award",
        "season": "CX award 2022",
        "nomination": "Human-centred experience",
        "category": "Corporate",
        "recipient": "Camomile Ltd",
        "nominee_name": "",
        "entry_title": "Listening first",
        "outcome_label": "Finalist",
        "date": "15 February 2022",
        "accent": "#1f5f8b",
        "logo": "",
    }


def test_a_person_is_named_large_and_the_organisation_below(
    person_nomination, organisation, nominee
):
    entry = make_entry(
        person_nomination, organisation, nominee, EntryStatus.ADMITTED, nominee_name="Ivan Petrov"
    )

    content = issue_diploma(entry, "laureate", language="ru").content

    assert (content["recipient"], content["nominee_name"]) == ("Ivan Petrov", "Camomile Ltd")
    assert content["outcome_label"] == "Лауреат"


@pytest.mark.parametrize(("language", "expected"), [("ru", "ru"), ("en", "en"), ("fr", "en")])
def test_a_diploma_speaks_the_language_of_its_people_if_the_award_does(
    language, expected, admitted_entry, nominee
):
    nominee.language = language
    nominee.save()

    assert contact_language(admitted_entry) == expected


def test_the_file_is_made_hashed_and_announced_with_its_link(diploma):
    assert run_due(kinds=["make-diploma"]) == 1
    deliver_due(kinds=["diploma-ready"])

    diploma.refresh_from_db()
    data = Path(diploma.file.path).read_bytes()
    assert diploma.state == DiplomaState.READY
    assert diploma.sha256 == hashlib.sha256(data).hexdigest()
    text = PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert "Camomile Ltd" in text
    assert "CX22-D0001" in text
    (sent,) = mail.outbox
    assert sent.to == ["nominee@example.org"]
    assert "/diplomas/CX22-D0001/file/" in sent.body
    assert diploma.sha256 in sent.body


def test_making_it_again_changes_no_byte_and_writes_to_nobody(ready):
    before = Path(ready.file.path).read_bytes()

    make_diploma(ready.pk)

    ready.refresh_from_db()
    assert Path(ready.file.path).read_bytes() == before
    assert Message.objects.filter(kind="diploma-ready").count() == 1


@pytest.fixture
def failed(admitted_entry):
    admitted_entry.organisation.name = UNDRAWABLE
    admitted_entry.organisation.save()
    diploma = issue_diploma(admitted_entry, "finalist")
    run_due(kinds=["make-diploma"])
    diploma.refresh_from_db()
    return diploma


def files(settings):
    media = Path(settings.MEDIA_ROOT)
    return [path for path in media.rglob("*") if path.is_file()] if media.exists() else []


def test_a_diploma_that_cannot_be_drawn_fails_visibly_and_leaves_no_file(failed, settings):
    assert failed.state == DiplomaState.FAILED
    assert "𓀀" in failed.error
    assert "U+13000" in failed.error
    assert not failed.file
    assert files(settings) == []
    assert "U+13000" in Job.objects.get(kind="make-diploma").last_error
    assert not Message.objects.filter(kind="diploma-ready").exists()


def test_a_failed_diploma_is_made_with_the_corrected_name(failed, organiser, settings):
    organisation = failed.entry.organisation
    organisation.name = "Camomile"
    organisation.save()

    retry_diploma(failed, by=organiser)
    run_due(kinds=["make-diploma"])

    failed.refresh_from_db()
    assert (failed.state, failed.error) == (DiplomaState.READY, "")
    assert failed.content["recipient"] == "Camomile"
    assert [path.suffix for path in files(settings)] == [".pdf"]


def test_only_a_failed_diploma_is_tried_again(ready, organiser):
    with pytest.raises(DomainError, match="failed"):
        retry_diploma(ready, by=organiser)


def test_a_full_disk_leaves_a_failed_diploma_and_no_half_file(diploma, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "blocked"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "diplomas").write_text("a file where the folder should be")

    with pytest.raises(OSError):  # noqa: PT011
        make_diploma(diploma.pk)

    diploma.refresh_from_db()
    assert diploma.state == DiplomaState.FAILED
    assert [path.name for path in files(settings)] == ["diplomas"]


def test_what_cannot_be_drawn_is_named_by_character(failed):
    with pytest.raises(MissingGlyphs) as refused:
        make_diploma(failed.pk)

    assert refused.value.characters == ("𓀀",)


def test_a_revoked_diploma_keeps_who_and_why(ready, organiser):
    revoke_diploma(ready, by=organiser, reason="Issued by mistake.")

    ready.refresh_from_db()
    assert (ready.revoked_by, ready.revoked_reason) == (organiser, "Issued by mistake.")
    assert Event.objects.get(verb="diploma.revoked").data["number"] == ready.number


def test_revoking_needs_a_reason_and_happens_once(ready, organiser):
    with pytest.raises(DomainError) as refused:
        revoke_diploma(ready, by=organiser, reason=" ")
    assert refused.value.field == "reason"
    revoke_diploma(ready, by=organiser, reason="Issued by mistake.")
    with pytest.raises(DomainError, match="already"):
        revoke_diploma(ready, by=organiser, reason="Again.")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_stay_unique_when_two_workers_issue_at_once(
    nomination, joint_nomination, organisation, nominee
):
    entries = [
        make_entry(one, organisation, nominee, EntryStatus.ADMITTED)
        for one in (nomination, joint_nomination)
    ]
    barrier = threading.Barrier(2)

    def issue(entry):
        barrier.wait(timeout=10)
        try:
            issue_diploma(entry, "finalist")
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=(entry,)) for entry in entries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(Diploma.objects.values_list("number", flat=True)) == [
        "CX22-D0001",
        "CX22-D0002",
    ]
