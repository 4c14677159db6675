"""Two connections at once on PostgreSQL, about marks from paper."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.models import Event as LogEvent
from common.errors import DomainError
from judging.models import Assignment, Criterion, Mark, PaperSheet, Scorecard, Secretary
from judging.services import advance, assign, close_scoring, plan_defence
from judging.services.paper import Written, countersign, enter_sheet
from judging.tests.test_races import beside
from tests.factories import make_judge, make_person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chair(jury, chair_user, agreement):
    seat = make_judge(jury, chair_user, agreement)
    seat.chair = True
    seat.save(update_fields=["chair"])
    return chair_user


@pytest.fixture
def sheet(defence_round, judging_open, admitted_entry, judge, organiser):
    """A sheet of the one assignment, entered by a secretary while the defence is open."""
    judging_open("defence")
    advance(defence_round, [admitted_entry], by=organiser)
    round_ = type(defence_round).objects.get(pk=defence_round.pk)
    at = timezone.now() + timedelta(hours=1)
    plan_defence(round_, admitted_entry, by=organiser, starts_at=at, minutes=25)
    row = assign(round_, judge, admitted_entry, by=organiser)
    secretary = make_person("secretary@example.org", "Sara Secretary")
    Secretary.objects.create(round=round_, user=secretary)
    criteria = Criterion.objects.filter(dimension__rubric=round_.rubric)
    marks = {one.pk: Written(Decimal(6)) for one in criteria}
    return enter_sheet(row, by=secretary, key=uuid4(), marks=marks)


def test_two_people_who_countersign_at_once_submit_one_scorecard(sheet, judge_user, organiser):
    result = beside(
        lambda: countersign(sheet, by=organiser), lambda: countersign(sheet, by=judge_user)
    )

    assert isinstance(result, DomainError)
    assert PaperSheet.objects.get().decided_by == judge_user
    assert Scorecard.objects.get().total == Decimal(60)
    assert LogEvent.objects.filter(verb="scorecard.submitted").count() == 1


def test_a_sheet_that_waited_while_the_chair_closed_does_not_count(sheet, chair, judge_user):
    row = Assignment.objects.get()

    result = beside(
        lambda: countersign(sheet, by=judge_user),
        lambda: close_scoring(row.round, row.entry, by=chair, knowing=1),
    )

    assert isinstance(result, DomainError)
    assert (PaperSheet.objects.get().status, Mark.objects.count()) == ("waiting", 0)
