"""History, calendar files, documents and copies in the browser."""

from uuid import uuid4

import pytest
from django.urls import reverse

from nominations.models import Entry
from tests.factories import make_nomination

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(category):
    nomination = make_nomination(category, 2, "Innovation")
    nomination.prompts.filter(slug="results").delete()
    return nomination


def test_the_history_page_leads_to_the_receipt(client_of, submitted_entry, nominee):
    html = client_of(nominee).get(f"/entries/{submitted_entry.pk}/history/").content.decode()

    assert "Revision 1 submitted" in html
    assert f'href="/entries/{submitted_entry.pk}/receipts/1/"' in html


def test_the_history_is_for_the_entrys_own_people(
    client_of, draft, organiser, other_nominee, judge_user
):
    address = f"/entries/{draft.pk}/history/"

    assert [
        client_of(person).get(address).status_code
        for person in (organiser, other_nominee, judge_user)
    ] == [403, 404, 404]


@pytest.mark.parametrize("address", ["/entries/{}/calendar.ics", "/desk/calendar.ics"])
def test_a_calendar_is_a_private_file(client_of, draft, nominee, address):
    response = client_of(nominee).get(address.format(draft.pk))

    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment;")
    assert f"entry-{draft.pk}-deadline@".encode() in b"".join(response)


def test_a_calendar_holds_no_entry_of_others(client_of, draft, other_nominee):
    content = b"".join(client_of(other_nominee).get("/desk/calendar.ics"))

    assert content.startswith(b"BEGIN:VCALENDAR")
    assert b"BEGIN:VEVENT" not in content


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("pdf", "application/pdf"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_the_draft_is_its_peoples_and_a_revision_also_the_organisers(
    client_of, submitted_entry, nominee, organiser, judge_user, ending, content_type
):
    address = f"/entries/{submitted_entry.pk}/document.{ending}"

    draft = client_of(nominee).get(address)
    assert (draft.status_code, draft["Content-Type"]) == (200, content_type)
    assert f"{submitted_entry.number}-draft.{ending}" in draft["Content-Disposition"]
    assert [
        client_of(person).get(f"{address}{query}").status_code
        for person in (organiser, judge_user)
        for query in ("", "?revision=1")
    ] == [403, 200, 404, 404]


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "1e3", "٣", "9" * 30])
def test_a_revision_that_is_not_there_is_not_found(client_of, submitted_entry, nominee, number):
    address = f"/entries/{submitted_entry.pk}/document.pdf"

    assert client_of(nominee).get(address, {"revision": number}).status_code == 404


def test_copying_leads_to_what_was_left_behind(client_of, draft, other, nominee):
    client = client_of(nominee)
    assert "2. Innovation" in client.get(f"/entries/{draft.pk}/copy/").content.decode()

    data = {"nomination": other.pk, "key": uuid4()}
    response = client.post(f"/entries/{draft.pk}/copy/", data, follow=True)

    made = Entry.objects.exclude(pk=draft.pk).get()
    assert response.redirect_chain == [
        (reverse("nominations:copied", args=[draft.pk, made.pk]), 302)
    ]
    html = response.content.decode()
    assert "Describe your results" in html
    assert "We did results well." in html
    client.post(f"/entries/{draft.pk}/copy/", data)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("chosen", ["", "x", "999999"])
def test_a_copy_into_nothing_is_refused_and_the_list_stays(
    client_of, draft, other, nominee, chosen
):
    response = client_of(nominee).post(
        f"/entries/{draft.pk}/copy/", {"nomination": chosen, "key": uuid4()}
    )

    assert response.status_code == 422
    assert "Choose a nomination." in response.content.decode()
    assert "2. Innovation" in response.content.decode()


def test_a_full_nomination_says_so_and_keeps_the_choice(client_of, draft, other, nominee):
    other.max_entries = 1
    other.save()
    client = client_of(nominee)
    client.post(f"/entries/{draft.pk}/copy/", {"nomination": other.pk, "key": uuid4()})

    response = client.post(f"/entries/{draft.pk}/copy/", {"nomination": other.pk, "key": uuid4()})

    assert response.status_code == 422
    html = response.content.decode()
    assert "takes no more entries" in html
    assert f'value="{other.pk}" checked' in html


def test_two_entries_that_are_no_copies_have_no_page_of_leftovers(
    client_of, draft, submitted_entry, nominee
):
    address = f"/entries/{draft.pk}/copy/{submitted_entry.pk}/"

    assert client_of(nominee).get(address).status_code == 404
