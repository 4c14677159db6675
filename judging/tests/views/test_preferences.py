"""Judges say what they would like to judge, by nomination, until the round opens."""

import pytest
from django.urls import reverse

from judging.models import Bid


@pytest.fixture
def address(season):
    return reverse("judging:preferences", args=[season.slug])


@pytest.fixture
def asking_round(essay_round):
    essay_round.asks_preferences = True
    essay_round.save()
    return essay_round


def test_a_judge_says_what_they_want_and_changes_it(
    client_of, address, asking_round, judge, judge_user, nomination, admitted_entry
):
    client = client_of(judge_user)

    desk = client.get(reverse("judging:desk"))
    page = client.get(address)
    client.post(address, {f"n-{nomination.pk}": "want"})
    client.post(address, {f"n-{nomination.pk}": "rather_not", "n-99": "want", "n-x": "y"})

    assert address in desk.content.decode()
    assert "Human-centred experience" in page.content.decode()
    for secret in (admitted_entry.number, admitted_entry.organisation.name):
        assert secret not in page.content.decode()
    assert list(Bid.objects.values_list("judge", "nomination", "wish")) == [
        (judge.pk, nomination.pk, "rather_not")
    ]


def test_nobody_is_asked_where_the_round_does_not_or_has_opened(
    client_of, address, essay_round, judge, judge_user, judging_open
):
    client = client_of(judge_user)
    silent = client.get(address).status_code
    essay_round.asks_preferences = True
    essay_round.save()
    judging_open()

    assert (silent, client.get(address).status_code) == (404, 404)
    assert client.post(address, {}).status_code == 404


def test_the_agreement_comes_first_and_strangers_find_nothing(
    client_of, address, asking_round, jury, agreement, chair_user, stranger, nomination
):
    jury.judges.create(user=chair_user)

    unsigned = client_of(chair_user).get(address)

    assert unsigned.status_code == 302
    assert reverse("judging:agreement", args=[asking_round.season.slug]) in unsigned.url
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(chair_user).post(address, {f"n-{nomination.pk}": "want"}).status_code == 302
    assert Bid.objects.count() == 0
