"""Pages of the people of an entry and of their discussion."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from accounts.models import Membership
from nominations.models import Comment, EntryInvitation, EntryShare, ShareRole
from nominations.services.comments import add_comment
from tests.factories import make_person


@pytest.fixture
def client_person(draft):
    person = make_person("client@example.org", "Clio Client")
    EntryShare.objects.create(entry=draft, user=person, role=ShareRole.EDIT)
    return person


def people(entry):
    return f"/entries/{entry.pk}/people/"


def talk(entry):
    return f"/entries/{entry.pk}/discussion/"


def test_the_page_names_everybody_who_has_access(client_of, draft, nominee, client_person):
    page = client_of(client_person).get(people(draft)).text

    assert "Nina Nominee" in page
    assert "Clio Client" in page
    assert "Send the invitation" not in page
    assert "Send the invitation" in client_of(nominee).get(people(draft)).text


def test_somebody_is_invited_changed_and_removed_on_the_page(
    client_of, draft, nominee, client_person
):
    client, share = client_of(nominee), EntryShare.objects.get()
    client.post(f"{people(draft)}invite/", {"email": "new@example.org", "role": "view"})
    client.post(f"{people(draft)}{share.pk}/", {"role": "submit"})
    share.refresh_from_db()

    assert EntryInvitation.objects.get().email == "new@example.org"
    assert share.role == ShareRole.SUBMIT
    client.post(f"{people(draft)}{share.pk}/end/")
    assert not EntryShare.objects.exists()


def test_a_wrong_address_stays_in_the_form(client_of, draft, nominee):
    page = client_of(nominee).post(
        f"{people(draft)}invite/", {"email": "nobody at all", "role": "view"}
    )

    assert page.status_code == 422
    assert 'value="nobody at all"' in page.text


def test_stepping_out_leads_to_the_desk(client_of, draft, client_person):
    answer = client_of(client_person).post(f"{people(draft)}{EntryShare.objects.get().pk}/end/")

    assert answer.url == "/desk/"
    assert client_of(client_person).get(people(draft)).status_code == 404


def test_a_clients_person_edits_the_vendors_entry(client_of, draft, client_person):
    prompt = draft.nomination.prompts.first()

    answer = client_of(client_person).post(
        f"/entries/{draft.pk}/answers/{prompt.pk}/",
        {"text": "What the client adds.", "base_version": 1},
        content_type="application/json",
    )

    assert answer.json()["state"] == "saved"


def test_the_shared_entry_is_on_the_desk_of_the_invited(client_of, draft, client_person):
    assert draft.number in client_of(client_person).get("/desk/").text


def test_a_comment_is_written_without_javascript(client_of, draft, nominee):
    prompt = draft.nomination.prompts.first()
    client, key = client_of(nominee), str(uuid4())

    for _time in range(2):
        answer = client.post(talk(draft), {"text": "Shorter?", "prompt": prompt.pk, "key": key})

    assert answer.url == f"{talk(draft)}#about-{prompt.pk}"
    assert Comment.objects.get().prompt == prompt
    assert "Shorter?" in client.get(talk(draft)).text


def test_htmx_gets_the_discussion_alone(client_of, draft, nominee):
    answer = client_of(nominee).post(
        talk(draft), {"text": "Shorter?", "key": str(uuid4())}, headers={"hx-request": "true"}
    )

    assert "Shorter?" in answer.text
    assert "<html" not in answer.text


def test_what_was_typed_stays_when_it_is_refused(client_of, draft, nominee):
    page = client_of(nominee).post(talk(draft), {"text": "Keep me", "prompt": "7", "key": "odd"})

    assert page.status_code == 422
    assert "Keep me</textarea>" in page.text


def test_text_is_shown_as_text(client_of, draft, nominee):
    add_comment(draft, text="<script>alert(1)</script>", by=nominee, key=uuid4(), prompt=None)

    page = client_of(nominee).get(talk(draft)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_comment_is_settled_opened_and_deleted(client_of, draft, nominee):
    comment = add_comment(draft, text="Hm", by=nominee, key=uuid4(), prompt=None)
    client, here = client_of(nominee), f"/entries/{draft.pk}/comments/{comment.pk}/"

    client.post(f"{here}resolve/")
    assert "1 settled comment" in client.get(talk(draft)).text
    client.post(f"{here}reopen/")
    assert "1 settled comment" not in client.get(talk(draft)).text
    client.post(f"{here}delete/")

    assert not Comment.objects.exists()


def test_neither_organisers_nor_the_jury_read_the_discussion(
    client_of, admitted_entry, assignment, judging_open, nominee, organiser, superuser, judge_user
):
    judging_open()
    words = "Between ourselves"
    add_comment(admitted_entry, text=words, by=nominee, key=uuid4(), prompt=None)

    assert words in client_of(nominee).get(talk(admitted_entry)).text
    assert [
        client_of(person).get(talk(admitted_entry)).status_code
        for person in (organiser, superuser, judge_user)
    ] == [403, 403, 404]
    for person, path in [
        (organiser, f"/admin/nominations/entry/{admitted_entry.pk}/change/"),
        (superuser, f"/admin/nominations/entry/{admitted_entry.pk}/change/"),
        (organiser, f"/entries/{admitted_entry.pk}/"),
        (judge_user, assignment.get_absolute_url()),
    ]:
        page = client_of(person).get(path)
        assert page.status_code == 200
        assert words not in page.text


def test_an_organiser_sees_who_has_access_in_the_back_office(client_of, submitted_entry, organiser):
    person = make_person("client@example.org", "Clio Client")
    EntryShare.objects.create(entry=submitted_entry, user=person, role=ShareRole.EDIT)

    page = client_of(organiser).get(f"/admin/nominations/entry/{submitted_entry.pk}/change/").text

    assert "Clio Client" in page
    assert "Nina Nominee" in page


@pytest.mark.parametrize("path", [people, talk])
def test_thirty_people_and_comments_take_as_many_queries_as_three(
    client_of, draft, nominee, organisation, path
):
    def grow(count):
        for _one in range(count):
            number = Membership.objects.count() + 100
            person = make_person(f"p{number}@example.org", f"Person {number}")
            Membership.objects.create(user=person, organisation=organisation, role="viewer")
            guest = make_person(f"g{number}@example.org", f"Guest {number}")
            EntryShare.objects.create(entry=draft, user=guest, role=ShareRole.VIEW)
            Comment.objects.create(
                entry=draft, author=guest, text=f"Remark {number}", idempotency_key=uuid4()
            )

    client = client_of(nominee)
    client.get(path(draft))
    counts = []
    for count in (3, 27):
        grow(count)
        with CaptureQueriesContext(connection) as found:
            page = client.get(path(draft))
        assertContains(page, "Remark 10" if path == talk else "Person 10")
        counts.append(len(found))

    assert counts[0] == counts[1]
    assert counts[0] < 25


def test_the_essay_says_who_saved_an_answer_last_and_how_many_comments_it_has(
    client_of, draft, nominee, client_person
):
    first, second = draft.nomination.prompts.all()
    draft.answers.filter(prompt=first).update(updated_by=client_person)
    for text in ("One", "Two"):
        add_comment(draft, text=text, by=nominee, key=uuid4(), prompt=second)

    page = client_of(nominee).get(f"/entries/{draft.pk}/essay/").text

    assert page.count("saved by Clio Client") == 1
    assert "saved by Nina Nominee" not in page
    assert f'discussion/?prompt={second.pk}#about-{second.pk}">' in page
    assert "2 comments" in page
