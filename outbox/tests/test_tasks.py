"""Each message and job happens once, whatever the queue does."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from outbox.models import Job, Message, State
from outbox.registry import job_handlers, only_while, still_due
from outbox.services import deliver_due, enqueue, post, retry, run_due
from outbox.tasks import MAX_ATTEMPTS, deliver, remind, run_job, sweep


@pytest.fixture
def counted(db):
    """A kind of job that counts how often it was done."""
    done = []
    job_handlers["count"] = lambda job: done.append(job.args["n"])
    yield done
    del job_handlers["count"]


def test_a_message_is_sent_once_however_often_it_is_delivered(nominee, mailoutbox):
    message = post(
        "account-confirm", effect_key="one", to=nominee, context={"link": "https://x", "email": "e"}
    )

    deliver(message.pk)
    deliver(message.pk)

    assert [mail.to for mail in mailoutbox] == [[nominee.email]]


def test_the_same_effect_key_writes_one_message(nominee):
    first = post("account-notice", effect_key="same", to=nominee)
    second = post("account-notice", effect_key="same", to=nominee)

    assert first == second
    assert Message.objects.count() == 1


def test_a_message_is_written_in_the_language_of_its_recipient(nominee, mailoutbox):
    post("account-notice", effect_key="en", to=nominee)
    nominee.language = "ru"
    nominee.save()
    post("account-notice", effect_key="ru", to=nominee)

    deliver_due()

    assert [mail.extra_headers["Content-Language"] for mail in mailoutbox] == ["en", "ru"]


def test_a_message_that_is_no_longer_wanted_is_cancelled(nominee, mailoutbox):
    only_while("account-notice")(lambda message: False)
    message = post("account-notice", effect_key="unwanted", to=nominee)

    deliver(message.pk)

    del still_due["account-notice"]
    message.refresh_from_db()
    assert (message.state, mailoutbox) == (State.CANCELLED, [])


def test_a_message_due_later_waits(nominee, mailoutbox):
    later = timezone.now() + timedelta(hours=1)
    post("account-notice", effect_key="later", to=nominee, due_at=later)

    assert deliver_due() == 0
    with time_machine.travel(later, tick=False):
        assert deliver_due() == 1


def test_the_sweeper_finds_what_the_queue_lost(nominee, mailoutbox, counted):
    post("account-notice", effect_key="lost", to=nominee)
    enqueue("count", effect_key="lost", args={"n": 1})

    assert sweep() == 2
    assert (len(mailoutbox), counted) == (1, [1])


def test_a_job_that_fails_is_tried_again_and_then_fails_visibly(db):
    def fail(job: Job) -> None:
        message = "no paper"
        raise RuntimeError(message)

    job_handlers["fail"] = fail
    job = enqueue("fail", effect_key="fail")
    for _attempt in range(MAX_ATTEMPTS):
        Job.objects.update(due_at=timezone.now())
        run_job(job.pk)
    del job_handlers["fail"]

    job.refresh_from_db()
    assert (job.state, job.last_error) == (State.FAILED, "RuntimeError: no paper")


def test_a_failed_job_can_be_tried_again(counted):
    job = enqueue("count", effect_key="again", args={"n": 7})
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, attempts=MAX_ATTEMPTS)

    retry(job)
    run_due()

    job.refresh_from_db()
    assert (job.state, counted) == (State.DONE, [7])


def test_a_job_somebody_is_at_is_left_alone_until_its_lock_is_old(counted):
    job = enqueue("count", effect_key="locked", args={"n": 1})
    Job.objects.filter(pk=job.pk).update(locked_until=timezone.now() + timedelta(minutes=1))

    run_job(job.pk)

    assert counted == []
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        run_job(job.pk)
    assert counted == [1]


def test_a_job_whose_worker_dies_each_time_fails_visibly_in_the_end(counted):
    job = enqueue("count", effect_key="deadly", args={"n": 1})
    died = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(attempts=MAX_ATTEMPTS, locked_until=died)

    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.last_error, counted) == (State.FAILED, "The worker died each time.", [])


def test_nothing_is_sent_to_an_account_that_was_closed(nominee, mailoutbox):
    message = post("account-notice", effect_key="closed", to=nominee)
    nominee.is_active = False
    nominee.save()

    deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, mailoutbox) == (State.CANCELLED, [])


def test_a_reminder_that_fails_does_not_stop_the_others(db, monkeypatch):
    done = []

    def fail() -> int:
        message = "a wrong time zone"
        raise ValueError(message)

    def succeed() -> int:
        done.append(1)
        return 1

    monkeypatch.setattr("outbox.tasks.reminders", [fail, succeed])

    with pytest.raises(ValueError, match="a wrong time zone"):
        remind()

    assert done == [1]


def test_the_clock_of_beat_leaves_no_heap_of_stale_sweeps(settings):
    assert all(entry["options"]["expires"] for entry in settings.CELERY_BEAT_SCHEDULE.values())
