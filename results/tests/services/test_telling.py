"""When feedback is made: after the last release, in the background, and whenever its stage is added."""

from datetime import timedelta

import pytest
from django.utils import timezone

from diplomas.models import Diploma
from outbox.models import Job, Message
from outbox.services import run_due
from outbox.tasks import remind
from results.models import Feedback, PublishedResult, ReleaseState
from results.services import (
    arm_release,
    ask_retraction,
    confirm_release,
    confirm_retraction,
    perform_release,
)
from seasons.models import Stage, StageKind

pytestmark = pytest.mark.django_db
FEEDBACK = {"kind": StageKind.FEEDBACK}


@pytest.fixture
def released(finalist_rule, essay_round, compete, score, decide, organiser, second_organiser):
    """The only outcome of the season is public: Aster is in, Birch is not; no job has run yet."""
    entries = [compete("Aster"), compete("Birch")]
    for entry, total in zip(entries, [90, 80], strict=True):
        score(entry, essay_round, total, total, total)
    Stage.objects.filter(pk=finalist_rule.stage_id).update(opens_at=timezone.now())
    finalist_rule.refresh_from_db()
    decide(finalist_rule, entries[0])
    release = confirm_release(arm_release(finalist_rule, by=organiser), by=second_organiser)
    perform_release(release.pk)
    release.refresh_from_db()
    return release


def test_the_public_does_not_wait_for_everybodys_feedback(released):
    public = (released.state, PublishedResult.objects.count(), Diploma.objects.count())
    mails, made = Message.objects.filter(kind="result-finalist").count(), Feedback.objects.count()

    run_due(kinds=["make-feedback"])

    assert (public, mails, made) == ((ReleaseState.RELEASED, 1, 1), 1, 0)
    assert Feedback.objects.count() == 2


def test_beat_makes_the_feedback_that_a_lost_job_forgot(released):
    Job.objects.filter(kind="make-feedback").delete()

    for _ in range(2):
        remind()
        run_due(kinds=["make-feedback", "announce-feedback"])

    assert Feedback.objects.count() == 2
    assert not Message.objects.filter(kind="feedback-ready").exists()


def test_what_is_taken_back_before_its_feedback_is_made_gives_none(
    released, organiser, second_organiser
):
    asked = ask_retraction(released, by=organiser, reason="A scorecard was missing.")
    confirm_retraction(asked, by=second_organiser)

    run_due(kinds=["make-feedback"])

    assert Feedback.objects.count() == 0


def test_a_stage_added_after_the_last_release_gets_its_feedback(released, season):
    run_due(kinds=["make-feedback"])
    Feedback.objects.all().delete()
    season.stages.filter(**FEEDBACK).delete()
    now = timezone.now()
    season.stages.create(
        slug="late-feedback", name={"en": "Feedback"}, opens_at=now,
        closes_at=now + timedelta(days=30), **FEEDBACK,
    )  # fmt: skip

    for _ in range(2):
        remind()
        run_due(kinds=["make-feedback", "announce-feedback"])

    assert Feedback.objects.count() == 2
    mails = Message.objects.filter(kind="feedback-ready").order_by("email")
    assert [one.email for one in mails] == ["aster@example.org", "birch@example.org"]
