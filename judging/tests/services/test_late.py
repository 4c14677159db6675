"""Reviews asked for beside a round: who may give them, and for how long."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from common.errors import DomainError
from judging.models import Assignment, Judge, Jury, JuryKind, Purpose, Scorecard
from judging.services import (
    declare_conflict,
    open_scorecard,
    save_mark,
    submit_scorecard,
)
from judging.services.late import ask_review, independent_judges
from tests.factories import make_judge, make_person


@pytest.fixture
def panel(season):
    return Jury.objects.create(
        season=season, slug="review", kind=JuryKind.REVIEW, name={"en": "Review panel"}
    )


@pytest.fixture
def reviewer(panel, agreement):
    return make_judge(panel, make_person("rita@panel.example.org", "Rita Reviewer"), agreement)


@pytest.fixture
def asked(submitted, close_round, reviewer, organiser):
    """The round is over; the review panel is asked for one more scorecard."""
    close_round()
    work = Assignment.objects.get(pk=submitted.assignment_id)
    return ask_review(
        work.round,
        reviewer,
        work.entry,
        purpose=Purpose.APPEAL,
        until=timezone.now() + timedelta(days=3),
        by=organiser,
    )


def give(asked, criteria, by):
    card = open_scorecard(asked, by=by)
    for criterion in criteria:
        save_mark(card, criterion, by=by, value=Decimal(5), base_version=0)
    return submit_scorecard(card, by=by, key=uuid4())


def test_a_review_is_given_after_the_round_is_over_and_counts(asked, criteria, reviewer):
    card = give(asked, criteria, reviewer.user)

    counted = Scorecard.objects.counted().filter(assignment__entry=asked.entry)
    assert card in counted
    assert counted.count() == 2


def test_from_its_own_deadline_on_a_review_takes_no_mark(asked, criteria, reviewer):
    card = open_scorecard(asked, by=reviewer.user)
    Assignment.objects.filter(pk=asked.pk).update(until=timezone.now())

    with pytest.raises(DomainError, match="closed"):
        save_mark(card, criteria[0], by=reviewer.user, value=Decimal(5), base_version=0)

    assert card.marks.count() == 0


def test_other_assignments_stay_closed_while_a_review_is_open(asked, more_entries, judge, criteria):
    (entry,) = more_entries(1)
    other = Assignment.objects.create(round=asked.round, judge=judge, entry=entry)

    with pytest.raises(DomainError, match="closed"):
        open_scorecard(other, by=judge.user)


def test_nobody_who_was_asked_about_the_entry_is_independent(submitted, panel, judge):
    work = submitted.assignment
    make_judge(panel, judge.user)

    assert independent_judges(work.round, work.entry, Purpose.APPEAL) == []


def test_who_has_an_interest_is_not_independent(submitted, reviewer):
    work = submitted.assignment
    before = independent_judges(work.round, work.entry, Purpose.APPEAL)
    declare_conflict(
        reviewer.user, by=reviewer.user, reason="A former pupil wrote it.", entry=work.entry
    )

    assert before == [reviewer]
    assert independent_judges(work.round, work.entry, Purpose.APPEAL) == []


def test_a_judge_of_the_round_is_refused_for_an_appeal(submitted, jury, organiser):
    work = submitted.assignment
    colleague = make_judge(jury, make_person("colin@jury.example.org", "Colin Colleague"))

    with pytest.raises(DomainError, match="not on the panel"):
        ask_review(
            work.round,
            colleague,
            work.entry,
            purpose=Purpose.APPEAL,
            until=timezone.now() + timedelta(days=1),
            by=organiser,
        )

    assert Judge.objects.get(pk=colleague.pk).assignments.count() == 0


def test_the_desk_lists_a_review_apart_from_the_round(asked, reviewer, client):
    client.force_login(reviewer.user)

    page = client.get("/judging/").content.decode()

    assert "Asked of you alone" in page
    assert page.count(asked.get_absolute_url()) == 1


def test_the_page_of_a_review_can_be_marked_after_the_round(asked, reviewer, client):
    client.force_login(reviewer.user)

    answer = client.get(asked.get_absolute_url())

    assert answer.status_code == 200
    assert answer.context["may_score"] is True
