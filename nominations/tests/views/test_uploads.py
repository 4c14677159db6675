"""The tus protocol over the wire: headers, statuses, and whom an upload belongs to."""

import base64
from uuid import uuid4

import pytest
from django.utils import timezone

from common.tests.test_uploads import PDF
from nominations.models import Attachment, Prompt, PromptKind, Upload

TUS = {"Tus-Resumable": "1.0.0"}
WHOLE = len(PDF)
PART = "application/offset+octet-stream"


def said(**values):
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items()
    )


@pytest.fixture
def client(client_of, nominee):
    return client_of(nominee)


@pytest.fixture
def begin(client, draft):
    def send(name="report.pdf", size=WHOLE, slot="support", client=client, **more):
        headers = {
            **TUS,
            "Upload-Length": str(size),
            "Upload-Metadata": said(filename=name, slot=slot, **more),
        }
        return client.post(f"/entries/{draft.pk}/uploads/", headers=headers)

    return send


def patch(client, where, content, offset=0, **headers):
    return client.patch(
        where, content, content_type=PART, headers={**TUS, "Upload-Offset": str(offset), **headers}
    )


def test_the_server_says_what_it_can(client, draft):
    response = client.options(f"/entries/{draft.pk}/uploads/")

    assert response.status_code == 204
    assert response["Tus-Version"] == "1.0.0"
    assert response["Tus-Extension"] == "creation,termination,expiration"
    assert response["Tus-Max-Size"] == str(20 * 1024 * 1024)


def test_a_file_is_announced_sent_asked_about_and_finished(client, begin, draft):
    begun = begin()
    where = begun["Location"]
    half = patch(client, where, PDF[:150])
    asked = client.head(where, headers=TUS)
    whole = patch(client, where, PDF[150:], offset=150)

    assert (begun.status_code, half.status_code, whole.status_code) == (201, 204, 204)
    assert "Upload-Expires" in begun
    assert (half["Upload-Offset"], asked["Upload-Offset"]) == ("150", "150")
    assert (asked["Upload-Length"], asked["Cache-Control"]) == (str(len(PDF)), "no-store")
    assert whole["Upload-Offset"] == str(len(PDF))
    assert [one.name for one in draft.attachments.all()] == ["report.pdf"]


def test_each_place_gets_its_own_files(client, begin, draft):
    prompt = Prompt.objects.create(
        nomination=draft.nomination,
        position=3,
        slug="letters",
        kind=PromptKind.FILE,
        label={"en": "Letters"},
        maximum=1,
    )

    patch(client, begin(slot=f"answer-{prompt.pk}")["Location"], PDF)
    full = begin(slot=f"answer-{prompt.pk}")

    kept = draft.attachments.get()
    assert (kept.purpose, kept.prompt) == ("answer", prompt)
    assert full.status_code == 422
    assert "1 file" in full.json()["message"]


@pytest.mark.parametrize("slot", ["", "essay", "answer-1", "answer-x", "credential-7", "nothing"])
def test_a_place_the_entry_has_not_takes_nothing(begin, slot):
    assert begin(slot=slot).status_code == 400


def test_a_part_out_of_order_is_a_conflict_that_names_the_right_offset(client, begin):
    where = begin()["Location"]
    patch(client, where, PDF[:100])

    response = patch(client, where, PDF[50:], offset=50)

    assert (response.status_code, response["Upload-Offset"]) == (409, "100")


def test_a_refused_file_is_refused_in_words_and_gone(client, begin):
    where = begin("fake.pdf", size=6)["Location"]

    response = patch(client, where, b"<html>")

    assert response.status_code == 422
    assert response.json()["message"] == (
        "The content of “fake.pdf” does not match its type, or is damaged."
    )
    assert client.head(where, headers=TUS).status_code == 404


