"""Two connections at once on PostgreSQL: whoever comes second sees what the first one did."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.models import Event as LogEvent
from common.errors import DomainError
from judging.distribution import Wanted
from judging.models import Assignment, Correction, Mark, Meeting, Scorecard
from judging.services import (
    confirm_proposal,
    correct_scorecard,
    declare_conflict,
    propose,
    save_mark,
    submit_scorecard,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def beside(act: Callable[[], Any], meanwhile: Callable[[], Any]) -> Any:
    """Hold the assignment, let `act` start and wait for it, do `meanwhile`, commit; return act's result."""
    started = Event()

    def run() -> Any:
        try:
            started.set()
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Assignment.objects.select_for_update().get()
            waiting = pool.submit(run)
            started.wait(5)
            # Give the other connection time to reach the lock.
            Event().wait(0.4)
            assert not waiting.done()
            meanwhile()
        return waiting.result(20)


def test_a_mark_that_waited_past_the_close_is_refused(marked, criteria, judge_user, season):
    result = beside(
        lambda: save_mark(marked, criteria[0], by=judge_user, value=Decimal(1), base_version=1),
        lambda: season.stages.filter(kind="judging").update(closes_at=timezone.now()),
    )

    assert isinstance(result, DomainError)
    assert Mark.objects.get(criterion=criteria[0]).value == 8


def test_a_mark_that_waited_for_a_conflict_is_refused(
    marked, criteria, judge_user, organiser, work
):
    result = beside(
        lambda: save_mark(marked, criteria[0], by=judge_user, value=Decimal(1), base_version=1),
        lambda: declare_conflict(judge_user, by=organiser, reason="x", entry=work.entry),
    )

    assert isinstance(result, DomainError)
    assert Mark.objects.get(criterion=criteria[0]).value == 8


def test_a_mark_that_waited_for_the_submission_is_refused(marked, criteria, judge_user):
    result = beside(
        lambda: save_mark(marked, criteria[0], by=judge_user, value=Decimal(1), base_version=1),
        lambda: submit_scorecard(marked, by=judge_user, key=uuid4()),
    )

    assert isinstance(result, DomainError)
    assert Scorecard.objects.get().total == Decimal(70)


@pytest.mark.parametrize("same_key", [True, False])
def test_submitting_twice_at_once_locks_once(marked, judge_user, same_key):
    key = uuid4()

    result = beside(
        lambda: submit_scorecard(marked, by=judge_user, key=key if same_key else uuid4()),
        lambda: submit_scorecard(marked, by=judge_user, key=key),
    )

    assert isinstance(result, Scorecard if same_key else DomainError)
    assert Scorecard.objects.get().idempotency_key == key
    assert LogEvent.objects.filter(verb="scorecard.submitted").count() == 1


@pytest.mark.parametrize("meanwhile", ["closes", "conflict"])
def test_a_correction_that_waited_past_its_meeting_or_for_a_conflict_is_refused(
    submitted, criteria, judge_user, organiser, work, meanwhile
):
    meeting = Meeting.objects.create(
        round=work.round, entry=work.entry, opened_by=organiser, opened_at=timezone.now()
    )
    end = {
        "closes": lambda: Meeting.objects.filter(pk=meeting.pk).update(
            closed_at=timezone.now(), closed_by=organiser, decision="Done."
        ),
        "conflict": lambda: declare_conflict(
            judge_user, by=organiser, reason="x", entry=work.entry
        ),
    }

    result = beside(
        lambda: correct_scorecard(
            submitted, by=judge_user, marks={criteria[0].pk: Decimal(1)}, reason="x"
        ),
        end[meanwhile],
    )

    assert isinstance(result, DomainError)
    assert Correction.objects.count() == 0


def test_a_distribution_that_waited_for_a_conflict_leaves_that_pair_out(
    essay_round, judge, admitted_entry, judge_user, organiser
):
    proposal = propose(essay_round, Wanted(1, 1), by=organiser)
    started = Event()

    def run() -> Any:
        try:
            started.set()
            return confirm_proposal(proposal, by=organiser)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            declare_conflict(judge_user, by=judge_user, reason="x", entry=admitted_entry)
            waiting = pool.submit(run)
            started.wait(5)
            Event().wait(0.4)
            assert not waiting.done()
        done = waiting.result(20)

    assert (done.made, done.dropped) == (0, [[admitted_entry.pk, judge.pk, "conflict"]])
    assert Assignment.objects.count() == 0
