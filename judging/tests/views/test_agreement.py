"""The agreement is read, accepted in its latest version, and asked again when it changes."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from judging.models import Agreement, Consent
from tests.factories import make_judge


@pytest.fixture
def address(season):
    return reverse("judging:agreement", args=[season.slug])


@pytest.fixture
def unsigned(jury, judge_user):
    return make_judge(jury, judge_user)


def sent(agreement, **fields):
    return {"agreement": agreement.pk, "language": "en", "accept": "1", **fields}


def test_a_judge_reads_and_accepts(client_of, judge_user, unsigned, agreement, address):
    client = client_of(judge_user)

    page = client.get(address)
    answer = client.post(address, sent(agreement))

    assertContains(page, "I keep what I read to myself.")
    assertRedirects(answer, reverse("judging:desk"))
    assert Consent.objects.get().user == judge_user


def test_accepting_leads_where_one_was_going(client_of, judge_user, unsigned, agreement, address):
    client = client_of(judge_user)

    inside = client.post(address, sent(agreement, next="/desk/"))
    outside = client.post(address, sent(agreement, next="https://evil.example.org/"))

    assert (inside.url, outside.url) == ("/desk/", reverse("judging:desk"))


def test_the_box_must_be_ticked(client_of, judge_user, unsigned, agreement, address):
    answer = client_of(judge_user).post(address, sent(agreement, accept=""))

    assertContains(answer, "Tick the box to accept the agreement.", status_code=422)
    assert Consent.objects.count() == 0


def test_a_version_replaced_while_reading_is_not_accepted(
    client_of, judge_user, unsigned, agreement, address, season
):
    Agreement.objects.create(season=season, version="2", text={"en": "The new words."})

    answer = client_of(judge_user).post(address, sent(agreement))

    assertContains(answer, "The new words.", status_code=422)
    assert Consent.objects.count() == 0


def test_a_new_version_is_announced_to_those_who_agreed(
    client_of, judge_user, judge, season, address
):
    client = client_of(judge_user)
    before = client.get(address)
    Agreement.objects.create(season=season, version="2", text={"en": "The new words."})

    after = client.get(address)

    assertContains(before, "You accepted this agreement")
    assertContains(after, "The agreement has changed")
    assertNotContains(after, "You accepted this agreement")


@pytest.mark.parametrize("who", ["stranger", "nominee", "organiser", "superuser"])
def test_to_others_it_is_an_unknown_page(request, who, client_of, agreement, judge, address):
    client = client_of(request.getfixturevalue(who))

    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]


def test_the_signed_record_is_a_pdf_for_the_signer_and_the_organisers(
    client_of, judge_user, judge, organiser, nominee
):
    address = reverse("judging:consent_pdf", args=[Consent.objects.get().pk])

    mine, theirs = client_of(judge_user).get(address), client_of(organiser).get(address)

    assert mine["Content-Type"] == theirs["Content-Type"] == "application/pdf"
    assert mine.content.startswith(b"%PDF")
    assert client_of(nominee).get(address).status_code == 404
