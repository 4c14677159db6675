"""Judges are reminded of open scorecards, and of nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from judging.models import (
    Assignment,
    AssignmentStatus,
    Conflict,
    Scorecard,
    ScorecardStatus,
)
from judging.reminders import remind_judges
from outbox.services import deliver_due
from seasons.models import StageKind


@pytest.fixture
def deadline(assignment, judging_open):
    """The close of judging, when the assignment has been there for a long time."""
    judging_open()
    Assignment.objects.update(assigned_at=timezone.now() - timedelta(days=60))
    return assignment.round.season.stages.get(kind=StageKind.JUDGING).closes_at


def test_an_open_scorecard_is_reminded_of_once_on_each_rung(deadline, judge_user, mailoutbox):
    for before in (timedelta(days=14), timedelta(days=10), timedelta(days=3), timedelta(hours=3)):
        with time_machine.travel(deadline - before, tick=False):
            remind_judges()
            deliver_due()

    assert [mail.to for mail in mailoutbox] == [[judge_user.email]] * 3


def submit(assignment):
    Scorecard.objects.create(
        assignment=assignment,
        revision=assignment.entry.latest_revision(),
        status=ScorecardStatus.SUBMITTED,
        submitted_at=timezone.now(),
        idempotency_key=uuid4(),
        total=50,
    )


def test_a_judge_who_is_done_is_not_reminded(deadline, assignment):
    submit(assignment)

    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        assert remind_judges() == 0


def test_a_judge_who_finishes_before_the_mail_leaves_gets_none(deadline, assignment, mailoutbox):
    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        assert remind_judges() == 1
        submit(assignment)
        deliver_due()

    assert mailoutbox == []


def test_a_judge_who_stepped_back_is_not_reminded(deadline):
    Assignment.objects.update(status=AssignmentStatus.RECUSED)

    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        assert remind_judges() == 0


def test_a_conflicted_judge_is_not_reminded(deadline, assignment, judge_user, organiser):
    Conflict.objects.create(
        user=judge_user, entry=assignment.entry, reason="a friend", declared_by=organiser
    )

    with time_machine.travel(deadline - timedelta(days=3), tick=False):
        assert remind_judges() == 0


def test_nobody_is_reminded_after_the_close(deadline):
    with time_machine.travel(deadline, tick=False):
        assert remind_judges() == 0
