"""A submitted scorecard is corrected by new rows beside it: who may, what counts, what the ledger says."""

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.services import Fault
from common.errors import DomainError
from common.triggers import guards_off
from docs import verify_leaf
from judging.corrections import current_marks
from judging.models import (
    CorrectedMark,
    Correction,
    CorrectionLeave,
    Leaf,
    Mark,
    Meeting,
    RoundSeal,
    Scorecard,
)
from judging.own_data import judge_data
from judging.services import (
    correct_scorecard,
    declare_conflict,
    give_leave,
    recuse,
    remove_judge,
    submit_scorecard,
)
from judging.services.ledger import proof_of, seal_round
from judging.verification import verify


def meet(card, by):
    """A consensus meeting about the entry of a scorecard."""
    return Meeting.objects.create(
        round=card.assignment.round,
        entry=card.assignment.entry,
        opened_by=by,
        opened_at=timezone.now(),
    )


@pytest.fixture
def corrected(submitted, criteria, judge_user, organiser):
    """The first mark went from 8 to 4, by leave."""
    give_leave(submitted, by=organiser, reason="A slip of the pen.")
    return correct_scorecard(
        submitted, by=judge_user, marks={criteria[0].pk: Decimal(4)}, reason="I meant four."
    )


def faults_of(season):
    return [(one.table, one.pk, one.field) for one in verify(season) if isinstance(one, Fault)]


def test_a_correction_leaves_the_scorecard_as_it_was_and_counts_from_then_on(
    submitted, corrected, criteria
):
    card = Scorecard.objects.with_current().get(pk=submitted.pk)
    marks = current_marks([submitted.pk])[submitted.pk]

    totals = [card.total, card.current_total]
    assert (totals, corrected.number) == ([Decimal(70), Decimal(50)], 1)
    assert [one.value for one in Mark.objects.order_by("criterion__position")] == [8, 6]
    assert [
        (marks[one.pk].value, marks[one.pk].submitted, marks[one.pk].corrected) for one in criteria
    ] == [(Decimal(4), Decimal(8), True), (Decimal(6), Decimal(6), False)]


def test_without_a_correction_the_submitted_total_counts(submitted):
    assert Scorecard.objects.with_current().get().current_total == 70


def test_a_leave_serves_once_and_a_meeting_as_long_as_it_is_open(
    submitted, corrected, criteria, judge_user, chair_user
):
    def again(value):
        return correct_scorecard(
            submitted, by=judge_user, marks={criteria[0].pk: value}, reason="Talked it over."
        )

    with pytest.raises(DomainError):
        again(Decimal(5))
    meeting = meet(submitted, chair_user)
    second, third = again(Decimal(5)), again(None)
    Meeting.objects.update(closed_at=timezone.now(), closed_by=chair_user, decision="Agreed.")
    with pytest.raises(DomainError):
        again(Decimal(7))

    assert [(one.number, one.kind, one.meeting) for one in (second, third)] == [
        (2, "consensus", meeting),
        (3, "consensus", meeting),
    ]
    # An abstention leaves the total to the other criterion.
    assert Scorecard.objects.with_current().get().current_total == 60


BARS = {
    "a draft": lambda c: None,
    "no leave": lambda c: submit_scorecard(c.card, by=c.judge, key=uuid4()),
    "a conflict": lambda c: declare_conflict(
        c.judge, by=c.organiser, reason="x", entry=c.card.assignment.entry
    ),
    "removed": lambda c: remove_judge(c.card.assignment.judge, by=c.organiser, reason="x"),
    "recused": lambda c: recuse(c.card.assignment, by=c.judge, reason="x"),
}


@pytest.mark.parametrize("bar", BARS)
def test_nobody_corrects_against_the_rules(bar, marked, criteria, judge_user, organiser):
    if bar not in {"a draft", "no leave", "recused"}:
        submit_scorecard(marked, by=judge_user, key=uuid4())
        give_leave(Scorecard.objects.get(), by=organiser, reason="x")
    BARS[bar](SimpleNamespace(card=marked, judge=judge_user, organiser=organiser))

    with pytest.raises(DomainError):
        correct_scorecard(
            Scorecard.objects.get(), by=judge_user, marks={criteria[0].pk: Decimal(1)}, reason="x"
        )

    assert Correction.objects.count() == 0


