"""Preview, submission and receipt, as pages."""

from uuid import uuid4

import pytest

from nominations.models import Answer, EntryStatus, Revision
from nominations.services import save_answer
from outbox.models import Message


def test_the_preview_shows_the_answers_and_the_button_with_a_key(client_of, draft, nominee):
    page = client_of(nominee).get(f"/entries/{draft.pk}/preview/").content.decode()

    assert "We did approach well." in page
    assert 'name="key"' in page


def test_the_preview_names_what_is_missing_with_links(client_of, draft, nominee):
    prompt = draft.nomination.prompts.first()
    Answer.objects.filter(prompt=prompt).update(text="")

    page = client_of(nominee).get(f"/entries/{draft.pk}/preview/").content.decode()

    assert "One thing is missing before you can submit" in page
    assert f"/entries/{draft.pk}/essay/#answer-{prompt.pk}" in page
    assert 'name="key"' not in page


def test_the_same_form_sent_three_times_leads_to_one_receipt(client_of, draft, nominee):
    client, key = client_of(nominee), str(uuid4())

    places = [
        client.post(f"/entries/{draft.pk}/submit/", {"key": key})["Location"] for _ in range(3)
    ]

    assert places == [f"/entries/{draft.pk}/receipts/1/"] * 3
    assert Revision.objects.count() == 1
    assert Message.objects.filter(kind="entry-receipt").count() == 1


def test_the_receipt_shows_number_revision_hash_and_what_was_frozen(client_of, draft, nominee):
    client = client_of(nominee)
    client.post(f"/entries/{draft.pk}/submit/", {"key": str(uuid4())})
    revision = Revision.objects.get()

    page = client.get(f"/entries/{draft.pk}/receipts/1/").content.decode()

    for part in (draft.number, revision.sha256, nominee.email, "Moscow, UTC+3", "We did results"):
        assert part in page


def test_a_form_without_a_key_is_asked_for_again(client_of, draft, nominee):
    response = client_of(nominee).post(f"/entries/{draft.pk}/submit/", {"key": "x"})

    assert response.status_code == 422
    assert Revision.objects.count() == 0


def test_a_late_submission_says_the_deadline_the_time_and_what_is_kept(
    client_of, draft, nominee, judging_open
):
    judging_open()

    response = client_of(nominee).post(f"/entries/{draft.pk}/submit/", {"key": str(uuid4())})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Too late: this was not submitted" in page
    assert "Entries closed on" in page
    assert "on our server" in page
    assert "Kept as a draft: 2 of 2 answered." in page
    draft.refresh_from_db()
    assert draft.status == EntryStatus.DRAFT


def test_changes_after_submission_are_announced_until_submitted_again(client_of, draft, nominee):
    client = client_of(nominee)
    client.post(f"/entries/{draft.pk}/submit/", {"key": str(uuid4())})
    save_answer(
        draft, draft.nomination.prompts.first(), "Changed my mind", by=nominee, base_version=1
    )

    before = client.get(f"/entries/{draft.pk}/").content.decode()
    client.post(f"/entries/{draft.pk}/submit/", {"key": str(uuid4())})
    after = client.get(f"/entries/{draft.pk}/").content.decode()

    assert "Changes since revision 1 are not submitted" in before
    assert "Submitted: revision 2 is in" in after


@pytest.mark.parametrize("who", ["other_nominee", "judge_user", "other_organiser"])
def test_a_receipt_is_nobody_else_s(client_of, submitted_entry, request, who):
    client = client_of(request.getfixturevalue(who))

    assert client.get(f"/entries/{submitted_entry.pk}/receipts/1/").status_code == 404


def test_markup_in_an_answer_is_shown_harmless(client_of, draft, nominee):
    Answer.objects.update(text="**Bold** <script>alert(1)</script> [x](javascript:alert(1))")

    page = client_of(nominee).get(f"/entries/{draft.pk}/preview/").content.decode()

    assert "<strong>Bold</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
