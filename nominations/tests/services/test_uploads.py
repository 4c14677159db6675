"""Files that come in parts: in order, within their size, once, and only while entries are open."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from common.errors import ConflictError, DomainError
from common.tests.test_uploads import PDF
from nominations.models import Attachment, Purpose, Upload
from nominations.services import Closed
from nominations.services.uploads import (
    LIFETIME,
    MOST_OPEN,
    Expired,
    WrongOffset,
    begin_upload,
    cancel_upload,
    receive,
    remove_old_uploads,
)
from nominations.slots import Slot


@pytest.fixture
def begin(draft, nominee):
    def make(name="report.pdf", content=PDF, slot=None, **options):
        options = {"by": nominee, "key": uuid4(), "size": len(content), **options}
        return begin_upload(draft, slot or Slot(), name=name, **options)

    return make


@pytest.fixture
def upload(begin):
    return begin()


def path_of(upload):
    return Path(upload.file.path)


def test_a_file_in_three_parts_becomes_an_attachment(upload, nominee, draft):
    assert receive(upload, PDF[:100], offset=0, by=nominee) is None
    assert receive(upload, PDF[100:200], offset=100, by=nominee) is None
    kept = receive(upload, PDF[200:], offset=200, by=nominee)

    with kept.file.open("rb") as stored:
        assert stored.read() == PDF
    assert (kept.name, kept.purpose, kept.uploaded_by) == ("report.pdf", "support", nominee)
    assert [one.pk for one in draft.attachments.all()] == [kept.pk]


def test_a_part_that_is_not_the_next_one_is_refused_with_the_place_to_go_on(upload, nominee):
    receive(upload, PDF[:100], offset=0, by=nominee)

    for offset in (0, 50, 150):
        with pytest.raises(WrongOffset) as refusal:
            receive(upload, b"x" * 10, offset=offset, by=nominee)
        assert refusal.value.received == 100

    assert path_of(upload).read_bytes() == PDF[:100]


def test_what_was_written_but_not_counted_is_cut_off(upload, nominee):
    receive(upload, PDF[:100], offset=0, by=nominee)
    with path_of(upload).open("ab") as file:
        file.write(b"left by a worker that was killed")

    receive(upload, PDF[100:110], offset=100, by=nominee)

    assert path_of(upload).read_bytes() == PDF[:110]


def test_more_than_was_announced_is_refused(upload, nominee):
    with pytest.raises(DomainError):
        receive(upload, PDF + b"x", offset=0, by=nominee)

    assert path_of(upload).read_bytes() == b""


def test_the_last_part_sent_again_gives_the_same_attachment(upload, nominee, draft):
    first = receive(upload, PDF, offset=0, by=nominee)

    again = receive(Upload.objects.get(pk=upload.pk), PDF, offset=0, by=nominee)
    empty = receive(Upload.objects.get(pk=upload.pk), b"", offset=len(PDF), by=nominee)

    assert (again, empty) == (first, first)
    assert draft.attachments.count() == 1


def test_a_whole_file_whose_check_was_cut_off_is_finished_by_an_empty_part(upload, nominee):
    path_of(upload).write_bytes(PDF)
    Upload.objects.filter(pk=upload.pk).update(received=len(PDF))

    kept = receive(upload, b"", offset=len(PDF), by=nominee)

    with kept.file.open("rb") as stored:
        assert stored.read() == PDF


def test_beginning_again_with_the_same_key_goes_on_with_the_first_upload(begin, nominee):
    key = uuid4()
    first = begin(key=key)
    receive(first, PDF[:100], offset=0, by=nominee)

    second = begin(key=key)

    assert (second, second.received) == (first, 100)
    assert Upload.objects.count() == 1


def test_a_key_of_another_file_is_refused(begin):
    key = uuid4()
    begin(key=key)

    with pytest.raises(ConflictError):
        begin(key=key, size=5)


def test_what_is_announced_is_checked_before_a_byte_comes(begin, draft, nominee):
    for name, size in (("a.exe", 10), ("a.pdf", 0), ("a.pdf", 21 * 1024 * 1024)):
        with pytest.raises(DomainError) as refusal:
            begin(name, size=size)
        assert f"“{name}”" in str(refusal.value)
    with pytest.raises(DomainError) as refusal:
        begin("chart.png", slot=Slot(Purpose.ESSAY))

    assert "DOCX, PDF" in str(refusal.value)
    assert Upload.objects.count() == 0


def test_a_full_place_takes_no_more(begin, nominee):
    for number in range(10):
        content = PDF + b"%d%%EOF\n" % number
        receive(begin(content=content), content, offset=0, by=nominee)

    with pytest.raises(DomainError) as refusal:
        begin()

    assert "10 files" in str(refusal.value)


def test_a_refused_file_is_forgotten(begin, nominee, django_capture_on_commit_callbacks):
    upload = begin("fake.pdf", b"<html>")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(DomainError):
        receive(upload, b"<html>", offset=0, by=nominee)

    assert Upload.objects.count() == Attachment.objects.count() == 0
    assert not path_of(upload).exists()


def test_a_kept_file_leaves_no_parts(upload, nominee, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        receive(upload, PDF, offset=0, by=nominee)

    assert not path_of(upload).exists()


def test_a_name_that_climbs_or_turns_round_is_made_safe(begin):
    assert begin("../../etc/\u202efdp.pdf").name == "fdp.pdf"


def test_strangers_begin_and_send_nothing(begin, upload, other_nominee):
    with pytest.raises(PermissionDenied):
        begin(by=other_nominee)
    with pytest.raises(PermissionDenied):
        receive(upload, PDF, offset=0, by=other_nominee)


def test_a_file_that_is_not_whole_at_the_deadline_does_not_count(upload, nominee, draft):
    closes_at = draft.season.stages.get(kind="entry").closes_at
    Upload.objects.update(expires_at=closes_at + LIFETIME)
    with time_machine.travel(closes_at - timedelta(seconds=1), tick=False):
        receive(upload, PDF[:100], offset=0, by=nominee)

    with time_machine.travel(closes_at, tick=False), pytest.raises(Closed):
        receive(upload, PDF[100:], offset=100, by=nominee)

    assert draft.attachments.count() == 0


def test_a_file_that_is_whole_a_second_before_the_deadline_counts(upload, nominee, draft):
    closes_at = draft.season.stages.get(kind="entry").closes_at
    Upload.objects.update(expires_at=closes_at + LIFETIME)

    with time_machine.travel(closes_at - timedelta(seconds=1), tick=False):
        receive(upload, PDF, offset=0, by=nominee)

    assert draft.attachments.count() == 1


def test_an_upload_that_was_left_is_over_and_removed(
    upload, nominee, django_capture_on_commit_callbacks
):
    Upload.objects.update(expires_at=timezone.now())
    with pytest.raises(Expired):
        receive(upload, PDF, offset=0, by=nominee)

    with django_capture_on_commit_callbacks(execute=True):
        removed = remove_old_uploads()

    assert removed == 1
    assert not path_of(upload).exists()
    assert remove_old_uploads() == 0


def test_parts_without_a_row_are_removed_when_they_are_old(upload, begin):
    fresh = begin("fresh.pdf")
    Upload.objects.all().delete()
    old = (timezone.now() - LIFETIME - timedelta(hours=1)).timestamp()
    os.utime(path_of(upload), (old, old))

    assert remove_old_uploads() == 1
    assert not path_of(upload).exists()
    assert path_of(fresh).exists()


def test_cancelling_forgets_what_came(upload, nominee, django_capture_on_commit_callbacks):
    receive(upload, PDF[:100], offset=0, by=nominee)

    with django_capture_on_commit_callbacks(execute=True):
        cancel_upload(upload)

    assert Upload.objects.count() == 0
    assert not path_of(upload).exists()


def test_uploads_that_are_never_finished_do_not_pile_up(begin):
    first = begin()
    for _number in range(MOST_OPEN):
        begin()

    assert Upload.objects.count() == MOST_OPEN
    assert not Upload.objects.filter(pk=first.pk).exists()
