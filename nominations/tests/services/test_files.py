"""Files of a draft: how many, twice the same, and what a revision keeps."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import DomainError
from common.tests.test_uploads import PDF
from nominations.models import Attachment
from nominations.services import Closed, add_attachment, remove_attachment, submit_entry


def pdf(name="report.pdf", text=b""):
    return SimpleUploadedFile(name, PDF.replace(b"\n1 0", text + b"\n1 0"))


def test_a_file_is_kept_under_a_name_nobody_can_guess(draft, nominee):
    kept = add_attachment(draft, pdf("Наш отчёт.PDF"), by=nominee)

    assert kept.name == "Наш отчёт.pdf"
    assert kept.file.name == f"attachments/{kept.token}.pdf"
    assert (kept.content_type, kept.size) == ("application/pdf", len(PDF))


def test_the_same_file_sent_twice_is_kept_once(draft, nominee):
    first = add_attachment(draft, pdf(), by=nominee)
    second = add_attachment(draft, pdf(), by=nominee)

    assert second == first


def test_an_entry_has_ten_files_at_most(draft, nominee):
    for number in range(10):
        add_attachment(draft, pdf(text=b"%d" % number), by=nominee)

    with pytest.raises(DomainError) as refusal:
        add_attachment(draft, pdf("one-more.pdf"), by=nominee)

    assert "10 files" in str(refusal.value)
    assert draft.attachments.count() == 10


def test_a_removed_file_that_was_never_submitted_is_gone(
    draft, nominee, django_capture_on_commit_callbacks
):
    kept = add_attachment(draft, pdf(), by=nominee)

    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(kept, by=nominee)

    assert Attachment.objects.count() == 0
    assert not default_storage.exists(kept.file.name)


def test_a_removed_file_that_was_submitted_stays_on_record(draft, nominee):
    kept = add_attachment(draft, pdf(), by=nominee)
    revision = submit_entry(draft, by=nominee, key=uuid4())

    remove_attachment(kept, by=nominee)

    kept.refresh_from_db()
    assert kept.removed_at is not None
    assert default_storage.exists(kept.file.name)
    assert revision.content["attachments"] == [
        {
            "token": str(kept.token),
            "name": "report.pdf",
            "size": len(PDF),
            "sha256": kept.sha256,
            "content_type": "application/pdf",
        }
    ]


def test_strangers_and_late_comers_change_no_file(draft, nominee, other_nominee, judging_open):
    kept = add_attachment(draft, pdf(), by=nominee)

    with pytest.raises(PermissionDenied):
        remove_attachment(kept, by=other_nominee)
    judging_open()
    with pytest.raises(Closed):
        add_attachment(draft, pdf("late.pdf"), by=nominee)

    assert [one.name for one in draft.attachments.all()] == ["report.pdf"]