@pytest.mark.parametrize(
    ("value", "reason"), [(Decimal(11), "x"), (Decimal("0.3"), "x"), (Decimal(8), "x"), (4, " ")]
)
def test_a_correction_needs_another_mark_of_the_scale_and_a_reason(
    value, reason, submitted, criteria, judge_user, organiser
):
    give_leave(submitted, by=organiser, reason="x")

    with pytest.raises(DomainError):
        correct_scorecard(
            submitted, by=judge_user, marks={criteria[0].pk: Decimal(value)}, reason=reason
        )

    assert Leaf.objects.count() == 1


def test_only_an_organiser_without_a_conflict_gives_leave(
    submitted, judge_user, organiser, second_organiser, other_organiser
):
    declare_conflict(second_organiser, by=organiser, reason="x", entry=submitted.assignment.entry)

    for who in (judge_user, second_organiser, other_organiser):
        with pytest.raises(DomainError):
            give_leave(submitted, by=who, reason="x")

    assert CorrectionLeave.objects.count() == 0


ACTS = {
    "correction": lambda: Correction.objects.update(total=1),
    "mark": lambda: CorrectedMark.objects.update(value=1, abstained=False),
    "leave": lambda: CorrectionLeave.objects.update(reason="y"),
    "gone": lambda: CorrectedMark.objects.all()._raw_delete("default"),
    "meeting": lambda: Meeting.objects.update(decision="y"),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_database_refuses_to_change_corrections(act, corrected, submitted, chair_user):
    meet(submitted, chair_user)
    Meeting.objects.update(closed_at=timezone.now(), closed_by=chair_user, decision="Agreed.")

    with pytest.raises(DatabaseError), transaction.atomic():
        ACTS[act]()

    assert Correction.objects.get().total == 50


def test_each_correction_is_a_leaf_and_the_next_seal_says_so(submitted, season, request):
    closed = submitted.assignment.round.stage.closes_at + timedelta(minutes=5)
    with time_machine.travel(closed, tick=False):
        seal_round(submitted.assignment.round)
        corrected = request.getfixturevalue("corrected")
        seal = seal_round(submitted.assignment.round)
        proof = json.loads(json.dumps(proof_of(submitted)))

    first, second = Leaf.objects.order_by("pk")
    assert "corrections" not in first.content
    assert [(one["total"], one["correction"]) for one in second.content["corrections"]] == [
        ("50.000000", corrected.pk)
    ]
    assert second.event.verb == "scorecard.corrected"
    assert (seal.number, seal.corrected, RoundSeal.objects.count()) == (2, 1, 2)
    assert list(verify_leaf.faults(proof, seal.fingerprint)) == []
    assert faults_of(season) == []


def test_what_is_changed_in_a_correction_is_found(corrected, submitted, season, judge_user):
    mark = CorrectedMark.objects.order_by("pk").first()
    with guards_off():
        Correction.objects.update(total=99, reason="Other.")
        CorrectedMark.objects.filter(pk=mark.pk).update(value=9)
        extra = Correction.objects.create(
            scorecard=submitted,
            number=2,
            kind="consensus",
            total=100,
            reason="x",
            by=judge_user,
            made_at=timezone.now(),
            meeting=meet(submitted, judge_user),
        )

    assert set(faults_of(season)) == {
        ("judging_correction", corrected.pk, "total"),
        ("judging_correction", corrected.pk, "reason"),
        ("judging_correctedmark", mark.pk, "value"),
        ("judging_correction", extra.pk, ""),
    }


def test_a_correction_that_is_gone_is_missed(corrected, season):
    with guards_off():
        CorrectedMark.objects.all().delete()
        Correction.objects.all().delete()

    assert ("judging_correction", corrected.pk, "") in faults_of(season)


def test_the_judges_own_data_hold_the_corrections(corrected, judge_user):
    (card,) = judge_data(judge_user).sections["scorecards"]

    assert [(one["reason"], one["total"]) for one in card["corrections"]] == [
        ("I meant four.", Decimal(50))
    ]


def test_an_organiser_lets_a_judge_correct_from_the_list_of_scorecards(
    client_of, submitted, organiser
):
    body = {
        "action": "let_correct",
        "_selected_action": [submitted.pk],
        "confirmed": "1",
        "reason": "A slip.",
    }

    client_of(organiser).post(reverse("admin:judging_scorecard_changelist"), body)
    page = client_of(organiser).get(reverse("admin:judging_scorecard_change", args=[submitted.pk]))

    assert [(one.given_by, one.reason) for one in CorrectionLeave.objects.all()] == [
        (organiser, "A slip.")
    ]
    assert "A slip." in page.content.decode()
