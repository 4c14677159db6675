"""Diplomas in the back office."""

import pytest
from pytest_django.asserts import assertContains

from diplomas.models import Diploma, DiplomaState
from diplomas.services import issue_diploma
from judging.models import Conflict
from outbox.services import run_due

pytestmark = pytest.mark.django_db
LIST = "/admin/diplomas/diploma/"


@pytest.fixture
def failed(admitted_entry):
    admitted_entry.organisation.name = "Camomile 𓀀"
    admitted_entry.organisation.save()
    diploma = issue_diploma(admitted_entry, "finalist")
    run_due(kinds=["make-diploma"])
    return diploma


def test_a_failed_diploma_says_why_and_offers_to_try_again(failed, organiser, client_of):
    client = client_of(organiser)

    listed = client.get(LIST).content.decode()
    page = client.get(f"{LIST}{failed.pk}/change/").content.decode()

    for text in (listed, page):
        assert "U+13000" in text
        assert f"{LIST}{failed.pk}/retry/" in text


def test_trying_again_asks_first_and_makes_the_file(failed, organiser, client_of):
    failed.entry.organisation.name = "Camomile"
    failed.entry.organisation.save()
    client = client_of(organiser)

    assertContains(client.get(f"{LIST}{failed.pk}/retry/"), failed.number)
    assert Diploma.objects.get().state == DiplomaState.FAILED
    client.post(f"{LIST}{failed.pk}/retry/")
    run_due(kinds=["make-diploma"])

    assert Diploma.objects.get().state == DiplomaState.READY


def test_revoking_asks_for_a_reason(ready, organiser, client_of):
    client = client_of(organiser)

    refused = client.post(f"{LIST}{ready.pk}/revoke/", {"reason": ""})
    assert "reason" in refused.context["form"].errors
    assert Diploma.objects.get().revoked_at is None

    client.post(f"{LIST}{ready.pk}/revoke/", {"reason": "Issued by mistake."})
    assert Diploma.objects.get().revoked_by == organiser


def test_other_organisers_and_people_with_a_conflict_see_nothing(
    ready, organiser, other_organiser, client_of
):
    assert b"CX22-D0001" in client_of(organiser).get(LIST).content
    Conflict.objects.create(
        user=organiser, entry=ready.entry, reason="A cousin", declared_by=organiser
    )

    for user in (organiser, other_organiser):
        client = client_of(user)
        assert b"CX22-D0001" not in client.get(LIST).content
        for act in ("retry", "revoke"):
            assert client.get(f"{LIST}{ready.pk}/{act}/").status_code == 404
            assert client.post(f"{LIST}{ready.pk}/{act}/", {"reason": "x"}).status_code == 404


def test_nobody_adds_or_edits_a_diploma_by_hand(ready, superuser, client_of):
    client = client_of(superuser)

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{ready.pk}/change/", {"number": "X"}).status_code == 403
