"""The public list holds those who are listed, and nobody else."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from judging.services import remove_judge
from tests.factories import make_judge, make_person

QUERIES = 8


@pytest.fixture
def address(season):
    return reverse("judging:jury", args=[season.slug])


def test_members_are_introduced(client_of, judge, address):
    judge.biography = {"en": "Fifteen years in **service**."}
    judge.save()

    answer = client_of(None).get(address)

    for text in ["Yuri Judge", "CX director", "Aster", "<strong>service</strong>", "YJ"]:
        assertContains(answer, text)
    assertNotContains(answer, "judge@example.org")


def test_unlisted_and_removed_members_are_not_named(client_of, jury, judge, organiser, address):
    make_judge(jury, make_person("quiet@example.org", "Quiet Member"), listed=False)
    before = client_of(None).get(address)
    remove_judge(judge, by=organiser, reason="x")

    after = client_of(None).get(address)

    assertContains(before, "Yuri Judge")
    assertNotContains(before, "Quiet Member")
    assertNotContains(after, "Yuri Judge")
    assertContains(after, "The jury is not announced yet")


def test_the_jury_of_an_unpublished_season_is_unknown(client_of, judge, organiser, season, address):
    season.published = False
    season.save()

    assert client_of(None).get(address).status_code == 404
    assertContains(client_of(organiser).get(address), "Yuri Judge")


@pytest.mark.parametrize("members", [3, 30])
def test_the_number_of_queries_does_not_grow(
    members, client_of, jury, address, django_assert_max_num_queries
):
    for number in range(members):
        make_judge(jury, make_person(f"m{number}@example.org", f"Member {number}"))

    with django_assert_max_num_queries(QUERIES):
        answer = client_of(None).get(address)

    assert answer.content.count(b'class="juror"') == members
