"""The page of documents, and the pages that confirm or refuse them."""

from uuid import uuid4

import pytest

from nominations.models import Credential, CredentialState, Prerequisite, Purpose
from nominations.services import add_attachment, submit_entry
from nominations.services.credentials import Written
from outbox.models import Message
from tests.factories import make_entry, make_person
from tests.world import picture

EMPTY = Written().base


@pytest.fixture
def ccsm(season):
    return Prerequisite.objects.create(
        season=season, slug="ccsm", name={"en": "CCSM certificate"}, needs_proof=False
    )


def page_of(entry):
    return f"/entries/{entry.pk}/conditions/"


def typed(one, number="CCSM-7", issuer="Consortium", expires_on="", base=EMPTY, **more):
    values = {"number": number, "issuer": issuer, "expires_on": expires_on, "base": base}
    return {f"document-{one.pk}-{name}": value for name, value in values.items()} | more


def test_the_step_is_there_only_where_something_is_asked(client_of, nominee, draft, ccsm):
    client = client_of(nominee)
    asked = client.get(draft.get_absolute_url()).content.decode()
    assert page_of(draft) in asked

    ccsm.delete()

    assert page_of(draft) not in client.get(draft.get_absolute_url()).content.decode()
    assert client.get(page_of(draft)).status_code == 404


def test_a_document_is_saved(client_of, nominee, draft, ccsm):
    response = client_of(nominee).post(page_of(draft), typed(ccsm, expires_on="2099-01-01"))

    credential = Credential.objects.get()
    assert response["Location"] == page_of(draft)
    assert (credential.number, credential.issuer, str(credential.expires_on)) == (
        "CCSM-7",
        "Consortium",
        "2099-01-01",
    )


