"""What the tests of judging share."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from judging.models import Assignment, Criterion, Round, Scorecard
from judging.services import open_scorecard, save_mark, submit_scorecard
from nominations.models import Entry, EntryStatus, Nomination
from tests.factories import make_entry, make_person


@pytest.fixture
def open_round(essay_round: Round, judging_open: Callable[[], None]) -> Round:
    """The essay round, open now."""
    judging_open()
    return Round.objects.select_related("stage", "season").get(pk=essay_round.pk)


@pytest.fixture
def work(open_round: Round, assignment: Assignment) -> Assignment:
    """An assignment of a round that is open."""
    return Assignment.objects.get(pk=assignment.pk)


@pytest.fixture
def scorecard(work: Assignment, judge_user: User) -> Scorecard:
    """Started, nothing marked."""
    return open_scorecard(work, by=judge_user)


@pytest.fixture
def criteria(essay_round: Round) -> list[Criterion]:
    """Those of the essay rubric, in order."""
    return list(Criterion.objects.filter(dimension__rubric=essay_round.rubric).order_by("position"))


@pytest.fixture
def marked(scorecard: Scorecard, criteria: list[Criterion], judge_user: User) -> Scorecard:
    """Every criterion has a mark: 8 and 6."""
    for criterion, value in zip(criteria, [8, 6], strict=True):
        save_mark(scorecard, criterion, by=judge_user, value=Decimal(value), base_version=0)
    return scorecard


@pytest.fixture
def submitted(marked: Scorecard, judge_user: User) -> Scorecard:
    """Submitted and locked."""
    return submit_scorecard(marked, by=judge_user, key=uuid4())


@pytest.fixture
def more_entries(
    nomination: Nomination, other_organisation: Any, other_nominee: User
) -> Callable[[int], list[Entry]]:
    """Admitted entries of another organisation."""

    def make(count: int) -> list[Entry]:
        return [
            make_entry(nomination, other_organisation, other_nominee, EntryStatus.ADMITTED)
            for _number in range(count)
        ]

    return make


@pytest.fixture
def close_round(season: Any) -> Callable[[], None]:
    """The organiser moves the deadline to now."""

    def close() -> None:
        season.stages.filter(kind="judging").update(closes_at=timezone.now())

    return close


@pytest.fixture
def stranger(db: None) -> User:
    return make_person("stranger@example.org", "Semyon Stranger")
