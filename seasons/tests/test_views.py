"""The public pages of a season."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from seasons.models import Season
from tests.factories import make_stages


@pytest.fixture
def browser_of_a_visitor(client_of):
    return client_of(None)


def test_the_home_page_shows_a_season_open_for_entries(browser_of_a_visitor, season):
    response = browser_of_a_visitor.get(reverse("seasons:home"))

    assert response.context["open_now"] == [season]


def test_the_season_page_shows_the_deadline_in_the_zone_of_the_award(browser_of_a_visitor, season):
    response = browser_of_a_visitor.get(season.get_absolute_url())

    assert "(Moscow, UTC+3)" in response.text


def test_an_unknown_season_is_not_found(browser_of_a_visitor, db):
    assert browser_of_a_visitor.get("/s/nothing/").status_code == 404


def test_an_unpublished_season_looks_unknown_to_visitors(browser_of_a_visitor, season):
    Season.objects.update(published=False)
    pages = ["seasons:season", "seasons:rules", "seasons:theme"]

    answers = [
        browser_of_a_visitor.get(reverse(page, args=[season.slug])).status_code for page in pages
    ]

    assert answers == [404, 404, 404]


def test_the_theme_is_the_seasons_colour(browser_of_a_visitor, season):
    response = browser_of_a_visitor.get(reverse("seasons:theme", args=[season.slug]))

    assert response.text == ":root { --season-accent: #1f5f8b; }\n"


def test_rules_are_cleaned(browser_of_a_visitor, season):
    season.rules = {"en": "# Rules\n<script>alert(1)</script> [a](javascript:alert(1))"}
    season.save()

    text = browser_of_a_visitor.get(reverse("seasons:rules", args=[season.slug])).text

    assert ["<h2>Rules</h2>" in text, "<script>alert" in text, 'href="javascript' in text] == [
        True,
        False,
        False,
    ]


def test_the_home_page_takes_as_many_queries_for_thirty_seasons_as_for_three(
    browser_of_a_visitor, season, programme
):
    def add(numbers):
        for number in numbers:
            made = Season.objects.create(
                programme=programme, slug=f"s{number}", code=f"S{number}", name={"en": "S"}
            )
            make_stages(made, season.stages.first().opens_at)

    counts = []
    for numbers in (range(2), range(2, 29)):
        add(numbers)
        with CaptureQueriesContext(connection) as found:
            browser_of_a_visitor.get(reverse("seasons:home"))
        counts.append(len(found))

    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_no_shared_cache_keeps_the_colour_of_a_season_that_is_not_published(
    client_of, season, organiser
):
    address = f"/s/{season.slug}/theme.css"
    assert "public" in client_of(None).get(address)["Cache-Control"]

    season.published = False
    season.save()

    assert "private" in client_of(organiser).get(address)["Cache-Control"]
    assert client_of(None).get(address).status_code == 404