def test_a_fault_in_one_document_loses_no_other(client_of, nominee, season, draft, ccsm):
    other = Prerequisite.objects.create(
        season=season, slug="other", position=2, name={"en": "Other"}, needs_proof=False
    )

    response = client_of(nominee).post(
        page_of(draft), typed(ccsm, expires_on="never") | typed(other, number="O-1")
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="CCSM-7"' in page
    assert list(Credential.objects.values_list("number", flat=True)) == ["O-1"]


def test_who_saves_later_sees_both_and_decides(client_of, nominee, draft, ccsm):
    client = client_of(nominee)
    client.post(page_of(draft), typed(ccsm, number="FIRST"))

    later = client.post(page_of(draft), typed(ccsm, number="SECOND"))
    page = later.content.decode()
    again = client.post(
        page_of(draft), typed(ccsm, number="SECOND", base=Written("FIRST", "Consortium").base)
    )

    assert later.status_code == 422
    assert ("FIRST" in page, 'value="SECOND"' in page) == (True, True)
    assert (again.status_code, Credential.objects.get().number) == (302, "SECOND")


def test_too_late_nothing_is_saved_and_the_text_stays(
    client_of, nominee, draft, ccsm, judging_open
):
    judging_open()

    response = client_of(nominee).post(page_of(draft), typed(ccsm))

    page = response.content.decode()
    assert response.status_code == 422
    assert "Entries closed on" in page
    assert 'value="CCSM-7"' in page


def test_an_earlier_document_is_offered_and_taken_with_one_press(
    client_of, nominee, nomination, organisation, draft, ccsm
):
    client = client_of(nominee)
    client.post(page_of(draft), typed(ccsm))
    other = make_entry(nomination, organisation, nominee)

    offer = client.get(page_of(other)).content.decode()
    client.post(page_of(other), typed(ccsm, number="", issuer="", take=str(ccsm.pk)))

    assert f"Your organisation showed this document in {draft.number}: CCSM-7." in offer
    assert other.credentials.get().number == "CCSM-7"


def test_who_has_one_entry_alone_is_offered_nothing_of_the_others(
    client_of, nominee, nomination, organisation, draft, ccsm
):
    client_of(nominee).post(page_of(draft), typed(ccsm))
    other = make_entry(nomination, organisation, nominee)
    helper = make_person("helper@example.org", "Hella Helper")
    other.shares.create(user=helper, role="edit")

    page = client_of(helper).get(page_of(other)).content.decode()

    assert "CCSM-7" not in page
    assert "CCSM certificate" in page


@pytest.fixture
def shown(client_of, nominee, draft, ccsm):
    """A submitted entry with a document and its scan."""
    add_attachment(draft, picture(), by=nominee, purpose=Purpose.CREDENTIAL, prerequisite=ccsm)
    client_of(nominee).post(page_of(draft), typed(ccsm))
    submit_entry(draft, by=nominee, key=uuid4())
    return Credential.objects.get()


def decide(credential, verb):
    return f"/vetting/credentials/{credential.pk}/{verb}/"


def test_an_organiser_confirms_on_a_page_that_asks(client_of, organiser, nominee, draft, shown):
    client = client_of(organiser)
    asked = client.get(decide(shown, "confirm"))
    back = f"/admin/nominations/entry/{draft.pk}/change/"
    answer = client.post(decide(shown, "confirm"), {"note": "", "next": back})

    shown.refresh_from_db()
    assert "CCSM-7" in asked.content.decode()
    assert (answer["Location"], shown.state) == (back, CredentialState.CONFIRMED)
    assert Message.objects.filter(kind="credential-confirmed").count() == 1


def test_a_foreign_address_is_no_way_back(client_of, organiser, shown):
    answer = client_of(organiser).post(
        decide(shown, "confirm"), {"next": "https://elsewhere.example/"}
    )

    assert answer["Location"] == decide(shown, "confirm")


def test_refusing_without_a_word_is_refused(client_of, organiser, shown):
    response = client_of(organiser).post(decide(shown, "refuse"), {"note": ""})

    shown.refresh_from_db()
    assert response.status_code == 422
    assert "Say why; the nominee will read it." in response.content.decode()
    assert shown.state == CredentialState.GIVEN


def test_the_vetting_team_sees_the_scan_and_others_do_not(
    client_of, season, organiser, nominee, other_nominee, other_organiser, shown
):
    vetter = make_person("vera@example.org", "Vera Vetter")
    season.vetters.create(user=vetter)
    scan = f"/vetting/credentials/{shown.pk}/scan/"

    answers = []
    for person in (organiser, vetter, nominee, other_nominee, other_organiser):
        response = client_of(person).get(scan)
        if response.streaming:
            b"".join(response.streaming_content)  # read to its end, not closed with its connection
        answers.append(response.status_code)

    assert answers == [200, 200, 404, 404, 404]


def test_documents_of_a_draft_are_its_nominee_s_alone(client_of, organiser, nominee, draft, ccsm):
    client_of(nominee).post(page_of(draft), typed(ccsm))
    credential = Credential.objects.get()

    answers = [
        client_of(organiser).get(path).status_code
        for path in (decide(credential, "confirm"), f"/vetting/credentials/{credential.pk}/scan/")
    ]
    admin_page = client_of(organiser).get(f"/admin/nominations/entry/{draft.pk}/change/")

    assert answers == [404, 404]
    assert "CCSM-7" not in admin_page.content.decode()


def test_the_overview_says_that_an_entry_is_conditional(client_of, nominee, draft, ccsm):
    ccsm.missing = "conditional"
    ccsm.save()

    page = client_of(nominee).get(draft.get_absolute_url()).content.decode()

    assert "Conditional until the organisers confirm" in page


def quietly(client, entry, values):
    return client.post(page_of(entry), values, headers={"accept": "application/json"})


def test_what_is_typed_saves_itself_and_says_upon_what_to_write_next(
    client_of, nominee, draft, ccsm
):
    client = client_of(nominee)

    saved = quietly(client, draft, typed(ccsm))
    stale = quietly(client, draft, typed(ccsm, number="CCSM-9"))

    mark = Written("CCSM-7", "Consortium").base
    assert (saved.status_code, saved.json()["cards"][str(ccsm.pk)]) == (
        200,
        {"base": mark, "errors": [], "conflict": False, "stored": ""},
    )
    answer = stale.json()["cards"][str(ccsm.pk)]
    assert (stale.status_code, answer["conflict"], answer["stored"], answer["base"]) == (
        422,
        True,
        "CCSM-7 · Consortium",
        mark,
    )


def test_too_late_the_script_is_told(client_of, nominee, draft, ccsm, judging_open):
    judging_open()

    answer = quietly(client_of(nominee), draft, typed(ccsm))

    assert answer.status_code == 422
    assert answer.json()["closed"].startswith("Entries closed on")
