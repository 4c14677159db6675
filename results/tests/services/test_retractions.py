"""A release is taken back by two people, with everything it made; then it can be made again."""

from collections.abc import Callable

import pytest

from accounts.models import User
from audit.models import Event
from common.errors import DomainError
from diplomas.models import Diploma
from judging.models import Advancement, Round
from nominations.models import Entry
from outbox.models import Message, State
from outbox.services import deliver_due
from results.models import OutcomeRule, PublishedResult, Release, ReleaseState
from results.services import (
    arm_release,
    ask_retraction,
    confirm_release,
    confirm_retraction,
    drop_retraction,
    perform_release,
)
from results.tests.conftest import Publish, Score
from seasons.models import Season


@pytest.fixture
def released(
    finalist_rule: OutcomeRule,
    admitted_entry: Entry,
    essay_round: Round,
    defence_round: Round,
    score: Score,
    publish: Publish,
) -> Release:
    score(admitted_entry, essay_round, 80)
    return publish(finalist_rule, admitted_entry)


def test_one_asks_and_another_takes_everything_back(
    released: Release, organiser: User, second_organiser: User
) -> None:
    asked = ask_retraction(released, by=organiser, reason="A scorecard was missing.")
    there = PublishedResult.objects.count()

    with pytest.raises(DomainError, match="Another organiser"):
        confirm_retraction(asked, by=organiser)
    confirm_retraction(asked, by=second_organiser)

    released.refresh_from_db()
    diploma = Diploma.objects.get()
    assert (there, PublishedResult.objects.count()) == (1, 0)
    assert released.state == ReleaseState.RETRACTED
    assert diploma.revoked_reason == "A scorecard was missing."
    assert not Advancement.objects.exists()
    assert Message.objects.filter(kind="result-retracted").count() == 1
    verbs = Event.objects.filter(verb__in=["retraction.asked", "results.retracted"])
    assert set(verbs.values_list("verb", "actor")) == {
        ("retraction.asked", organiser.pk),
        ("results.retracted", second_organiser.pk),
    }


def test_a_mail_that_waits_is_not_sent_after_its_result_was_taken_back(
    released: Release, organiser: User, second_organiser: User
) -> None:
    asked = ask_retraction(released, by=organiser, reason="Wrong.", tells=False)
    confirm_retraction(asked, by=second_organiser)

    deliver_due()

    kinds = Message.objects.filter(kind__startswith="result-")
    assert list(kinds.values_list("kind", "state")) == [("result-finalist", State.CANCELLED)]


def test_what_was_taken_back_can_be_decided_and_released_again(
    released: Release, admitted_entry: Entry, organiser: User, second_organiser: User
) -> None:
    asked = ask_retraction(released, by=organiser, reason="Wrong.")
    confirm_retraction(asked, by=second_organiser)

    again = arm_release(released.rule, by=organiser)
    confirm_release(again, by=second_organiser)
    perform_release(again.pk)

    valid = Diploma.objects.filter(revoked_at=None)
    assert PublishedResult.objects.get().release == again
    assert [one.number for one in valid] == ["CX22-D0002"]
    assert Advancement.objects.get().entry == admitted_entry
    assert Message.objects.filter(kind="result-finalist").count() == 2


def test_a_request_that_is_dropped_changes_nothing_and_cannot_be_used(
    released: Release, organiser: User, second_organiser: User
) -> None:
    asked = ask_retraction(released, by=organiser, reason="Wrong.")
    with pytest.raises(DomainError, match="already"):
        ask_retraction(released, by=second_organiser, reason="Wrong too.")

    drop_retraction(asked, by=organiser)

    with pytest.raises(DomainError, match="already"):
        confirm_retraction(asked, by=second_organiser)
    assert PublishedResult.objects.count() == 1


def test_finalists_are_not_taken_back_under_public_laureates(
    released: Release,
    laureate_rule: OutcomeRule,
    admitted_entry: Entry,
    defence_round: Round,
    score: Score,
    publish: Publish,
    organiser: User,
) -> None:
    score(admitted_entry, defence_round, 90)
    publish(laureate_rule, admitted_entry)

    with pytest.raises(DomainError, match="take that back first"):
        ask_retraction(released, by=organiser, reason="Wrong.")


def test_a_release_of_a_season_that_never_happened_cannot_be_taken_back(
    finalist_rule: OutcomeRule,
    admitted_entry: Entry,
    essay_round: Round,
    score: Score,
    season: Season,
    organiser: User,
    decide: Callable[..., None],
) -> None:
    score(admitted_entry, essay_round, 80)
    decide(finalist_rule, admitted_entry)
    release = arm_release(finalist_rule, by=organiser)

    with pytest.raises(DomainError, match="Nothing of this release"):
        ask_retraction(release, by=organiser, reason="Wrong.")
