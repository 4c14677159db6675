"""Making outcomes public."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from diplomas.models import Diploma
from judging.models import Advancement
from nominations.models import Entry, EntryStatus
from outbox.models import Job, Message
from outbox.services import deliver_due, run_due
from outbox.tasks import remind
from results.models import Feedback, PublishedResult, Release, ReleaseState
from results.services import (
    arm_release,
    cancel_release,
    compute_standing,
    confirm_outcomes,
    confirm_release,
    perform_overdue,
    perform_release,
)
from seasons.models import Organiser, Season, Stage

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def decided(finalist_rule, essay_round, nomination, organiser, compete, score):
    """Aster and Birch are finalists by decision; Cedar is not."""
    entries = [compete("Aster"), compete("Birch"), compete("Cedar")]
    for entry, total in zip(entries, [90, 80, 70], strict=True):
        score(entry, essay_round, total)
    compute_standing(finalist_rule, nomination, by=organiser)
    confirm_outcomes(finalist_rule, nomination, entries[:2], by=organiser)
    return entries


@pytest.fixture
def confirmed(finalist_rule, decided, organiser, second_organiser):
    release = arm_release(finalist_rule, by=organiser)
    return confirm_release(release, by=second_organiser)


def names():
    return sorted(PublishedResult.objects.values_list("organisation_name", flat=True))


def test_a_release_is_prepared_for_the_opening_of_its_stage(finalist_rule, decided, organiser):
    release = arm_release(finalist_rule, by=organiser)

    assert release.not_before == finalist_rule.stage.opens_at
    assert release.state == ReleaseState.ARMED
    assert Event.objects.get(verb="release.prepared").data["entries"] == [
        decided[0].number,
        decided[1].number,
    ]


def test_a_release_cannot_be_planned_before_its_stage_opens(finalist_rule, decided, organiser):
    with pytest.raises(DomainError) as refused:
        arm_release(finalist_rule, by=organiser, not_before=finalist_rule.stage.opens_at - SECOND)

    assert refused.value.field == "not_before"
    assert not Release.objects.exists()


def test_nothing_is_released_that_nobody_decided(finalist_rule, organiser):
    with pytest.raises(DomainError, match="Nothing is decided"):
        arm_release(finalist_rule, by=organiser)


def test_an_outcome_has_one_release_at_a_time(finalist_rule, decided, organiser):
    arm_release(finalist_rule, by=organiser)

    with pytest.raises(DomainError, match="already"):
        arm_release(finalist_rule, by=organiser)


def test_who_prepared_a_release_cannot_confirm_it(
    finalist_rule, decided, organiser, second_organiser
):
    release = arm_release(finalist_rule, by=organiser)

    with pytest.raises(DomainError, match="Another organiser"):
        confirm_release(release, by=organiser)

    assert confirm_release(release, by=second_organiser).confirmed_by == second_organiser


def test_who_organises_no_more_can_neither_prepare_nor_confirm_nor_cancel(
    finalist_rule, decided, organiser, second_organiser
):
    Organiser.objects.filter(user=second_organiser).delete()
    with pytest.raises(DomainError, match="in this season"):
        arm_release(finalist_rule, by=second_organiser)
    release = arm_release(finalist_rule, by=organiser)

    with pytest.raises(DomainError, match="in this season"):
        confirm_release(release, by=second_organiser)
    with pytest.raises(DomainError, match="in this season"):
        cancel_release(release, by=second_organiser, reason="Mine.")

    assert Release.objects.get().state == ReleaseState.ARMED


def test_one_person_is_enough_where_the_season_says_so(finalist_rule, decided, organiser, season):
    Season.objects.filter(pk=season.pk).update(two_person_release=False)
    release = arm_release(finalist_rule, by=organiser)

    assert confirm_release(release, by=organiser).state == ReleaseState.CONFIRMED


def test_a_cancelled_release_never_happens(confirmed, organiser, time_machine):
    cancel_release(confirmed, by=organiser, reason="A mark was late.")
    time_machine.move_to(confirmed.not_before)

    assert perform_release(confirmed.pk) is False
    assert names() == []


def test_a_release_is_cancelled_with_a_reason_alone(confirmed, organiser):
    with pytest.raises(DomainError) as refused:
        cancel_release(confirmed, by=organiser, reason="  ")

    assert refused.value.field == "reason"


def test_one_second_before_its_moment_nothing_is_public(confirmed, time_machine):
    time_machine.move_to(confirmed.not_before - SECOND, tick=False)

    assert run_due(kinds=["release-results"]) == 0
    assert perform_release(confirmed.pk) is False
    assert names() == []
    assert not Advancement.objects.exists()
    assert not Diploma.objects.exists()
    assert not Message.objects.filter(kind__startswith="result-").exists()


def test_at_its_moment_results_diplomas_mails_and_the_next_round_are_there_at_once(
    confirmed, defence_round, decided, time_machine
):
    time_machine.move_to(confirmed.not_before, tick=False)

    assert run_due(kinds=["release-results"]) == 1

    confirmed.refresh_from_db()
    assert confirmed.state == ReleaseState.RELEASED
    assert confirmed.released_at == timezone.now()
    assert names() == ["Aster", "Birch"]
    assert [row.entry for row in Advancement.objects.order_by("entry")] == decided[:2]
    assert [diploma.entry for diploma in Diploma.objects.order_by("entry")] == decided[:2]
    assert sorted(
        Message.objects.filter(kind="result-finalist").values_list("email", flat=True)
    ) == ["aster@example.org", "birch@example.org"]


def test_running_the_release_twice_sends_one_mail_and_makes_one_diploma_each(
    confirmed, time_machine
):
    time_machine.move_to(confirmed.not_before)
    run_due(kinds=["release-results"])
    Job.objects.filter(kind="release-results").update(state="waiting", locked_until=None)

    run_due(kinds=["release-results"])
    perform_release(confirmed.pk)
    deliver_due(kinds=["result-finalist"])

    assert names() == ["Aster", "Birch"]
    assert Diploma.objects.count() == 2
    assert sorted(one.to[0] for one in mail.outbox) == ["aster@example.org", "birch@example.org"]


def test_a_stage_that_moved_later_holds_the_release_back(confirmed, finalist_rule, time_machine):
    later = finalist_rule.stage.opens_at + timedelta(days=1)
    Stage.objects.filter(pk=finalist_rule.stage_id).update(
        opens_at=later, closes_at=later + timedelta(days=9)
    )
    time_machine.move_to(confirmed.not_before, tick=False)
    run_due(kinds=["release-results"])
    assert names() == []

    time_machine.move_to(later - SECOND, tick=False)
    run_due(kinds=["release-results"])
    assert names() == []

    time_machine.move_to(later, tick=False)
    run_due(kinds=["release-results"])
    assert names() == ["Aster", "Birch"]


def test_beat_publishes_what_a_lost_job_forgot(confirmed, time_machine):
    Job.objects.filter(kind="release-results").delete()
    time_machine.move_to(confirmed.not_before - SECOND, tick=False)
    assert perform_overdue() == 0

    time_machine.move_to(confirmed.not_before, tick=False)
    remind()

    assert names() == ["Aster", "Birch"]


def test_an_entry_that_withdrew_after_the_decision_is_not_published(
    confirmed, decided, time_machine
):
    decided[1].become(EntryStatus.WITHDRAWN)
    decided[1].save()
    time_machine.move_to(confirmed.not_before)

    perform_release(confirmed.pk)

    assert names() == ["Aster"]


def test_what_is_published_is_what_was_submitted_and_not_a_draft_of_it(
    finalist_rule, compete, score, publish, essay_round
):
    entry = compete("Aster", nominee_name="The first shift")
    score(entry, essay_round, 90)
    Entry.objects.filter(pk=entry.pk).update(title="Half a thou", nominee_name="The secret shift")

    publish(finalist_rule, entry)

    result, diploma = PublishedResult.objects.get(), Diploma.objects.get()
    assert (result.nominee_name, result.title) == ("The first shift", "Listening first")
    assert diploma.content["recipient"] == "The first shift"
    assert diploma.content["entry_title"] == "Listening first"


def test_a_failure_in_the_middle_publishes_nothing(confirmed, time_machine, season):
    time_machine.move_to(confirmed.not_before)
    # A diploma with the next number stands in the way of the second one.
    entry = confirmed.rule.decisions.first().entry
    Diploma.objects.create(
        season=season,
        entry=entry,
        kind="laureate",
        number="CX22-D0002",
        language="en",
        issued_at=timezone.now(),
    )

    run_due(kinds=["release-results"])

    assert names() == []
    assert Job.objects.get(kind="release-results").last_error.startswith("IntegrityError")
    confirmed.refresh_from_db()
    assert confirmed.state == ReleaseState.CONFIRMED


def test_feedback_is_made_by_the_last_outcome_alone(
    finalist_rule, laureate_rule, essay_round, defence_round, decided, publish, score
):
    publish(finalist_rule, *decided[:2])
    assert not Feedback.objects.exists()
    score(decided[0], defence_round, 90)
    score(decided[1], defence_round, 80)

    publish(laureate_rule, decided[0])

    assert [row.entry for row in Feedback.objects.order_by("entry")] == decided


def test_the_mail_of_a_finalist_is_in_the_language_of_the_reader(
    confirmed, decided, time_machine, defence_round
):
    reader = decided[0].contacts()[0]
    reader.language = "ru"
    reader.save()
    time_machine.move_to(confirmed.not_before)
    perform_release(confirmed.pk)

    deliver_due(kinds=["result-finalist"])

    (sent,) = [one for one in mail.outbox if one.to == [reader.email]]
    assert sent.extra_headers["Content-Language"] == "ru"
    assert decided[0].number in sent.body
    assert "/s/cx-2022/results/" in sent.body


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_release_once(confirmed):
    Stage.objects.filter(pk=confirmed.rule.stage_id).update(opens_at=timezone.now())
    Release.objects.filter(pk=confirmed.pk).update(not_before=timezone.now())
    barrier = threading.Barrier(2)
    outcomes = []

    def work():
        barrier.wait(timeout=10)
        try:
            outcomes.append(perform_release(confirmed.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == [False, True]
    assert names() == ["Aster", "Birch"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_cancelling_and_confirming_at_once_leave_one_outcome(
    finalist_rule, decided, organiser, second_organiser
):
    release = arm_release(finalist_rule, by=organiser)
    barrier = threading.Barrier(2)
    refused = []

    def run(act):
        barrier.wait(timeout=10)
        try:
            act()
        except DomainError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(lambda: confirm_release(release, by=second_organiser),)),
        threading.Thread(
            target=run, args=(lambda: cancel_release(release, by=organiser, reason="No."),)
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    release.refresh_from_db()
    assert release.state == ReleaseState.CANCELLED
    assert len(refused) <= 1