def test_what_is_not_the_protocol_is_refused(client, begin, draft):
    where = begin()["Location"]
    other = client.patch(where, PDF, content_type=PART, headers={"Upload-Offset": "0"})
    typed = client.patch(
        where, PDF, content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}
    )
    lost = client.patch(where, PDF, content_type=PART, headers=TUS)
    mute = client.post(f"/entries/{draft.pk}/uploads/", headers=TUS)

    assert [one.status_code for one in (other, typed, lost, mute)] == [412, 415, 400, 400]
    assert other["Tus-Version"] == "1.0.0"
    assert Upload.objects.get().received == 0


def test_a_file_beyond_the_limit_is_refused_before_it_is_sent(begin):
    response = begin(size=20 * 1024 * 1024 + 1)

    assert response.status_code == 413
    assert response.json()["message"] == "The file is larger than 20 MB."


def test_a_request_beyond_the_limit_is_not_read(client, begin):
    where = begin(size=6 * 1024 * 1024)["Location"]

    assert patch(client, where, b"x" * (5 * 1024 * 1024 + 1)).status_code == 413


def test_an_upload_is_its_owner_s_alone(client, begin, client_of, draft, organiser, other_nominee):
    where = begin()["Location"]

    for person, status in ((other_nominee, 404), (organiser, 403)):
        stranger = client_of(person)
        statuses = [
            stranger.head(where, headers=TUS).status_code,
            patch(stranger, where, PDF).status_code,
            stranger.delete(where, headers=TUS).status_code,
            begin(client=stranger).status_code,
        ]
        assert set(statuses) == {status}
    assert Upload.objects.get().received == 0


def test_a_visitor_is_led_to_sign_in(begin, client_of):
    where = begin()["Location"]

    response = patch(client_of(None), where, PDF)

    assert response.status_code == 302
    assert "Tus-Resumable" not in response


def test_cancelling(client, begin):
    where = begin()["Location"]

    assert client.delete(where, headers=TUS).status_code == 204
    assert client.head(where, headers=TUS).status_code == 404


def test_an_upload_that_was_left_is_gone(client, begin):
    where = begin()["Location"]
    Upload.objects.update(expires_at=timezone.now())

    assert client.head(where, headers=TUS).status_code == 410
    assert patch(client, where, PDF).status_code == 410


def test_after_the_deadline_nothing_more_is_taken(client, begin, judging_open):
    where = begin()["Location"]
    judging_open()

    late, begun = patch(client, where, PDF), begin()

    assert (late.status_code, begun.status_code) == (423, 423)
    assert "Entries closed on" in late.json()["message"]
    assert Attachment.objects.count() == 0


def test_announcing_three_times_with_one_key_makes_one_upload(begin):
    key = str(uuid4())

    places = {begin(key=key)["Location"] for _time in range(3)}

    assert len(places) == 1
    assert Upload.objects.count() == 1


def test_the_place_is_shown_as_it_stands(client, draft, client_of, organiser, begin):
    patch(client, begin()["Location"], PDF)
    address = f"/entries/{draft.pk}/slots/support/"

    page = client.get(address).content.decode()

    assert "report.pdf" in page
    assert "9 more files" in page
    assert client.get(f"/entries/{draft.pk}/slots/nothing/").status_code == 404
    assert client_of(organiser).get(address).status_code == 403


def test_a_figure_that_was_proved_lacks_nothing_more(client, draft, begin, nominee):
    prompt = Prompt.objects.create(
        nomination=draft.nomination,
        position=3,
        slug="nps",
        kind=PromptKind.METRIC,
        label={"en": "NPS"},
    )
    text = '{"value":"72","period":"2024","source":"survey"}'
    draft.answers.create(prompt=prompt, text=text, version=1, updated_by=nominee)
    address = f"/entries/{draft.pk}/slots/answer-{prompt.pk}/"
    before = client.get(address).content.decode()
    assert 'data-lacks="Add a file that proves the value."' in before

    patch(client, begin(slot=f"answer-{prompt.pk}")["Location"], PDF)

    assert 'data-lacks="" data-stands="done"' in client.get(address).content.decode()
