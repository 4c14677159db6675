"""A standing is known to be out of date after every change, whatever is kept between requests."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.names import name_key
from judging.models import Assignment, Conflict, Correction, Employment, Meeting
from judging.services.juries import remove_judge
from nominations.models import Entry, EntryStatus
from results.models import OutcomeRule
from results.services import compute_all
from results.services.collecting import collect
from results.services.freshness import fingerprint, read, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(finalist_rule, nomination, essay_round, compete, score, organiser):
    """Three entries, each with two scorecards, and their standing."""
    entries = [compete("Aster"), compete("Birch"), compete("Cedar")]
    cards = [score(entry, essay_round, 80, 60) for entry in entries]
    (standing,) = compute_all(finalist_rule, by=organiser)
    return SimpleNamespace(
        rule=finalist_rule,
        nomination=nomination,
        round=essay_round,
        entries=entries,
        card=cards[0][0],
        standing=standing,
        organiser=organiser,
        compete=compete,
        score=score,
    )


def score_one_more(world):
    world.score(world.compete("Dill"), world.round, 70)


def give_one_more_entry(world):
    world.compete("Dill")


def correct(world):
    meeting = Meeting.objects.create(
        round=world.round,
        entry=world.entries[0],
        opened_by=world.organiser,
        opened_at=timezone.now(),
    )
    Correction.objects.create(
        scorecard=world.card,
        number=1,
        kind="consensus",
        total=Decimal(50),
        reason="x",
        by=world.organiser,
        made_at=timezone.now(),
        meeting=meeting,
    )


def set_status(world, status):
    Assignment.objects.filter(pk=world.card.assignment_id).update(status=status)


def strike(world):
    set_status(world, "struck")


def withdraw_the_work(world):
    set_status(world, "withdrawn")


def remove(world):
    remove_judge(world.card.assignment.judge, by=world.organiser, reason="Ill.")


def declare(world):
    user = world.card.assignment.judge.user
    Conflict.objects.create(user=user, entry=world.entries[0], reason="A friend.", declared_by=user)


def work_there(world):
    judge = world.card.assignment.judge
    Employment.objects.create(judge=judge, name_key=name_key("Aster"), past=False)


def withdraw_the_entry(world):
    Entry.objects.filter(pk=world.entries[2].pk).update(status=EntryStatus.DISQUALIFIED)


def change_the_rule(world):
    OutcomeRule.objects.filter(pk=world.rule.pk).update(quota=1)
    world.rule.refresh_from_db()


CHANGES = [
    score_one_more,
    give_one_more_entry,
    correct,
    strike,
    withdraw_the_work,
    remove,
    declare,
    work_there,
    withdraw_the_entry,
    change_the_rule,
]


def digests(rule):
    """What standings would be known by, collected scorecard by scorecard."""
    return {
        number: pool.digest(number) for pool in collect(rule).pools for number in pool.nominations
    }


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_standing_is_out_of_date_after_every_change(world, change: Callable[..., None]):
    before = today(world.rule)
    assert before.is_fresh(world.standing, world.nomination)

    change(world)

    after = today(world.rule)
    assert not after.is_fresh(world.standing, world.nomination)
    assert after.digests == digests(world.rule)


def test_what_was_collected_is_found_again_when_a_change_is_taken_back(
    world, django_assert_max_num_queries
):
    today(world.rule)
    withdraw_the_work(world)
    today(world.rule)
    set_status(world, "active")

    with django_assert_max_num_queries(14):
        again = today(world.rule)

    assert again.is_fresh(world.standing, world.nomination)


def test_what_comes_while_it_is_collected_is_kept_for_neither_moment(world, monkeypatch):
    before = fingerprint(read(world.rule))

    def collected_late(rule):
        withdraw_the_work(world)
        return collect(rule)

    with monkeypatch.context() as patch:
        patch.setattr("results.services.freshness.collect", collected_late)
        today(world.rule)
    set_status(world, "active")

    assert fingerprint(read(world.rule)) == before
    assert today(world.rule).is_fresh(world.standing, world.nomination)
