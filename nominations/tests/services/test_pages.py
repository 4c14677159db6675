"""The pages of an essay that is a file: made, refused, made again, frozen with the revision."""

import io
from uuid import uuid4

import docx
import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import DomainError
from common.tests.test_uploads import PDF, office, pdf_with
from nominations.drafts import Draft
from nominations.models import Attachment, PagesFault, PagesState, Purpose, Revision
from nominations.services import NotReady, add_attachment, remove_attachment, submit_entry
from nominations.services.pages import fail, make_pages, retry_pages
from outbox.models import Job, Message
from outbox.services import run_due


def document():
    made = docx.Document()
    made.add_heading("Как мы научились слушать 客户体验", 1)
    made.add_paragraph("We asked our clients.")
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(drawn, "PNG")
    drawn.seek(0)
    made.add_picture(drawn)
    made.add_table(1, 2).cell(0, 1).text = "NPS 72"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pages_of_pdf(count):
    with pikepdf.new() as made:
        for _number in range(count):
            made.add_blank_page()
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


@pytest.fixture
def bring(draft, nominee):
    draft.nomination.essay_upload = True
    draft.nomination.save()

    def add(name="essay.pdf", content=PDF):
        file = SimpleUploadedFile(name, content)
        return add_attachment(draft, file, by=nominee, purpose=Purpose.ESSAY)

    return add


def made(attachment):
    run_due(kinds=["make-pages"])
    attachment.refresh_from_db()
    return attachment


def test_a_document_becomes_pages_with_their_words(bring):
    attachment = made(bring("essay.docx", document()))

    page = attachment.pages.get()
    assert (attachment.pages_state, page.number) == (PagesState.READY, 1)
    for words in ("Как мы научились слушать", "客户体验", "We asked our clients.", "NPS 72"):
        assert words in page.text
    with page.image.open() as file, Image.open(file) as image:
        assert (image.format, image.size) == ("PNG", (page.width, page.height))


def test_a_pdf_becomes_pages(bring):
    attachment = made(bring(content=pages_of_pdf(3)))

    assert [page.number for page in attachment.pages.all()] == [1, 2, 3]
    assert attachment.pages.first().image.name == f"pages/{attachment.token}/1.png"


@pytest.mark.parametrize(
    ("content", "fault"), [(pages_of_pdf(61), PagesFault.LONG), (office(), PagesFault.DAMAGED)]
)
def test_a_file_that_cannot_be_shown_says_why(bring, content, fault):
    attachment = made(bring("essay.docx" if fault == PagesFault.DAMAGED else "essay.pdf", content))

    assert (attachment.pages_state, attachment.pages_fault) == (PagesState.FAILED, fault)
    assert attachment.pages.count() == 0


def test_a_page_that_unpacks_to_a_gigabyte_takes_no_worker_down(bring):
    def swell(pdf):
        zeros = b"0 0 m 9 9 l S " * 75_000
        pdf.pages[0].Contents = pdf.make_stream(zeros)

    attachment = made(bring(content=pdf_with(swell)))

    assert attachment.pages_state in {PagesState.READY, PagesState.FAILED}


def test_a_file_that_swells_or_hangs_is_marked_as_heavy(bring, monkeypatch):
    from common.sandbox import Limits

    monkeypatch.setattr("nominations.services.pages.LIMITS", Limits(seconds=0, megabytes=1))
    monkeypatch.setattr("common.sandbox.PATIENCE", 0)

    attachment = made(bring())

    assert (attachment.pages_state, attachment.pages_fault) == ("failed", PagesFault.HEAVY)


def test_making_them_twice_changes_nothing(bring):
    attachment = made(bring())
    first = list(attachment.pages.values_list("pk", flat=True))

    make_pages(attachment.pk)

    assert list(attachment.pages.values_list("pk", flat=True)) == first


def test_a_new_file_takes_the_place_of_the_old_one(
    bring, draft, django_capture_on_commit_callbacks
):
    old = made(bring())
    picture = old.pages.get().image.name

    with django_capture_on_commit_callbacks(execute=True):
        new = bring("better.pdf", pages_of_pdf(2))

    assert list(draft.attachments.all()) == [new]
    assert not default_storage.exists(picture)


def test_an_essay_is_a_document_or_a_pdf(bring):
    with pytest.raises(DomainError) as refusal:
        bring("essay.xlsx", office(".xlsx"))

    assert "Send DOCX, PDF" in str(refusal.value)


def test_with_a_file_the_texts_are_kept_but_not_submitted(bring, draft, nominee):
    typed = {answer.prompt.slug: answer.text for answer in draft.answers.all()}
    assert set(typed) == {"approach", "results"}
    attachment = made(bring())

    revision = submit_entry(draft, by=nominee, key=uuid4())

    assert revision.content["answers"] == []
    assert [
        (one["token"], one["purpose"], one.get("jury", True))
        for one in revision.content["attachments"]
    ] == [(str(attachment.token), "essay", True)]
    remove_attachment(attachment, by=nominee)
    again = submit_entry(draft, by=nominee, key=uuid4())
    assert {one["prompt"]: one["text"] for one in again.content["answers"]} == typed


def test_a_frozen_revision_keeps_its_pages(bring, draft, nominee):
    attachment = made(bring())
    submit_entry(draft, by=nominee, key=uuid4())

    bring("better.pdf", pages_of_pdf(2))

    attachment.refresh_from_db()
    assert attachment.removed_at is not None
    assert default_storage.exists(attachment.pages.get().image.name)


def test_an_entry_is_submitted_while_its_pages_are_being_made(bring, draft, nominee):
    bring()

    submit_entry(draft, by=nominee, key=uuid4())

    assert Revision.objects.count() == 1


def test_a_file_that_cannot_be_shown_keeps_the_entry_from_being_submitted(bring, draft, nominee):
    made(bring(content=pages_of_pdf(61)))

    with pytest.raises(NotReady):
        submit_entry(draft, by=nominee, key=uuid4())

    problem = Draft(draft).problems[0]
    assert problem.message == (
        "“essay.pdf” cannot be shown to the jury as pages. It has too many pages. "
        "Upload another file."
    )
    assert problem.url(draft) == f"/entries/{draft.pk}/essay/#upload-essay"


def test_a_failure_after_the_submission_is_told_once(bring, draft, nominee):
    attachment = bring()
    submit_entry(draft, by=nominee, key=uuid4())

    for _attempt in range(2):
        fail(attachment, PagesFault.HEAVY)

    letters = Message.objects.filter(kind="essay-pages-failed")
    assert [letter.recipient for letter in letters] == [nominee]


def test_an_organiser_has_the_pages_of_a_submitted_file_made_again(
    bring, draft, nominee, organiser, other_organiser
):
    attachment = bring()
    fail(attachment, PagesFault.HEAVY)
    with pytest.raises(PermissionDenied):
        retry_pages(attachment, by=organiser)
    Attachment.objects.update(pages_state=PagesState.WAITING)
    submit_entry(draft, by=nominee, key=uuid4())
    fail(attachment, PagesFault.HEAVY)
    with pytest.raises(PermissionDenied):
        retry_pages(attachment, by=other_organiser)

    retry_pages(attachment, by=organiser)

    assert Job.objects.filter(kind="make-pages").count() == 2
    assert made(attachment).pages_state == PagesState.READY
    with pytest.raises(DomainError):
        retry_pages(attachment, by=organiser)
