"""Files over the wire: adding, refusing, and who gets them."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.tests.test_uploads import PDF
from nominations.services import add_attachment, submit_entry


def pdf(name="report.pdf"):
    return SimpleUploadedFile(name, PDF)


@pytest.fixture
def kept(draft, nominee):
    return add_attachment(draft, pdf(), by=nominee)


def url(draft, kept):
    return f"/entries/{draft.pk}/files/{kept.token}/"


def test_several_files_are_judged_one_by_one(client_of, draft, nominee):
    bad = SimpleUploadedFile("fake.pdf", b"<html>")

    response = client_of(nominee).post(
        f"/entries/{draft.pk}/files/",
        {"file": [pdf("good.pdf"), bad]},
        headers={"HX-Request": "true"},
    )

    page = response.content.decode()
    assert "good.pdf" in page
    assert "The content of “fake.pdf” does not match its type" in page
    assert [one.name for one in draft.attachments.all()] == ["good.pdf"]


def test_a_plain_browser_is_led_back_to_the_files(client_of, draft, nominee):
    response = client_of(nominee).post(f"/entries/{draft.pk}/files/", {"file": pdf()})

    assert response["Location"] == f"/entries/{draft.pk}/essay/#files"


def test_a_file_is_an_attachment_that_is_not_guessed_at(client_of, draft, kept, nominee):
    response = client_of(nominee).get(url(draft, kept))

    assert b"".join(response) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("who", ["other_nominee", "judge_user", "other_organiser", "organiser"])
def test_a_file_of_a_draft_is_its_nominee_s_alone(client_of, draft, kept, request, who):
    assert client_of(request.getfixturevalue(who)).get(url(draft, kept)).status_code == 404


def test_an_organiser_gets_a_submitted_file(client_of, draft, kept, nominee, organiser):
    submit_entry(draft, by=nominee, key=uuid4())

    response = client_of(organiser).get(url(draft, kept))

    assert b"".join(response) == PDF


def test_removing_a_file(client_of, draft, kept, nominee):
    response = client_of(nominee).post(f"{url(draft, kept)}remove/")

    assert response.status_code == 302
    assert draft.attachments.count() == 0
