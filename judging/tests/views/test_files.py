"""What a judge gets of an entry's files: downloads, pages, and nothing that is kept from the jury."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from judging.models import Conflict
from nominations.models import Page, PagesState, Purpose
from tests.factories import make_person


@pytest.fixture
def as_judge(client_of, judge_user):
    return client_of(judge_user)


def url(work, name="assignment", *args):
    return reverse(f"judging:{name}", args=[work.pk, *args])


def test_a_file_that_is_kept_from_the_jury_is_unknown(as_judge, work, attachment):
    with_it = as_judge.get(url(work, "file", attachment.token))
    assert b"".join(with_it.streaming_content) == b"%PDF-1.4"
    revision = work.entry.latest_revision()
    revision.content["attachments"][0]["jury"] = False
    revision.save()

    page = as_judge.get(url(work)).content.decode()

    assert as_judge.get(url(work, "file", attachment.token)).status_code == 404
    assert str(attachment.token) not in page
    assert attachment.name not in page


@pytest.fixture
def essay_file(work, attachment):
    """The attachment is the essay, and has two pages."""
    attachment.purpose, attachment.pages_state = Purpose.ESSAY, PagesState.READY
    attachment.save()
    for number in (1, 2):
        page = Page(attachment=attachment, number=number, width=910, height=1287, text="We ask.")
        page.image.save("page.png", ContentFile(b"\x89PNG page %d" % number), save=False)
        page.save()
    revision = work.entry.latest_revision()
    revision.content["attachments"][0]["purpose"] = "essay"
    revision.save()
    return attachment


def test_an_essay_that_is_a_file_is_read_as_pages_and_as_text(as_judge, work, essay_file):
    where = url(work, "page", essay_file.token, 2)

    page = as_judge.get(url(work)).content.decode()
    picture = as_judge.get(where)

    assert f'<img src="{where}" width="910" height="1287" loading="lazy"' in page
    assert page.count("<p>We ask.</p>") == 2
    assert b"".join(picture.streaming_content) == b"\x89PNG page 2"
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["Cache-Control"] == "private, no-store"


def test_a_page_is_for_whom_its_file_is_for(as_judge, work, essay_file, client_of, judge_user):
    where = url(work, "page", essay_file.token, 1)
    stranger = client_of(make_person("another@example.org", "Another"))
    assert b"".join(as_judge.get(where).streaming_content) == b"\x89PNG page 1"

    assert stranger.get(where).status_code == 404
    assert as_judge.get(url(work, "page", essay_file.token, 3)).status_code == 404
    Conflict.objects.create(
        user=judge_user, entry=work.entry, reason="A friend.", declared_by=judge_user
    )
    assert as_judge.get(where).status_code == 404


def test_many_pages_cost_no_more_queries(as_judge, work, essay_file, django_assert_max_num_queries):
    for number in range(3, 31):
        Page.objects.create(
            attachment=essay_file, number=number, image="x.png", width=1, height=1, text="More."
        )

    with django_assert_max_num_queries(24):
        page = as_judge.get(url(work)).content.decode()

    assert page.count("sheets__page") == 30


def test_pages_that_are_not_made_yet_leave_the_download(as_judge, work, essay_file):
    essay_file.pages_state = PagesState.WAITING
    essay_file.save()

    page = as_judge.get(url(work)).content.decode()

    assert "The pages are being made" in page
    assert url(work, "file", essay_file.token) in page
