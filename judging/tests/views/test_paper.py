"""The scorecard on paper, after a correction, and how often its page asks the database."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judging.evidence import Place
from judging.own_data import judge_data
from judging.services import correct_scorecard, give_leave
from judging.services.evidence import attach_quote, count_time

MOST = 15


@pytest.fixture
def corrected(submitted, criteria, judge_user, organiser):
    """From 70 points to 50."""
    give_leave(submitted, by=organiser, reason="A slip of the pen.")
    return correct_scorecard(
        submitted, by=judge_user, marks={criteria[0].pk: Decimal(4)}, reason="I meant four."
    )


def paper(client, work, **query):
    page = client.get(reverse("judging:scorecard_print", args=[work.pk]), query)
    return " ".join(page.content.decode().split())


def test_a_scorecard_prints_with_the_marks_or_empty(client_of, work, marked, judge_user):
    client = client_of(judge_user)

    given, empty = paper(client, work), paper(client, work, empty="1")

    assert ["<strong>8</strong>" in page for page in (given, empty)] == [True, False]
    assert ["<strong>70.0</strong>" in page for page in (given, empty)] == [True, False]
    assert ["Signature" in page for page in (given, empty)] == [False, True]
    assert all(
        "Clarity is high." in page and "We did approach well." in page for page in (given, empty)
    )


def test_the_paper_of_a_blind_round_does_not_name_the_applicant(
    client_of, work, judge_user, open_round
):
    client = client_of(judge_user)
    before = "Camomile Ltd" in paper(client, work)

    open_round.shows = "no-applicant"
    open_round.save()

    assert (before, "Camomile Ltd" in paper(client, work)) == (True, False)


def test_a_corrected_scorecard_shows_what_counts_and_what_was_submitted(
    client_of, work, corrected, judge_user
):
    page = " ".join(client_of(judge_user).get(work.get_absolute_url()).content.decode().split())

    assert "<strong>50.0</strong>" in page
    assert "submitted with 70.0" in page
    assert "I meant four." in page


def test_the_judges_own_data_hold_quotes_and_the_time_spent(scorecard, criteria, judge_user):
    count_time(scorecard, 90)
    attach_quote(
        scorecard,
        criteria[0],
        by=judge_user,
        token=UUID("8d6f3f6e-8d1c-4a38-8a53-3d4f0b6a7c01"),
        place=Place("approach", 0, "approach well"),
    )

    (card,) = judge_data(judge_user).sections["scorecards"]

    assert card["seconds_spent"] == 90
    assert [(one["criterion"], one["text"]) for one in card["quotes"]] == [
        ("Clarity", "approach well")
    ]


def test_the_scorecard_asks_the_database_at_most_fifteen_times(client_of, work, marked, judge_user):
    client = client_of(judge_user)
    client.get(work.get_absolute_url())

    with CaptureQueriesContext(connection) as asked:
        client.get(work.get_absolute_url())

    assert len(asked) <= MOST
