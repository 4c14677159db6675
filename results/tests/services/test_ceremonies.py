"""At a ceremony each reveal publishes its nomination, and nothing else is public."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from judging.models import Round
from nominations.models import Category, Entry, Nomination
from results.models import OutcomeRule, PublishedResult, Release, ReleaseState
from results.services import (
    arm_release,
    cancel_release,
    confirm_release,
    end_ceremony,
    perform_overdue,
    perform_release,
    reveal,
    show_nomination,
)
from results.tests.conftest import Compete, Score
from seasons.models import Stage
from tests.factories import make_nomination


@pytest.fixture
def ceremony(
    finalist_rule: OutcomeRule,
    admitted_entry: Entry,
    category: Category,
    compete: Compete,
    essay_round: Round,
    score: Score,
    decide: Callable[..., None],
    organiser: User,
    second_organiser: User,
) -> Release:
    """Two nominations are decided; the ceremony begins in an hour."""
    other = compete("Birch", nomination=make_nomination(category, 2, "Best service"))
    for entry in (admitted_entry, other):
        score(entry, essay_round, 80)
    opens = timezone.now() + timedelta(hours=1)
    Stage.objects.filter(pk=finalist_rule.stage_id).update(opens_at=opens)
    finalist_rule.refresh_from_db()
    decide(finalist_rule, admitted_entry, other)
    release = arm_release(finalist_rule, by=organiser, by_ceremony=True)
    confirm_release(release, by=second_organiser)
    release.refresh_from_db()
    return release


def test_a_reveal_publishes_its_nomination_alone_and_once(
    ceremony: Release, nomination: Nomination, admitted_entry: Entry, organiser: User
) -> None:
    with time_machine.travel(ceremony.not_before, tick=False):
        first = reveal(ceremony, nomination, by=organiser)
        second = reveal(ceremony, nomination, by=organiser)

    ceremony.refresh_from_db()
    assert first == second
    assert [row.entry for row in PublishedResult.objects.all()] == [admitted_entry]
    assert ceremony.state == ReleaseState.CONFIRMED
    with pytest.raises(DomainError, match="part of it is public"):
        cancel_release(ceremony, by=organiser, reason="Too late.")


def test_nothing_is_revealed_one_second_before_the_moment(
    ceremony: Release, nomination: Nomination, organiser: User
) -> None:
    with time_machine.travel(ceremony.not_before - timedelta(seconds=1), tick=False):
        with pytest.raises(DomainError, match="has not begun"):
            reveal(ceremony, nomination, by=organiser)
        with pytest.raises(DomainError, match="has not begun"):
            show_nomination(ceremony, nomination, by=organiser)

    assert not PublishedResult.objects.exists()


def test_the_clock_alone_does_not_publish_a_ceremony(ceremony: Release) -> None:
    with time_machine.travel(ceremony.not_before + timedelta(days=1), tick=False):
        assert (perform_overdue(), perform_release(ceremony.pk)) == (0, False)

    assert not PublishedResult.objects.exists()


def test_the_end_publishes_the_rest(
    ceremony: Release, nomination: Nomination, organiser: User
) -> None:
    with time_machine.travel(ceremony.not_before, tick=False):
        reveal(ceremony, nomination, by=organiser)
        end_ceremony(ceremony, by=organiser)

    ceremony.refresh_from_db()
    numbers = PublishedResult.objects.values_list("nomination__number", flat=True)
    assert sorted(numbers) == [1, 2]
    assert ceremony.state == ReleaseState.RELEASED


def test_a_stranger_and_a_person_in_conflict_reveal_nothing(
    ceremony: Release,
    nomination: Nomination,
    other_organiser: User,
    organiser: User,
    admitted_entry: Entry,
) -> None:
    admitted_entry.organisation.memberships.create(user=organiser, role="viewer")

    with time_machine.travel(ceremony.not_before, tick=False):
        with pytest.raises(DomainError, match="Only an organiser"):
            reveal(ceremony, nomination, by=other_organiser)
        with pytest.raises(DomainError, match="conflict of interest"):
            reveal(ceremony, nomination, by=organiser)

    assert not PublishedResult.objects.exists()
