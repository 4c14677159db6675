"""The catalogue as visitors read it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from nominations.models import Hint
from tests.factories import make_nomination

QUERIES = 7


def test_the_list_shows_nominations_by_category(client_of, nomination, person_nomination):
    page = client_of(None).get("/s/cx-2022/nominations/").content.decode()

    assert page.index("Corporate") < page.index("Human-centred experience")
    assert "Best specialist" in page
    assert "Entries are open" in page


def test_a_nomination_says_who_may_enter_its_terms_and_where_to_look_instead(
    client_of, nomination, joint_nomination
):
    Hint.objects.create(
        nomination=joint_nomination, better=nomination, text={"en": "People first? Look there."}
    )

    page = client_of(None).get("/s/cx-2022/nominations/6/").content.decode()

    for part in (
        "Joint entry",
        "A vendor or integrator enters only together with a client",
        "Year of introduction 2020 or later.",
        "People first? Look there.",
        "/s/cx-2022/nominations/1/",
        "2–50 words",
        "/s/cx-2022/enter/?nomination=6",
    ):
        assert part in page


def test_after_the_deadline_the_page_says_when_and_what_time_it_is(
    client_of, nomination, judging_open
):
    judging_open()

    page = client_of(None).get("/s/cx-2022/nominations/1/").content.decode()

    assert "Entries are closed" in page
    assert "Server time now:" in page
    assert "/enter/" not in page


@pytest.mark.parametrize("path", ["/s/nowhere/nominations/", "/s/cx-2022/nominations/99/"])
def test_unknown_pages_are_404(client_of, nomination, path):
    assert client_of(None).get(path).status_code == 404


def test_an_unpublished_season_is_404_to_the_public(client_of, nomination, organiser):
    season = nomination.season
    season.published = False
    season.save()

    assert client_of(None).get("/s/cx-2022/nominations/").status_code == 404
    assertContains(client_of(organiser).get("/s/cx-2022/nominations/"), nomination.name["en"])


def test_the_season_page_lists_the_nominations(client_of, nomination):
    assert "Human-centred experience" in client_of(None).get("/s/cx-2022/").content.decode()


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_takes_the_same_queries_however_long_it_is(client_of, category, rows):
    for number in range(1, rows + 1):
        make_nomination(category, number, f"Nomination {number}")
    client = client_of(None)

    with CaptureQueriesContext(connection) as queries:
        client.get("/s/cx-2022/nominations/")

    assert len(queries) == QUERIES
