"""The database itself, SQLite or PostgreSQL, refuses to change what was submitted."""

import pytest
from django.db import DatabaseError, connection, transaction

from common.triggers import guards_off
from judging.models import Mark, Scorecard

ACTS = {
    "mark changed": lambda card: Mark.objects.filter(scorecard=card).update(value=1),
    "mark deleted": lambda card: Mark.objects.filter(scorecard=card)._raw_delete("default"),
    "scorecard changed": lambda card: Scorecard.objects.filter(pk=card.pk).update(total=1),
    "scorecard reopened": lambda card: Scorecard.objects.filter(pk=card.pk).update(
        status="draft", submitted_at=None
    ),
    "scorecard deleted": lambda card: Scorecard.objects.filter(pk=card.pk)._raw_delete("default"),
}


def state(card):
    return (
        list(Scorecard.objects.filter(pk=card.pk).values_list("status", "total", "submitted_at")),
        list(Mark.objects.filter(scorecard=card).order_by("pk").values_list("value", "comment")),
    )


@pytest.mark.parametrize("act", ACTS)
def test_the_database_refuses_to_change_what_was_submitted(submitted, act):
    before = state(submitted)

    with pytest.raises(DatabaseError), transaction.atomic():
        ACTS[act](submitted)

    assert state(submitted) == before


def test_a_draft_may_change(marked):
    Mark.objects.filter(scorecard=marked).update(comment="draft")

    assert set(marked.marks.values_list("comment", flat=True)) == {"draft"}


def test_a_reset_may_switch_the_guards_off(submitted):
    with guards_off(connection):
        Mark.objects.filter(scorecard=submitted).delete()

    assert submitted.marks.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_database_with_submitted_scorecards_can_be_flushed(submitted):
    """What this test leaves behind is emptied after it, guards or not."""
    assert submitted.status == "submitted"
