"""The page that confirms a diploma, and its file."""

import pytest
from pytest_django.asserts import assertContains

from accounts.models import MemberRole, Membership
from diplomas.services import revoke_diploma

pytestmark = pytest.mark.django_db
PAGE = "/diplomas/CX22-D0001/"
FILE = "/diplomas/CX22-D0001/file/"


def test_anybody_can_check_that_a_diploma_is_genuine(ready, client_of):
    response = client_of(None).get(PAGE)

    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    text = response.content.decode()
    for words in (
        "This diploma is genuine",
        "Camomile Ltd",
        "Human-centred experience",
        "CX award 2022",
        "Finalist",
        ready.content["date"],
        ready.sha256,
    ):
        assert words in text
    assert "nominee@example.org" not in text


def test_the_number_may_be_typed_in_small_letters(ready, client_of):
    assertContains(client_of(None).get("/diplomas/cx22-d0001/"), "This diploma is genuine")


def test_an_unknown_number_is_an_unknown_page(ready, client_of):
    assert client_of(None).get("/diplomas/CX22-D9999/").status_code == 404


def test_a_number_no_database_can_hold_is_an_unknown_page(ready, client_of):
    assert client_of(None).get("/diplomas/%00/").status_code == 404


def test_a_revoked_diploma_is_said_to_be_invalid_without_the_reason(
    ready, organiser, nominee, client_of
):
    revoke_diploma(ready, by=organiser, reason="Copied its figures.")

    text = client_of(None).get(PAGE).content.decode()

    assert "was revoked and is not valid" in text
    assert "This diploma is genuine" not in text
    assert "Copied its figures" not in text
    assert client_of(nominee).get(FILE).status_code == 404


def test_a_diploma_whose_file_is_being_made_is_genuine_already(diploma, client_of):
    text = client_of(None).get(PAGE).content.decode()

    assert "This diploma is genuine" in text
    assert "The file is being made." in text


def test_the_nominee_and_the_organisers_download_the_file(
    ready, nominee, organiser, superuser, client_of
):
    for user in (nominee, organiser, superuser):
        response = client_of(user).get(FILE)
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="CX22-D0001.pdf"'
        assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_nobody_else_downloads_it(ready, other_nominee, judge_user, other_organiser, client_of):
    for user in (other_nominee, judge_user, other_organiser):
        assert client_of(user).get(FILE).status_code == 404
    assert client_of(None).get(FILE).status_code == 302


def test_an_organiser_of_the_entrant_downloads_it_as_the_entrant(ready, organiser, client_of):
    Membership.objects.create(
        user=organiser, organisation=ready.entry.organisation, role=MemberRole.VIEWER
    )

    response = client_of(organiser).get(FILE)
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_there_is_no_file_before_it_is_made(diploma, nominee, client_of):
    assert client_of(nominee).get(FILE).status_code == 404


def test_the_link_to_the_file_is_shown_to_those_who_may_have_it(
    ready, nominee, other_nominee, client_of
):
    assert FILE in client_of(nominee).get(PAGE).content.decode()
    assert FILE not in client_of(other_nominee).get(PAGE).content.decode()
