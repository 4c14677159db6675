"""What the tests of judging share."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from judging.models import (
    Admission,
    Assignment,
    Criterion,
    DefenceSlot,
    Handout,
    Jury,
    JuryKind,
    Round,
    Scorecard,
)
from judging.services import advance, open_scorecard, plan_defence, save_mark, submit_scorecard
from judging.tests.visits import make_visited_round, planned
from nominations.models import Attachment, Entry, EntryStatus, Nomination
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


@pytest.fixture
def attachment(work: Assignment) -> Attachment:
    """A file that the revision to be judged holds."""
    file = Attachment.objects.create(
        entry=work.entry,
        file=ContentFile(b"%PDF-1.4", name="survey.pdf"),
        name="Опрос.pdf",
        content_type="application/pdf",
        size=8,
        sha256="0" * 64,
    )
    revision = work.entry.latest_revision()
    assert revision is not None
    listed = {"token": str(file.token), "name": file.name, "size": 8}
    revision.content = {**revision.content, "attachments": [listed]}
    revision.save()
    return file


@pytest.fixture
def slot(defence_round: Round, admitted_entry: Entry, organiser: User) -> DefenceSlot:
    """The entry presents itself on the second day of the defence."""
    advance(defence_round, [admitted_entry], by=organiser)
    return plan_defence(
        defence_round,
        admitted_entry,
        by=organiser,
        starts_at=defence_round.stage.opens_at + timedelta(days=1),
        minutes=20,
        place="Great hall",
        video_link="https://meet.example.org/cx",
    )


@pytest.fixture
def crowd(season: Any, open_round: Round) -> Jury:
    """A public jury of the open round whose members ask for the next entry."""
    jury = Jury.objects.create(
        season=season,
        slug="crowd",
        kind=JuryKind.PUBLIC,
        name={"en": "Public jury"},
        admission=Admission.OPEN,
        handout=Handout.NEXT,
    )
    open_round.juries.add(jury)
    return jury


@pytest.fixture
def visited_round(season: Any, rubric: Any, jury: Any, judging_open: Callable[[], None]) -> Round:
    """A round of visits with a check list, open now."""
    judging_open()
    stage = season.stages.get(kind="judging")
    made = make_visited_round(season, rubric, jury, stage)
    return Round.objects.select_related("stage", "season").get(pk=made.pk)


@pytest.fixture
def visit(visited_round: Round, admitted_entry: Entry, judge: Any, organiser: User) -> Any:
    """A visit tomorrow, led by the judge."""
    return planned(visited_round, admitted_entry, judge, by=organiser)


@pytest.fixture
def on_site(visit: Any) -> Iterator[Any]:
    """It is the hour of the visit."""
    with time_machine.travel(visit.starts_at + timedelta(minutes=5), tick=False):
        yield visit
