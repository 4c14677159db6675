"""Quotes from the essay, comments at the extremes, and the time a judge spends."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from common.errors import DomainError
from common.triggers import guards_off
from judging.canonical import FORMAT_1, scorecard_content
from judging.evidence import Place, find_in
from judging.models import Leaf, Quote, Scorecard
from judging.services import (
    attach_quote,
    count_time,
    open_scorecard,
    remove_quote,
    save_mark,
    submit_scorecard,
)
from judging.services.scorecards import CommentsMissingError
from judging.verification import verify
from tests.factories import make_revision


def quote(scorecard, criterion, by, text="approach  well", **more):
    place = Place(more.pop("prompt", ""), more.pop("start", 0), text)
    token = more.pop("token", None) or uuid4()
    return attach_quote(scorecard, criterion, by=by, token=token, place=place)


def test_a_quote_keeps_the_words_and_the_place_as_the_essay_has_them(
    scorecard, criteria, judge_user
):
    made = quote(scorecard, criteria[0], judge_user)

    assert (made.text, made.prompt, made.revision) == (
        "approach well",
        "approach",
        scorecard.revision,
    )
    assert find_in("so we did it and did it", "did  it", 20) == (17, "did it")


def test_words_that_are_not_in_the_essay_are_refused_beside_the_criterion(
    scorecard, criteria, judge_user
):
    with pytest.raises(DomainError) as refused:
        quote(scorecard, criteria[0], judge_user, "We won every prize")

    assert refused.value.field == f"quote-{criteria[0].pk}"
    assert Quote.objects.count() == 0


def test_the_same_quote_sent_twice_is_stored_once(scorecard, criteria, judge_user):
    token = uuid4()

    made = [quote(scorecard, criteria[0], judge_user, token=one) for one in (token, token, None)]

    assert {one.pk for one in made} == {Quote.objects.get().pk}


def test_a_quote_follows_the_essay_into_a_new_revision_or_says_where_it_is_from(
    work, scorecard, criteria, judge_user, nominee
):
    kept = quote(scorecard, criteria[0], judge_user, "approach")
    gone = quote(scorecard, criteria[1], judge_user, "did approach")
    answer = work.entry.answers.get(prompt__slug="approach")
    work.entry.answers.filter(pk=answer.pk).update(text="Now our approach is new.")
    newer = make_revision(work.entry, nominee)

    open_scorecard(work, by=judge_user)
    kept.refresh_from_db()
    gone.refresh_from_db()

    assert (kept.revision, gone.revision) == (newer, work.entry.revisions.get(number=1))


def test_quotes_freeze_with_the_scorecard_and_the_ledger_misses_one_that_is_changed(
    marked, criteria, judge_user, season
):
    made = quote(marked, criteria[0], judge_user)
    card = submit_scorecard(marked, by=judge_user, key=uuid4())
    before = list(verify(season))

    with pytest.raises(DomainError):
        remove_quote(card, made.token, by=judge_user)
    with pytest.raises(DatabaseError), transaction.atomic():
        Quote.objects.filter(pk=made.pk).update(text="better words")
    with guards_off():
        Quote.objects.filter(pk=made.pk).update(text="better words")
    faults = [one for one in verify(season) if not isinstance(one, int)]

    assert [one for one in before if not isinstance(one, int)] == []
    assert [(one.table, one.pk, one.field) for one in faults] == [
        ("judging_quote", made.pk, "text")
    ]


def test_a_leaf_written_before_there_were_quotes_still_verifies(
    marked, judge_user, season, monkeypatch
):
    old = partial(scorecard_content, written=FORMAT_1)
    monkeypatch.setattr("judging.services.ledger.scorecard_content", old)
    submit_scorecard(marked, by=judge_user, key=uuid4())

    assert Leaf.objects.get().content["format"] == FORMAT_1
    assert [one for one in verify(season) if not isinstance(one, int)] == []


def test_extreme_marks_need_a_comment_where_the_rubric_says_so(
    marked, criteria, judge_user, essay_round
):
    rubric = essay_round.rubric
    rubric.comment_at_or_below, rubric.comment_at_or_above = 20, 80
    rubric.save()

    with pytest.raises(CommentsMissingError) as refused:
        submit_scorecard(marked, by=judge_user, key=uuid4())
    save_mark(
        marked,
        criteria[0],
        by=judge_user,
        value=Decimal(8),
        comment="Numbers prove it.",
        base_version=1,
    )
    card = submit_scorecard(marked, by=judge_user, key=uuid4())

    assert refused.value.criteria == [criteria[0]]
    assert card.submitted_at is not None


def test_time_is_never_more_than_has_passed_since_it_was_counted_last(scorecard):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        first = count_time(scorecard, 90)
        clock.shift(timedelta(seconds=30))
        second = count_time(scorecard, 600)
        clock.shift(timedelta(hours=3))
        third = count_time(scorecard, 9000)

    assert (first, second, third) == (90, 120, 120 + 30 * 60)


def test_time_stops_with_the_submission(submitted):
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        count_time(submitted, 60)

    assert Scorecard.objects.get().active_seconds == 0
