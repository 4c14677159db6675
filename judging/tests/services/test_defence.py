"""Advancing finalists and planning their defence."""

from datetime import timedelta

import pytest

from common.errors import DomainError
from judging.models import Advancement, DefenceSlot
from judging.services import advance, assign, plan_defence
from outbox.models import Message
from seasons.models import StageKind


@pytest.fixture
def finalist(defence_round, admitted_entry, organiser):
    advance(defence_round, [admitted_entry], by=organiser)
    return admitted_entry


@pytest.fixture
def at(defence_round):
    """A time within the stage."""
    return lambda minutes=0: defence_round.stage.opens_at + timedelta(days=1, minutes=minutes)


def test_advancing_twice_is_once(defence_round, finalist, organiser):
    assert advance(defence_round, [finalist], by=organiser) == []
    assert Advancement.objects.count() == 1


def test_a_finalist_of_another_nomination_does_not_advance_into_the_round(
    defence_round, admitted_entry, person_nomination, organiser
):
    defence_round.nominations.add(person_nomination)

    assert advance(defence_round, [admitted_entry], by=organiser) == []


def test_only_finalists_are_judged_in_the_defence(
    defence_round, judge, finalist, more_entries, organiser
):
    other = more_entries(1)[0]

    assign(defence_round, judge, finalist, by=organiser)
    with pytest.raises(DomainError):
        assign(defence_round, judge, other, by=organiser)

    assert list(defence_round.entries()) == [finalist]


def test_a_slot_is_planned_moved_and_mailed_each_time(
    defence_round, finalist, organiser, nominee, at
):
    plan = {"by": organiser, "minutes": 20, "video_link": "https://meet.example.org/cx"}

    first = plan_defence(defence_round, finalist, starts_at=at(), **plan)
    plan_defence(defence_round, finalist, starts_at=at(), **plan)
    moved = plan_defence(defence_round, finalist, starts_at=at(30), **plan)

    assert (first.pk, DefenceSlot.objects.get().starts_at) == (moved.pk, at(30))
    mails = Message.objects.filter(kind="defence-slot")
    assert list(mails.values_list("email", flat=True)) == [nominee.email] * 2
    assert mails[0].context["video_link"] == "https://meet.example.org/cx"


def test_slots_do_not_overlap(defence_round, finalist, more_entries, organiser, at):
    other = more_entries(1)[0]
    advance(defence_round, [other], by=organiser)
    plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)

    for start in (-19, 0, 19):
        with pytest.raises(DomainError) as refusal:
            plan_defence(defence_round, other, by=organiser, starts_at=at(start), minutes=20)
        assert refusal.value.field == "starts_at"
    plan_defence(defence_round, other, by=organiser, starts_at=at(20), minutes=20)

    assert DefenceSlot.objects.count() == 2


def test_a_slot_lies_within_the_stage_and_is_for_a_finalist(
    defence_round, finalist, more_entries, organiser, season, at
):
    closes = season.stages.get(kind=StageKind.DEFENCE).closes_at
    for entry, starts_at, minutes in [
        (finalist, defence_round.stage.opens_at - timedelta(minutes=1), 20),
        (finalist, closes - timedelta(minutes=19), 20),
        (finalist, at(), 0),
        (more_entries(1)[0], at(), 20),
    ]:
        with pytest.raises(DomainError):
            plan_defence(defence_round, entry, by=organiser, starts_at=starts_at, minutes=minutes)

    assert DefenceSlot.objects.count() == 0
