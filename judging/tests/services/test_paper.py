"""Marks from paper: one enters, another countersigns, and only then they count."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership
from audit.models import Event
from common.errors import DomainError
from judging.models import (
    Assignment,
    Calibration,
    Consent,
    Criterion,
    Leaf,
    PaperMark,
    PaperSheet,
    ReferenceMark,
    Sample,
    Scorecard,
    Secretary,
)
from judging.services import (
    advance,
    assign_everybody,
    close_scoring,
    declare_conflict,
    open_scorecard,
    plan_defence,
    save_mark,
)
from judging.services.calibration import save_trial, submit_trial
from judging.services.paper import Written, countersign, enter_sheet, send_back
from judging.totals import Given
from tests.factories import make_judge, make_person


@pytest.fixture
def now(defence_round):
    """The day of the defence."""
    with time_machine.travel(defence_round.stage.opens_at + timedelta(days=1), tick=False) as at:
        yield at


@pytest.fixture
def row(now, defence_round, admitted_entry, judge, organiser):
    """The judge hears the entry."""
    advance(defence_round, [admitted_entry], by=organiser)
    plan_defence(defence_round, admitted_entry, by=organiser, starts_at=timezone.now(), minutes=25)
    assign_everybody(defence_round, by=organiser)
    return Assignment.objects.get(judge=judge)


@pytest.fixture
def chair(jury, chair_user, agreement):
    """Leads the jury and judges nothing here."""
    seat = make_judge(jury, chair_user, agreement)
    seat.chair = True
    seat.save(update_fields=["chair"])
    return chair_user


@pytest.fixture
def secretary(row):
    person = make_person("secretary@example.org", "Sara Secretary")
    Secretary.objects.create(round=row.round, user=person)
    return person


@pytest.fixture
def marks(row):
    """What the paper says: 8 and an abstention."""
    first, second = Criterion.objects.filter(dimension__rubric=row.round.rubric).order_by("pk")
    return {first.pk: Written(Decimal(8), comment="Lively."), second.pk: Written(None, True)}


@pytest.fixture
def sheet(row, secretary, marks):
    return enter_sheet(row, by=secretary, key=uuid4(), marks=marks, private_note="In ink.")


def test_a_countersigned_sheet_becomes_the_judges_scorecard_in_the_ledger(
    sheet, row, judge_user, secretary
):
    assert not Scorecard.objects.exists()

    done = countersign(sheet, by=judge_user)
    again = countersign(sheet, by=judge_user)

    card = Scorecard.objects.get()
    assert (done.status, again.pk) == ("countersigned", sheet.pk)
    assert (card.assignment, card.status, card.total) == (row, "submitted", Decimal(80))
    assert (card.private_note, card.marks.get(value=8).comment) == ("In ink.", "Lively.")
    assert Leaf.objects.get().content["total"] == "80.000000"
    event = Event.objects.get(verb="scorecard.submitted")
    assert (event.data["paper"], event.data["entered_by"]) == (sheet.pk, secretary.pk)


def test_whoever_entered_a_sheet_never_countersigns_it(sheet, secretary, judge_user, organiser):
    with pytest.raises(DomainError):
        countersign(sheet, by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperSheet.objects.filter(pk=sheet.pk).update(
            status="countersigned", decided_by=secretary, decided_at=timezone.now()
        )

    assert countersign(sheet, by=organiser).decided_by == organiser


def test_a_sheet_is_sent_back_with_a_reason_and_entered_again(
    sheet, row, marks, secretary, organiser
):
    with pytest.raises(DomainError) as refusal:
        send_back(sheet, by=organiser, reason=" ")
    send_back(sheet, by=organiser, reason="The first mark is a 3.")
    second = enter_sheet(row, by=secretary, key=uuid4(), marks=marks)
    with pytest.raises(DomainError):
        countersign(sheet, by=organiser)

    assert refusal.value.field == "reason"
    assert PaperSheet.objects.waiting().get() == second
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperSheet.objects.filter(pk=sheet.pk).update(reason="Other")
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperMark.objects.filter(sheet=second).update(abstained=True, value=None)


def test_one_sheet_waits_and_only_its_author_enters_it_anew(
    sheet, row, marks, secretary, organiser
):
    with pytest.raises(DomainError):
        enter_sheet(row, by=organiser, key=uuid4(), marks=marks)

    same = enter_sheet(row, by=secretary, key=sheet.key, marks=marks)
    anew = enter_sheet(row, by=secretary, key=uuid4(), marks=marks)

    assert (same, PaperSheet.objects.waiting().get()) == (sheet, anew)
    assert PaperSheet.objects.get(pk=sheet.pk).status == "replaced"


@pytest.mark.parametrize("fault", ["missing", "too much", "nothing"])
def test_a_sheet_is_as_complete_as_a_scorecard(row, secretary, marks, fault):
    first, second = marks
    wrong = {
        "missing": {first: marks[first]},
        "too much": {**marks, first: Written(Decimal(11))},
        "nothing": {first: Written(None, True), second: Written(None, True)},
    }

    with pytest.raises(DomainError):
        enter_sheet(row, by=secretary, key=uuid4(), marks=wrong[fault])

    assert not PaperSheet.objects.exists()


def test_strangers_the_judge_and_those_with_an_interest_enter_nothing(
    row, marks, stranger, judge_user, secretary, organiser, organisation
):
    Membership.objects.create(user=organiser, organisation=organisation)
    Secretary.objects.create(round=row.round, user=judge_user)
    for person in (stranger, judge_user, organiser):
        with pytest.raises(DomainError):
            enter_sheet(row, by=person, key=uuid4(), marks=marks)

    assert enter_sheet(row, by=secretary, key=uuid4(), marks=marks).entered_by == secretary


def test_a_chair_with_marks_still_to_give_sees_no_paper_of_others(
    sheet, row, chair, judge_user, jury
):
    seat = jury.judges.get(user=chair)
    own = Assignment.objects.create(round=row.round, judge=seat, entry=row.entry)
    with pytest.raises(DomainError):
        countersign(sheet, by=chair)
    card = open_scorecard(own, by=chair)
    Scorecard.objects.filter(pk=card.pk).update(status="submitted", submitted_at=timezone.now())

    assert countersign(sheet, by=chair).decided_by == chair


@pytest.mark.parametrize(
    "end", ["the clock", "the chair", "a conflict", "the agreement", "submitted"]
)
def test_nothing_is_countersigned_where_the_judge_could_give_no_marks(
    sheet, row, chair, judge_user, organiser, marks, now, end
):
    if end == "the clock":
        now.move_to(row.round.stage.closes_at)
    elif end == "the chair":
        close_scoring(row.round, row.entry, by=chair, knowing=1)
    elif end == "a conflict":
        declare_conflict(judge_user, by=organiser, reason="x", entry=row.entry)
    elif end == "the agreement":
        Consent.objects.filter(user=judge_user).delete()
    else:
        card = open_scorecard(row, by=judge_user)
        Scorecard.objects.filter(pk=card.pk).update(status="submitted", submitted_at=timezone.now())

    with pytest.raises(DomainError):
        countersign(sheet, by=organiser)

    assert PaperSheet.objects.get().status == "waiting"


def test_a_draft_on_the_portal_gives_way_to_the_paper(sheet, row, judge_user):
    card = open_scorecard(row, by=judge_user)
    criterion = Criterion.objects.filter(dimension__rubric=row.round.rubric).earliest("pk")
    save_mark(card, criterion, by=judge_user, value=Decimal(2), base_version=0)

    countersign(sheet, by=judge_user)

    assert list(card.marks.order_by("criterion").values_list("value", "abstained")) == [
        (Decimal(8), False),
        (None, True),
    ]


def test_paper_of_a_judge_who_owes_a_round_its_samples_waits_for_them(
    row, secretary, marks, judge_user, organiser
):
    sheet = enter_sheet(row, by=secretary, key=uuid4(), marks=marks)
    row.round.calibration = Calibration.REQUIRED
    row.round.save()
    sample = Sample.objects.create(round=row.round, slug="calm", title={"en": "A calm line"})
    for pk in marks:
        ReferenceMark.objects.create(
            sample=sample, criterion_id=pk, value=Decimal(5), reason={"en": "Because."}
        )

    for act in (
        lambda: countersign(sheet, by=organiser),
        lambda: enter_sheet(row, by=secretary, key=uuid4(), marks=marks),
    ):
        with pytest.raises(DomainError, match="has not scored the samples"):
            act()
    given = {pk: Given(Decimal(5), False, "", 0) for pk in marks}
    save_trial(sample, given, by=judge_user)
    submit_trial(sample, by=judge_user)

    assert countersign(sheet, by=organiser).status == "countersigned"
