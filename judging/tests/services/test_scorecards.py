"""Marks, comments and submission, checked on the server against the clock."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine

from accounts.models import Membership
from audit.models import Event
from common.errors import DomainError
from judging.models import Agreement, Assignment, Mark, Scorecard, ScorecardStatus
from judging.services import (
    MarkConflict,
    NoteConflict,
    open_scorecard,
    remove_judge,
    save_comment,
    save_mark,
    submit_scorecard,
    withdraw_assignment,
)
from judging.services.scorecards import MarksMissingError
from nominations.models import EntryStatus
from seasons.models import Extension
from tests.factories import make_revision, make_rubric


def mark(scorecard, criterion, by, value=7, **fields):
    return save_mark(
        scorecard,
        criterion,
        by=by,
        value=None if value is None else Decimal(value),
        **{"base_version": 0, **fields},
    )


def test_a_scorecard_is_opened_once_on_the_latest_revision(work, judge_user):
    first = open_scorecard(work, by=judge_user)
    second = open_scorecard(work, by=judge_user)

    assert first == second
    assert first.revision == work.entry.latest_revision()


def test_a_draft_follows_a_new_revision_and_a_submitted_scorecard_does_not(
    work, marked, judge_user, nominee
):
    second = make_revision(work.entry, nominee)
    moved = open_scorecard(work, by=judge_user)
    submit_scorecard(moved, by=judge_user, key=uuid4())
    make_revision(work.entry, nominee)

    assert moved.revision == second
    assert open_scorecard(work, by=judge_user).revision == second


def test_a_mark_is_kept_with_a_growing_version(scorecard, criteria, judge_user):
    first = mark(scorecard, criteria[0], judge_user, 7)
    second = mark(scorecard, criteria[0], judge_user, 8, comment="clear", base_version=1)

    assert (first.version, second.version) == (1, 2)
    assert Mark.objects.get().value == 8


def test_a_stale_version_is_refused_with_what_is_stored(scorecard, criteria, judge_user):
    mark(scorecard, criteria[0], judge_user, 7)

    with pytest.raises(MarkConflict) as refusal:
        mark(scorecard, criteria[0], judge_user, 3, base_version=0)

    assert refusal.value.stored.value == 7
    assert Mark.objects.get().value == 7


def test_saving_what_is_stored_already_changes_nothing(scorecard, criteria, judge_user):
    mark(scorecard, criteria[0], judge_user, 7)

    again = mark(scorecard, criteria[0], judge_user, 7, base_version=0)

    assert again.version == 1


@pytest.mark.parametrize("value", ["-1", "10.5", "11", "7.5", "NaN", "Infinity"])
def test_a_mark_outside_the_scale_is_refused(scorecard, criteria, judge_user, value):
    with pytest.raises(DomainError) as refusal:
        mark(scorecard, criteria[0], judge_user, value)

    assert str(refusal.value) == "Give a mark from 0 to 10 in steps of 1."
    assert Mark.objects.count() == 0


def test_a_criterion_of_another_rubric_is_refused(scorecard, judge_user, season):
    other = make_rubric(season, "other").dimensions.get().criteria.first()

    with pytest.raises(DomainError):
        mark(scorecard, other, judge_user)


def test_an_abstention_is_no_value(scorecard, criteria, judge_user):
    kept = mark(scorecard, criteria[0], judge_user, 5, abstained=True)

    assert (kept.value, kept.abstained) == (None, True)


def test_comments_are_kept_and_a_stale_version_is_refused(scorecard, judge_user):
    save_comment(scorecard, by=judge_user, comment="Good", private_note="Hm", base_version=0)

    with pytest.raises(NoteConflict):
        save_comment(scorecard, by=judge_user, comment="Bad", private_note="", base_version=0)

    scorecard.refresh_from_db()
    assert (scorecard.comment, scorecard.private_note, scorecard.version) == ("Good", "Hm", 1)


def test_submitting_locks_with_the_total(marked, judge_user):
    done = submit_scorecard(marked, by=judge_user, key=uuid4())

    assert (done.status, done.total) == (ScorecardStatus.SUBMITTED, Decimal(70))
    event = Event.objects.get(verb="scorecard.submitted")
    assert event.data["leaf"] == done.leaves.get().sha256
    assert "total" not in event.data


def test_a_repeated_key_gives_the_same_result_and_another_is_refused(marked, judge_user):
    key = uuid4()

    first = submit_scorecard(marked, by=judge_user, key=key)
    second = submit_scorecard(marked, by=judge_user, key=key)

    assert (first, first.submitted_at) == (second, second.submitted_at)
    assert Event.objects.filter(verb="scorecard.submitted").count() == 1
    with pytest.raises(DomainError):
        submit_scorecard(marked, by=judge_user, key=uuid4())


def test_every_criterion_needs_a_mark_or_an_abstention(scorecard, criteria, judge_user):
    mark(scorecard, criteria[0], judge_user, 7)

    with pytest.raises(MarksMissingError) as refusal:
        submit_scorecard(scorecard, by=judge_user, key=uuid4())
    mark(scorecard, criteria[1], judge_user, None, abstained=True)
    done = submit_scorecard(scorecard, by=judge_user, key=uuid4())

    assert refusal.value.criteria == [criteria[1]]
    assert done.total == 70


def test_abstaining_everywhere_is_not_a_scorecard(scorecard, criteria, judge_user):
    for criterion in criteria:
        mark(scorecard, criterion, judge_user, None, abstained=True)

    with pytest.raises(DomainError):
        submit_scorecard(scorecard, by=judge_user, key=uuid4())


def test_a_submitted_scorecard_takes_nothing_more(submitted, criteria, judge_user):
    with pytest.raises(DomainError):
        mark(submitted, criteria[0], judge_user, 1, base_version=1)
    with pytest.raises(DomainError):
        save_comment(submitted, by=judge_user, comment="x", private_note="", base_version=0)


BARS = {
    "another judge": lambda work, **_people: None,
    "a member of the applicant": lambda work, judge_user, **_people: Membership.objects.create(
        user=judge_user, organisation=work.entry.organisation
    ),
    "a removed judge": lambda work, organiser, **_people: remove_judge(
        work.judge, by=organiser, reason="x"
    ),
    "a withdrawn assignment": lambda work, organiser, **_people: withdraw_assignment(
        work, by=organiser, reason="x"
    ),
    "a new agreement": lambda work, **_people: Agreement.objects.create(
        season=work.round.season, version="2", text={"en": "New"}
    ),
    "a disqualified entry": lambda work, **_people: (
        type(work.entry).objects.filter(pk=work.entry_id).update(status=EntryStatus.DISQUALIFIED)
    ),
}


@pytest.mark.parametrize("bar", BARS)
def test_whatever_bars_the_judge_bars_marks_comments_and_submission(
    bar, work, marked, criteria, judge_user, chair_user, organiser
):
    BARS[bar](work, judge_user=judge_user, organiser=organiser)
    by = chair_user if bar == "another judge" else judge_user

    with pytest.raises(DomainError):
        open_scorecard(work, by=by)
    with pytest.raises(DomainError):
        mark(marked, criteria[0], by, 1, base_version=1)
    with pytest.raises(DomainError):
        save_comment(marked, by=by, comment="x", private_note="", base_version=0)
    with pytest.raises(DomainError):
        submit_scorecard(marked, by=by, key=uuid4())

    assert list(marked.marks.order_by("pk").values_list("value", flat=True)) == [8, 6]
    assert Scorecard.objects.get().status == ScorecardStatus.DRAFT


@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/Los_Angeles"])
@pytest.mark.parametrize(
    ("edge", "seconds", "allowed"),
    [
        ("opens_at", -1, False),
        ("opens_at", 0, True),
        ("closes_at", -1, True),
        ("closes_at", 0, False),
        ("closes_at", 1, False),
    ],
)
def test_marks_count_from_the_opening_until_the_close(
    assignment, judge_user, season, zone, edge, seconds, allowed
):
    type(season).objects.filter(pk=season.pk).update(time_zone=zone)
    assignment = Assignment.objects.get(pk=assignment.pk)
    at = getattr(assignment.round.stage, edge) + timedelta(seconds=seconds)

    with time_machine.travel(at, tick=False):
        if allowed:
            open_scorecard(assignment, by=judge_user)
        else:
            with pytest.raises(DomainError):
                open_scorecard(assignment, by=judge_user)

    assert Scorecard.objects.count() == allowed


def test_a_refusal_after_the_close_says_both_times(work, judge_user, close_round, season):
    close_round()

    with pytest.raises(DomainError) as refusal:
        open_scorecard(work, by=judge_user)

    assert str(refusal.value).startswith("The round closed on ")
    assert "(Moscow, UTC+3)" in str(refusal.value)
    assert "It is " in str(refusal.value)


def test_an_extension_keeps_the_round_open(work, judge_user, close_round, organiser, noon):
    close_round()
    stage = work.round.stage
    stage.refresh_from_db()
    Extension.objects.create(
        stage=stage, until=stage.closes_at + timedelta(days=1), reason="x", granted_by=organiser
    )

    assert open_scorecard(work, by=judge_user).status == ScorecardStatus.DRAFT


def test_only_submitted_scorecards_of_sitting_judges_count(submitted, work, judge_user, organiser):
    counted = list(Scorecard.objects.counted())

    remove_judge(work.judge, by=organiser, reason="x")

    assert counted == [submitted]
    assert list(Scorecard.objects.counted()) == []


def test_the_key_of_another_scorecard_is_refused(marked, judge_user, more_entries, judge):
    key = uuid4()
    other = Assignment.objects.create(
        round=marked.assignment.round, judge=judge, entry=more_entries(1)[0]
    )
    Scorecard.objects.create(
        assignment=other, revision=other.entry.revisions.get(), idempotency_key=key
    )

    with pytest.raises(DomainError, match="belongs to another scorecard"):
        submit_scorecard(marked, by=judge_user, key=key)

    marked.refresh_from_db()
    assert marked.status == ScorecardStatus.DRAFT
