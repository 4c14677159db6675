"""The judge's own entries side by side on one criterion."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from judging.models import Assignment, Mark, Round, Scorecard
from judging.services import open_scorecard, save_mark, submit_scorecard
from seasons.models import Stage


def compared(client, round_, **query):
    return client.get(reverse("judging:comparison", args=[round_.pk]), query)


@pytest.fixture
def others(work, more_entries, judge_user, criteria):
    """Two more entries of the judge, both marked, the first one submitted."""
    rows = []
    for entry, value in zip(more_entries(2), (3, 10), strict=True):
        row = Assignment.objects.create(round=work.round, judge=work.judge, entry=entry)
        card = open_scorecard(row, by=judge_user)
        for criterion in criteria:
            save_mark(card, criterion, by=judge_user, value=Decimal(value), base_version=0)
        rows.append(row)
    submit_scorecard(rows[0].scorecard, by=judge_user, key=uuid4())
    return rows


def test_own_entries_stand_side_by_side_with_the_marks_of_one_criterion(
    client_of, work, marked, others, criteria, judge_user
):
    page = compared(client_of(judge_user), work.round, criterion=criteria[1].pk)

    assert [
        (one.assignment.pk, one.mark.value, one.submitted) for one in page.context["compared"]
    ] == [
        (work.pk, Decimal(6), False),
        (others[0].pk, Decimal(3), True),
        (others[1].pk, Decimal(10), False),
    ]


def test_entries_of_one_industry_are_shown_alone_unless_the_applicant_is_hidden(
    client_of, work, others, organisation, judge_user, open_round
):
    organisation.industry = "Banking"
    organisation.save()
    client = client_of(judge_user)

    seen = compared(client, work.round, industry="Banking")
    open_round.shows = "no-applicant"
    open_round.save()
    asked = compared(client, work.round, industry="Banking")
    blind = compared(client, work.round)

    assert [one.assignment.pk for one in seen.context["compared"]] == [work.pk]
    assert (len(asked.context["compared"]), asked.context["industries"]) == (3, [])
    assert ["Banking" in page.content.decode() for page in (seen, blind)] == [True, False]
    assert "Camomile Ltd" not in blind.content.decode()


def test_own_marks_are_counted_beside_own_earlier_ones_and_nobody_elses(
    client_of, work, submitted, others, judge_user, criteria, season, earlier
):
    page = compared(client_of(judge_user), work.round, criterion=criteria[0].pk)

    (_kind, marks), (_total, totals) = page.context["spreads"]
    assert {one.low: one.now for one in marks.bins if one.now} == {30: 1, 80: 1, 90: 1}
    assert {one.low: one.now for one in totals.bins if one.now} == {30: 1, 70: 1}
    assert (marks.before, totals.before) == (1, 1)
    assert marks.before_mean == 50


@pytest.fixture
def earlier(work, submitted, judge_user, nomination, criteria, other_organisation):
    """An earlier round of the same judge with one scorecard of 5 and 5."""
    now = timezone.now()
    stage = Stage.objects.create(
        season=work.round.season,
        slug="earlier",
        kind="judging",
        name={"en": "Earlier"},
        opens_at=work.round.stage.opens_at - timedelta(days=30),
        closes_at=work.round.stage.opens_at - timedelta(days=20),
    )
    round_ = Round.objects.create(
        season=work.round.season,
        slug="earlier",
        name={"en": "Earlier"},
        stage=stage,
        rubric=work.round.rubric,
    )
    row = Assignment.objects.create(round=round_, judge=work.judge, entry=work.entry)
    card = Scorecard.objects.create(assignment=row, revision=work.entry.latest_revision())
    for criterion in criteria:
        Mark.objects.create(scorecard=card, criterion=criterion, value=Decimal(5), version=1)
    card.status, card.submitted_at, card.total = "submitted", now, Decimal(50)
    card.save()
    return row


def test_before_the_round_opens_there_is_nothing_to_compare(
    client_of, assignment, judge_user, essay_round
):
    assert compared(client_of(judge_user), essay_round).status_code == 404
