"""Pages of screening, ranking, points and pairs, as a judge without scripts uses them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judging.models import Assignment, Comparison, Scorecard, Shows, Verdict


@pytest.fixture
def way(work, more_entries) -> Any:
    """The round in another way, with so many more entries of the judge."""

    def make(name: str, more: int = 2, **fields: Any) -> list[Assignment]:
        type(work.round).objects.filter(pk=work.round_id).update(way=name, **fields)
        for entry in more_entries(more):
            Assignment.objects.create(round=work.round, judge=work.judge, entry=entry)
        return list(Assignment.objects.order_by("pk"))

    return make


@pytest.fixture
def page(client_of, judge_user) -> Any:
    return client_of(judge_user)


def list_url(row: Assignment, name: str = "ballot") -> str:
    return reverse(f"judging:{name}", args=[row.round_id, 1])


def hidden(answer: Any, *names: str) -> dict[str, str]:
    return {name: str(answer.context[name]) for name in names}


def test_a_word_leads_to_the_next_entry_and_at_last_to_the_list(way, page):
    rows = way("screening", 1)
    one, two = (reverse("judging:verdict", args=[row.pk]) for row in rows)

    first = page.post(one, {"answer": "yes", "comment": "", "version": 0})
    second = page.post(two, {"answer": "no", "comment": "Thin.", "version": 0})
    over = page.post(reverse("judging:verdicts_submit", args=[rows[0].round_id]), {"key": uuid4()})

    home = reverse("judging:round_work", args=[rows[0].round_id])
    assert [answer.url for answer in (first, second, over)] == [
        rows[1].get_absolute_url(),
        home,
        home,
    ]
    assert Scorecard.objects.filter(status="submitted").count() == 2
    assert b"Submitted and locked" in page.get(rows[0].get_absolute_url()).content


def test_what_was_typed_stands_when_a_word_is_refused(way, page):
    row, *_others = way("screening", comment_on_no=True)
    url = reverse("judging:verdict", args=[row.pk])

    answer = page.post(url, {"answer": "no", "comment": "", "version": 0})
    stale = page.post(url, {"answer": "yes", "comment": "Typed", "version": 7})

    assert (answer.status_code, stale.status_code) == (422, 422)
    assert b"A no needs a comment" in answer.content
    assert Verdict.objects.count() == 0


def test_an_order_is_made_with_buttons_and_submitted(way, page):
    rows = way("ranking")
    url, order = list_url(rows[0]), [row.pk for row in rows]
    page.post(url, {"order": order, "version": 0, "move": f"up:{order[2]}"})
    shown = page.get(url)

    done = page.post(
        list_url(rows[0], "ballot_submit"),
        {"order": [order[0], order[2], order[1]], **hidden(shown, "version", "saw", "key")},
    )

    assert (done.status_code, done.url) == (302, url)
    totals = Scorecard.objects.order_by("assignment").values_list("total", flat=True)
    assert [float(total) for total in totals] == [100.0, 0.0, 50.0]
    assert b"Submitted and locked" in page.get(url).content
    assert page.post(url, {"order": order, "version": 9}).status_code == 422


def test_a_script_is_told_of_another_window(way, page):
    rows = way("ranking")
    url, order = list_url(rows[0]), [row.pk for row in rows]
    headers = {"accept": "application/json"}

    saved = page.post(url, {"order": order, "version": 0}, headers=headers)
    clash = page.post(url, {"order": order[::-1], "version": 0}, headers=headers)

    assert (saved.status_code, saved.json()["version"], clash.status_code) == (200, 1, 409)


def test_points_that_are_refused_stand_as_they_were_typed(way, page):
    rows = way("points", budget=10, most_points=8)

    answer = page.post(list_url(rows[0]), {f"points-{rows[0].pk}": "9", "version": 0})

    assert answer.status_code == 422
    assert answer.context["lines"][0]["points"] == "9"


def test_pairs_are_compared_until_the_list_can_be_submitted(way, page):
    rows = way("pairwise")
    url = list_url(rows[0])
    for _turn in range(3):
        shown = page.get(url)
        first, second = shown.context["pair"]
        say = {"first": first.pk, "second": second.pk, "outcome": "first"}
        page.post(list_url(rows[0], "compare"), {**say, **hidden(shown, "version")})
    shown = page.get(url)
    page.post(list_url(rows[0], "ballot_submit"), hidden(shown, "saw", "key"))

    assert shown.context["pair"] is None
    assert Comparison.objects.count() == 3
    assert Scorecard.objects.filter(status="submitted").count() == 3


@pytest.mark.parametrize("name", ["ranking", "points", "pairwise"])
def test_a_list_asks_as_often_for_thirty_entries_as_for_three(name, way, page, more_entries):
    rows = way(name)
    url, counts = list_url(rows[0]), []
    for more in (0, 27):
        for entry in more_entries(more):
            Assignment.objects.create(round=rows[0].round, judge=rows[0].judge, entry=entry)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page.get(url).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] < 25


@pytest.mark.parametrize("name", ["screening", "ranking", "pairwise"])
def test_a_blind_round_names_no_applicant(name, way, page):
    rows = way(name, shows=Shows.ANSWERS)
    shown = [page.get(reverse("judging:round_work", args=[rows[0].round_id]))]
    shown.append(page.get(rows[0].get_absolute_url()))
    if name != "screening":
        shown.append(page.get(list_url(rows[0])))

    assert [answer.status_code for answer in shown] == [200] * len(shown)
    assert not any(b"Camomile" in answer.content for answer in shown)
    assert not any(b"Sunflower" in answer.content for answer in shown)


@pytest.mark.parametrize("name", ["screening", "ranking", "points", "pairwise"])
def test_after_the_close_the_page_says_so_and_offers_nothing(name, way, page, close_round):
    rows = way(name)
    close_round()

    shown = page.get(reverse("judging:round_work", args=[rows[0].round_id]))
    entry = page.get(rows[0].get_absolute_url())

    assert b"The round is closed" in shown.content
    assert b"data-key" not in entry.content
    assert b"The round is closed" in entry.content


def test_a_stranger_and_a_conflicted_judge_find_nothing(way, client_of, stranger, judge_user):
    rows = way("ranking", 0)
    url = list_url(rows[0])
    assert client_of(stranger).get(url).status_code == 404
    rows[0].entry.organisation.memberships.create(user=judge_user, role="viewer")

    assert client_of(judge_user).get(url).status_code == 404
