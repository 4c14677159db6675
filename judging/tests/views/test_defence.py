"""The running order: times, links and the way to each scorecard."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Membership
from judging.models import Agreement
from judging.services import advance, assign, plan_defence

QUERIES = 19


@pytest.fixture
def address(season):
    return reverse("judging:defence", args=[season.slug])


def test_a_judge_sees_who_presents_when(client_of, judge_user, judge, slot, organiser, address):
    row = assign(slot.round, judge, slot.entry, by=organiser)

    answer = client_of(judge_user).get(address)

    for text in ["Camomile Ltd", "Great hall", "https://meet.example.org/cx", "Moscow, UTC+3"]:
        assertContains(answer, text)
    assertContains(answer, f'href="{row.get_absolute_url()}#scorecard"')


def test_an_entry_in_conflict_is_left_out(
    client_of, judge_user, judge, slot, organisation, address
):
    before = client_of(judge_user).get(address)
    Membership.objects.create(user=judge_user, organisation=organisation)

    after = client_of(judge_user).get(address)

    assertContains(before, "Camomile Ltd")
    assertNotContains(after, "Camomile Ltd")


def test_without_consent_the_agreement_comes_first(client_of, judge_user, judge, slot, address):
    Agreement.objects.create(season=slot.round.season, version="2", text={"en": "New"})

    answer = client_of(judge_user).get(address)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("judging:agreement", args=["cx-2022"]))


@pytest.mark.parametrize("who", ["stranger", "nominee"])
def test_to_others_it_is_an_unknown_page(request, who, client_of, slot, judge, address):
    assert client_of(request.getfixturevalue(who)).get(address).status_code == 404


def test_without_slots_it_says_so(client_of, judge_user, judge, defence_round, address):
    assertContains(client_of(judge_user).get(address), "No defence is planned yet")


@pytest.mark.parametrize("rows", [3, 30])
def test_the_number_of_queries_does_not_grow(
    rows,
    client_of,
    judge_user,
    judge,
    defence_round,
    more_entries,
    organiser,
    address,
    django_assert_max_num_queries,
):
    entries = more_entries(rows)
    advance(defence_round, entries, by=organiser)
    for position, entry in enumerate(entries):
        at = defence_round.stage.opens_at + timedelta(hours=position)
        plan_defence(defence_round, entry, by=organiser, starts_at=at, minutes=20)

    client = client_of(judge_user)

    with django_assert_max_num_queries(QUERIES):
        answer = client.get(address)

    assert answer.content.count(b'class="slot"') == rows
