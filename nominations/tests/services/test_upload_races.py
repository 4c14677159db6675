"""Two connections send the same file at once, on PostgreSQL."""

from uuid import uuid4

import pytest

from common.tests.test_uploads import PDF
from nominations.models import Attachment, Purpose, Upload
from nominations.services.uploads import WrongOffset, begin_upload, receive
from nominations.slots import Slot
from nominations.tests.services.test_races import at_once, copy_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def begin(entry, by, **options):
    options = {"slot": Slot(), "key": uuid4(), "name": "report.pdf", "size": len(PDF), **options}
    return begin_upload(entry, by=by, **options)


def send(pk, by):
    """Send the whole file in one part."""
    return receive(Upload.objects.get(pk=pk), PDF, offset=0, by=by)


def test_an_upload_announced_at_once_is_one(draft, nominee):
    key = uuid4()
    entries = [copy_of(draft) for _time in range(3)]

    begun = at_once(*(lambda entry=entry: begin(entry, nominee, key=key) for entry in entries))

    assert len({upload.pk for upload in begun}) == 1
    assert Upload.objects.count() == 1


def test_the_last_part_sent_at_once_gives_one_attachment(draft, nominee):
    upload = begin(draft, nominee)

    results = at_once(*[lambda: send(upload.pk, nominee)] * 3)

    kept = {one.pk for one in results if isinstance(one, Attachment)}
    assert len(kept) == 1
    assert all(isinstance(one, Attachment | WrongOffset) for one in results)
    assert Attachment.objects.count() == 1


def test_two_essays_sent_at_once_leave_one(draft, nominee):
    draft.nomination.essay_upload = True
    draft.nomination.save()
    slot = Slot(Purpose.ESSAY)
    uploads = [begin(draft, nominee, slot=slot, name=f"essay-{n}.pdf").pk for n in range(2)]

    results = at_once(*(lambda pk=pk: send(pk, nominee) for pk in uploads))

    assert all(isinstance(one, Attachment) for one in results)
    assert draft.attachments.filter(removed_at=None, purpose=Purpose.ESSAY).count() == 1
