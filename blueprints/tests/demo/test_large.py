"""The bulk paths write the very rows that the services write."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Event
from audit.services import Fault
from blueprints.demo import acts
from blueprints.demo.cast import Fate, Role
from blueprints.demo.large import enter_in_bulk, score_in_bulk
from judging.models import Criterion, Mark, Scorecard
from judging.services import assign
from judging.verification import verify
from nominations.models import Answer, Entry, EntryKind, Nomination
from nominations.services import admit_entry
from tests.factories import make_judge

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def columns(row: Any, *, without: set[str]) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in without
    }


def test_a_scorecard_written_in_bulk_equals_one_written_click_by_click(
    season, essay_round, jury, judge, chair_user, agreement, admitted_entry, organiser, time_machine
):
    time_machine.move_to(essay_round.stage.opens_at, tick=False)
    other = make_judge(jury, chair_user, agreement)
    criteria = list(Criterion.objects.filter(dimension__rubric=essay_round.rubric))
    sheet = acts.Sheet(
        [(criteria[0], Decimal(7), "Ясно."), (criteria[1], None, "")], "Спасибо.", "Спорно."
    )
    clicked = assign(essay_round, judge, admitted_entry, by=organiser)
    bulk = assign(essay_round, other, admitted_entry, by=organiser)

    acts.score(clicked, sheet)
    score_in_bulk(season, [(bulk, sheet)])

    unlike = {"id", "assignment_id", "idempotency_key"}
    first, second = (Scorecard.objects.get(assignment=one) for one in (clicked, bulk))
    assert columns(first, without=unlike) == columns(second, without=unlike)
    assert [columns(mark, without={"id", "scorecard_id"}) for mark in marks_of(first)] == [
        columns(mark, without={"id", "scorecard_id"}) for mark in marks_of(second)
    ]
    events = list(Event.objects.filter(verb="scorecard.submitted").order_by("position"))
    assert [set(event.data) for event in events] == [{"round", "assignment", "leaf"}] * 2
    assert [event.actor_id for event in events] == [judge.user_id, other.user_id]
    assert [found for found in verify(season) if isinstance(found, Fault)] == []


def marks_of(card: Scorecard) -> list[Mark]:
    return list(card.marks.order_by("criterion"))


def test_an_entry_written_in_bulk_equals_one_written_prompt_by_prompt(
    season, organisation, nominee, organiser, nomination, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)
    role = Role(nomination.number, "bank", Fate.ADMITTED, 0.7, EntryKind.ORGANISATION, "Право")
    team = acts.Team({"bank": organisation}, {"bank": nominee})
    Nomination.objects.get(pk=nomination.pk).prompts.update(min_words=None, max_words=None)

    clicked = acts.enter(role, season, team, Random("one"))
    bulk = enter_in_bulk(role, season, team, Random("one"))
    for entry in (clicked, bulk):
        acts.send(entry, nominee)
        admit_entry(entry, by=organiser)

    first, second = (Entry.objects.get(pk=entry.pk) for entry in (clicked, bulk))
    unlike = {"id", "number", "place"}
    assert columns(first, without=unlike) == columns(second, without=unlike)
    assert answers_of(first) == answers_of(second)
    assert first.revisions.get().content["answers"] == second.revisions.get().content["answers"]


def answers_of(entry: Entry) -> list[dict[str, Any]]:
    rows = Answer.objects.filter(entry=entry).order_by("prompt")
    return [columns(row, without={"id", "entry_id"}) for row in rows]
