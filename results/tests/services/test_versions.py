"""Feedback follows what changed; what could be read says so, and what it said is kept."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import Event
from judging.models import CorrectedMark, Correction, Criterion, Meeting
from outbox.models import Message
from outbox.services import run_due
from outbox.tasks import deliver
from results.models import EarlierFeedback, Feedback
from results.report import as_html
from results.services import (
    ask_retraction,
    confirm_retraction,
    create_feedback,
    mark_read,
)
from results.services.feedback import refresh_feedback
from seasons.models import Stage, StageKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def opens(season):
    """Move the date of the feedback."""

    def act(**ahead):
        moment = timezone.now() + timedelta(**ahead)
        season.stages.filter(kind=StageKind.FEEDBACK).update(opens_at=moment)

    return act


@pytest.fixture
def correct(essay_round, organiser):
    """All scorecards of an entry come to this total."""

    def act(cards, total):
        meeting = Meeting.objects.create(
            round=essay_round,
            entry=cards[0].assignment.entry,
            opened_by=organiser,
            opened_at=timezone.now(),
        )
        for card in cards:
            made = Correction.objects.create(
                scorecard=card,
                number=1,
                kind="consensus",
                total=Decimal(total),
                reason="Read again.",
                by=organiser,
                made_at=timezone.now(),
                meeting=meeting,
            )
            for criterion in Criterion.objects.filter(dimension__rubric=essay_round.rubric):
                CorrectedMark.objects.create(
                    correction=made, criterion=criterion, value=Decimal(total) / 10
                )

    return act


def average(entry):
    return Feedback.objects.get(entry=entry).content["rounds"][0]["average"]


def test_what_nobody_could_read_yet_is_simply_replaced(
    season, essay_round, compete, score, opens, correct
):
    entry = compete("Aster")
    cards = score(entry, essay_round, 90, 90, 90)
    create_feedback(season)
    opens(days=1)
    correct(cards, 30)

    changed = refresh_feedback(entry.nomination)

    assert (changed, average(entry)) == (1, "30")
    assert (Feedback.objects.get().changed_at, EarlierFeedback.objects.count()) == (None, 0)
    assert not Message.objects.filter(kind="feedback-changed").exists()


def test_open_feedback_gets_a_new_version_its_people_are_told_and_the_old_one_stays(
    season, essay_round, compete, score, opens, correct, client_of
):
    entry, other = compete("Aster"), compete("Birch")
    cards = score(entry, essay_round, 90, 90, 90)
    score(other, essay_round, 70, 70, 70)
    create_feedback(season)
    opens(days=-1)
    mark_read(Feedback.objects.get(entry=entry), by=entry.created_by)
    correct(cards, 30)

    changed = [refresh_feedback(entry.nomination) for _each in range(2)]

    assert (changed, average(entry)) == ([1, 0], "30")
    now, earlier = Feedback.objects.get(entry=entry), EarlierFeedback.objects.get()
    assert (now.version, now.read_at, earlier.version) == (2, None, 1)
    assert (earlier.content["rounds"][0]["average"], earlier.read_at is None) == ("90", False)
    assert Event.objects.get(verb="feedback.changed").data["version"] == 2
    mails = Message.objects.filter(kind="feedback-changed")
    assert [one.email for one in mails] == ["aster@example.org"]
    page = client_of(entry.created_by).get(f"/entries/{entry.pk}/feedback/").text
    assert ["Changed on" in text for text in (page, as_html(now))] == [True, True]
    deliver(mails.get().pk)
    assert "Please read the new version" in mail.outbox[0].body
    with pytest.raises(DatabaseError), transaction.atomic():
        EarlierFeedback.objects.update(version=3)


def test_after_a_new_release_open_feedback_says_what_holds_now(
    finalist_rule, essay_round, compete, score, publish, opens, correct, organiser, second_organiser
):
    first, second = compete("Aster"), compete("Birch")
    cards = score(first, essay_round, 90, 90, 90)
    score(second, essay_round, 60, 60, 60)
    release = publish(finalist_rule, first)
    run_due(kinds=["make-feedback"])
    opens(days=-1)
    asked = ask_retraction(release, by=organiser, reason="Marks were wrong.")
    confirm_retraction(asked, by=second_organiser)
    correct(cards, 10)

    Stage.objects.filter(pk=finalist_rule.stage_id).update(opens_at=timezone.now())
    publish(finalist_rule, second)
    run_due(kinds=["make-feedback"])

    (standing,) = Feedback.objects.get(entry=first).content["standings"]
    (before,) = EarlierFeedback.objects.get(feedback__entry=first).content["standings"]
    assert ((before["place"], before["raw"]), (standing["place"], standing["raw"])) == (
        (1, "90.00"),
        (2, "10.00"),
    )
    told = Message.objects.filter(kind="feedback-changed").order_by("email")
    assert [one.email for one in told] == ["aster@example.org", "birch@example.org"]
