"""Whatever is changed in the ledger, or in what it speaks of, is found and named."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from audit.models import Event
from audit.services import Fault, record
from common.triggers import guards_off
from judging.models import Leaf, Mark, RoundSeal, Scorecard, SealedLeaf
from judging.services import open_scorecard, remove_judge, save_mark, submit_scorecard
from judging.services.ledger import seal_round
from judging.verification import verify


def faults_of(season):
    return [found for found in verify(season) if isinstance(found, Fault)]


def named(season):
    return [(one.table, one.pk, one.field) for one in faults_of(season)]


@pytest.fixture
def history(submitted, criteria, season, organiser, judge, more_entries):
    """Two submitted scorecards, a removal, a sealed round and some other events."""
    record("season.looked-at", by=organiser, about=season, season=season.slug)
    other = submitted.assignment.__class__.objects.create(
        round=submitted.assignment.round, judge=judge, entry=more_entries(1)[0]
    )
    card = open_scorecard(other, by=judge.user)
    for criterion in criteria:
        save_mark(card, criterion, by=judge.user, value=Decimal(3), base_version=0, comment="так")
    submit_scorecard(card, by=judge.user, key=uuid4())
    closed = submitted.assignment.round.stage.closes_at + timedelta(minutes=5)
    with time_machine.travel(closed, tick=False):
        seal_round(submitted.assignment.round)
    remove_judge(judge, by=organiser, reason="Talked.")
    return submitted


def test_an_untouched_ledger_has_no_faults(history, season):
    assert faults_of(season) == []


ROWS = [Event, Leaf, Mark, Scorecard, RoundSeal, SealedLeaf]
# A key that nothing refers to says nothing: the position in the chain is an event's own key.
SILENT = {Event: {"id"}, RoundSeal: {"id", "sealed_at"}, SealedLeaf: {"id"}, Leaf: {"id"}}
COLUMNS = [
    (model, field.attname)
    for model in ROWS
    for field in model._meta.concrete_fields
    if field.attname not in SILENT.get(model, {})
]


def other_text(text, data):
    """The text with one character changed."""
    at = data.draw(st.integers(0, max(len(text) - 1, 0)))
    new = data.draw(st.sampled_from("0123456789abcdefXYZ"))
    return text[:at] + new + text[at + 1 :]


def other_value(value, field, data):  # noqa: PLR0911
    """The value with one byte changed."""
    if isinstance(field, models.JSONField):
        key = data.draw(st.sampled_from(sorted(value) or ["more"]))
        return {**value, key: f"{value.get(key)}x"}
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, Decimal)):
        return value + data.draw(st.sampled_from([1, 2, 4, 8, 16]))
    if isinstance(value, str):
        return other_text(value, data)
    if value is None:
        kind = field.get_internal_type()
        return {
            "DecimalField": Decimal(1),
            "UUIDField": uuid4(),
            "DateTimeField": timezone.now(),
        }.get(kind, 1)
    if hasattr(value, "int"):
        return type(value)(int=value.int ^ (1 << data.draw(st.integers(0, 127))))
    return value + timedelta(microseconds=data.draw(st.integers(1, 10**12)))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_change_of_any_field_of_any_row_is_found(history, season, data):
    model, column = data.draw(st.sampled_from(COLUMNS))
    rows = model._default_manager.order_by("pk")
    if model is Event:
        rows = rows.filter(chain=f"season:{season.slug}")
    pk = data.draw(st.sampled_from(list(rows.values_list("pk", flat=True))))
    field = next(one for one in model._meta.concrete_fields if one.attname == column)
    before = rows.values_list(column, flat=True).get(pk=pk)
    after = other_value(before, field, data)
    assume(after != before)

    with transaction.atomic():
        with guards_off(connection), connection.constraint_checks_disabled():
            stored = store(rows.filter(pk=pk), column, after)
        found = named(season) if stored else None
        transaction.set_rollback(True)

    if found is not None:
        assert found != []
        if model in {Mark, Scorecard} and column not in {"id", "assignment_id", "scorecard_id"}:
            assert (model._meta.db_table, pk) in {(table, key) for table, key, _field in found}


def store(rows, column, value):
    """Write past everything; a value that a constraint refuses cannot stand there."""
    try:
        with transaction.atomic():
            rows.update(**{column: value})
    except DatabaseError:
        return False
    return True


@pytest.mark.parametrize("field", ["value", "comment", "abstained"])
def test_a_changed_mark_is_named_with_its_field(history, season, field):
    mark = Mark.objects.order_by("pk").first()
    values = {
        "value": {"value": Decimal(9)},
        "comment": {"comment": "Nothing to add."},
        "abstained": {"value": None, "abstained": True},
    }

    with guards_off(connection):
        Mark.objects.filter(pk=mark.pk).update(**values[field])

    assert ("judging_mark", mark.pk, field) in named(season)


def test_a_mark_that_was_added_or_taken_away_is_named(history, season):
    mark = Mark.objects.order_by("pk").first()
    pk, card = mark.pk, mark.scorecard_id
    with guards_off(connection):
        mark.delete()
        found = faults_of(season)
        Mark.objects.create(
            scorecard_id=card, criterion=mark.criterion, value=mark.value, version=1
        )

    assert [(one.table, one.pk) for one in found] == [("judging_mark", pk)]
    assert len([one for one in named(season) if one[0] == "judging_mark"]) == 2


def test_a_scorecard_that_came_past_the_ledger_is_named(history, season, judge, more_entries):
    other = history.assignment.__class__.objects.create(
        round=history.assignment.round, judge=judge, entry=more_entries(1)[0]
    )
    card = Scorecard.objects.create(
        assignment=other,
        revision=other.entry.latest_revision(),
        status="submitted",
        total=Decimal(100),
        submitted_at=timezone.now(),
    )

    assert named(season) == [("judging_scorecard", card.pk, "")]


def test_a_judge_who_was_put_back_in_silence_is_named(history, season, judge):
    type(judge).objects.filter(pk=judge.pk).update(removed_at=None)

    assert named(season) == [("judging_judge", judge.pk, "removed_at")]


def test_an_assignment_that_ended_in_silence_is_named(history, season):
    type(history.assignment).objects.filter(pk=history.assignment_id).update(status="withdrawn")

    assert named(season) == [("judging_assignment", history.assignment_id, "status")]


def test_a_changed_rubric_is_named(history, season, criteria):
    type(criteria[0]).objects.filter(pk=criteria[0].pk).update(weight=Decimal(2))

    assert ("judging_criterion", criteria[0].pk, "weight") in named(season)


@pytest.mark.parametrize("model", [Leaf, RoundSeal, SealedLeaf])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_rewrite_the_ledger(history, model, act):
    rows = model._default_manager.all()
    changes = {Leaf: {"salt": "0" * 64}, RoundSeal: {"root": "0" * 64}, SealedLeaf: {"position": 9}}
    before = list(rows.order_by("pk").values())

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**changes[model]) if act == "update" else rows._raw_delete(rows.db)

    assert list(rows.order_by("pk").values()) == before


def run(season, *flags):
    out = StringIO()
    try:
        call_command("verify_ledger", season, *flags, stdout=out, stderr=StringIO())
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_that_all_is_well(history, season):
    code, said = run(season.slug)

    assert code == 0
    assert said.endswith("rows are as they were written.\n")


def test_the_command_names_the_first_changed_row_and_ends_with_one(history, season):
    mark = Mark.objects.order_by("pk").first()
    with guards_off(connection):
        Mark.objects.filter(pk=mark.pk).update(value=Decimal(1))

    code, said = run(season.slug)

    assert code == 1
    assert said.splitlines()[0] == (
        f"judging_mark.value {mark.pk}: the ledger says '8.00', the row says '1.00'"
    )


def test_the_command_answers_in_json(history, season):
    with guards_off(connection):
        Scorecard.objects.filter(pk=history.pk).update(total=Decimal(1))

    code, said = run(season.slug, "--json")

    assert code == 1
    assert json.loads(said)["faults"] == [
        {
            "table": "judging_scorecard",
            "pk": history.pk,
            "field": "total",
            "message": "the ledger says '70.000000', the row says '1.000000'",
        }
    ]


def test_an_unknown_season_is_refused(db):
    with pytest.raises(CommandError):
        call_command("verify_ledger", "nowhere")
