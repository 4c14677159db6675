"""The editor: saving one answer by JSON, or all by a plain form."""

import json

import pytest

from nominations.models import Answer
from nominations.services import save_answer


@pytest.fixture
def prompt(draft):
    return draft.nomination.prompts.get(slug="approach")


@pytest.fixture
def save(client_of, draft, prompt, nominee):
    """Send an answer the way the editor does."""

    def send(text, base, user=nominee):
        return client_of(user).post(
            f"/entries/{draft.pk}/answers/{prompt.pk}/",
            json.dumps({"text": text, "base_version": base}),
            content_type="application/json",
        )

    return send


def text_of(draft, prompt):
    return Answer.objects.get(entry=draft, prompt=prompt).text


def test_a_saved_answer_comes_back_with_its_version_and_words(save, draft, prompt):
    response = save("Four words are enough", 1)

    told = response.json()
    assert response.status_code == 200
    assert (told["state"], told["version"], told["words"]) == ("saved", 2, 4)
    assert text_of(draft, prompt) == "Four words are enough"


def test_a_stale_answer_gets_409_with_the_stored_text(save, draft, prompt, nominee):
    save("Theirs", 1)

    response = save("Mine", 1)

    assert response.status_code == 409
    assert response.json()["stored"]["text"] == "Theirs"
    assert response.json()["stored"]["by"] == "Nina Nominee"
    assert text_of(draft, prompt) == "Theirs"


def test_after_the_deadline_the_editor_is_told_when_it_was(save, draft, prompt, judging_open):
    judging_open()

    response = save("Too late", 1)

    assert response.status_code == 423
    assert set(response.json()) == {"state", "message", "deadline", "now"}
    assert text_of(draft, prompt) == "We did approach well."


def test_a_refused_answer_gets_422_with_words(save):
    response = save("a" * 60_001, 1)

    assert response.status_code == 422
    assert response.json()["message"] == "An answer has 60000 characters at most."


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"text": 1, "base_version": 1}', '{"text": "a", "base_version": true}'],
)
def test_a_request_that_says_nothing_is_refused(client_of, draft, prompt, nominee, body):
    response = client_of(nominee).post(
        f"/entries/{draft.pk}/answers/{prompt.pk}/", body, content_type="application/json"
    )

    assert response.status_code == 400


def test_without_a_session_the_editor_is_sent_to_sign_in(save, draft, prompt):
    response = save("Lost?", 1, user=None)

    assert response.status_code == 302
    assert text_of(draft, prompt) == "We did approach well."


def test_a_stranger_saves_nothing(save, other_nominee):
    assert save("Hello", 1, user=other_nominee).status_code == 404


def test_a_plain_form_saves_all_answers(client_of, draft, nominee):
    first, second = draft.nomination.prompts.all()

    response = client_of(nominee).post(
        f"/entries/{draft.pk}/essay/",
        {
            f"answer-{first.pk}": "First\r\nline",
            f"base-{first.pk}": "1",
            f"answer-{second.pk}": "Second",
            f"base-{second.pk}": "1",
            "onward": "1",
        },
    )

    assert response["Location"] == f"/entries/{draft.pk}/preview/"
    assert [answer.text for answer in draft.answers.all()] == ["First\nline", "Second"]


def test_a_plain_form_that_comes_second_shows_both_texts(client_of, draft, prompt, nominee):
    save_answer(draft, prompt, "Saved meanwhile", by=nominee, base_version=1)

    response = client_of(nominee).post(
        f"/entries/{draft.pk}/essay/",
        {f"answer-{prompt.pk}": "Typed here", f"base-{prompt.pk}": "1"},
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Typed here" in page
    assert "Saved meanwhile" in page
    assert f'name="base-{prompt.pk}" value="2"' in page
    assert text_of(draft, prompt) == "Saved meanwhile"


def test_a_plain_form_that_comes_too_late_keeps_what_was_typed(
    client_of, draft, prompt, nominee, judging_open
):
    judging_open()

    response = client_of(nominee).post(
        f"/entries/{draft.pk}/essay/",
        {f"answer-{prompt.pk}": "Typed too late", f"base-{prompt.pk}": "1"},
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Typed too late" in page
    assert "Entries closed on" in page
