"""Two connections at once on PostgreSQL: releases, retractions, pages of laureates, appeals."""

# ruff: noqa: F811 - fixtures of an appeal are imported, and named as arguments

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction
from django.urls import reverse

from common.errors import DomainError
from nominations.tests.services.test_races import at_once
from outbox.models import Message
from results.models import LaureatePage, PageState, PublishedResult
from results.services import (
    approve_page,
    arm_release,
    confirm_release,
    moderate_page,
    write_page,
)
from results.services.appeals import confirm_decision, propose_decision, withdraw_appeal
from results.services.retractions import ask_retraction, confirm_retraction
from results.tests.services.test_appeals import (  # noqa: F401  (fixtures of an appeal)
    appeal,
    loser,
    owner,
    panel,
    release,
    reviewed,
    rule,
    winner,
)
from seasons.models import Organiser
from tests.factories import make_person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def third_organiser(programme):
    user = make_person("third-organiser@example.org", "Tanya Third", is_staff=True)
    Organiser.objects.create(programme=programme, user=user)
    return user


def kinds(results):
    """What came back, whoever was first."""
    return sorted(type(one).__name__ for one in results)


def test_two_organisers_confirm_a_release_at_once(
    finalist_rule,
    admitted_entry,
    essay_round,
    score,
    decide,
    organiser,
    second_organiser,
    third_organiser,
):
    score(admitted_entry, essay_round, 80, 70)
    decide(finalist_rule, admitted_entry)
    armed = arm_release(finalist_rule, by=organiser)

    results = at_once(
        *(lambda by=by: confirm_release(armed, by=by) for by in (second_organiser, third_organiser))
    )

    assert kinds(results) == ["DomainError", "Release"]
    done = next(one for one in results if not isinstance(one, DomainError))
    armed.refresh_from_db()
    assert armed.confirmed_by == done.confirmed_by


def test_a_page_that_the_nominee_changed_meanwhile_is_not_published(
    rule,
    winner,
    release,
    organiser,
):
    author = winner.organisation.memberships.get().user
    write_page(winner, by=author, summary={"en": "We answer fast."})
    approved = approve_page(winner, by=author)
    started = Event()

    def publish():
        try:
            started.set()
            return moderate_page(approved, by=organiser, publish=True, seen=approved.version)
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            write_page(winner, by=author, summary={"en": "They answer slowly."})
            approve_page(winner, by=author)
            waiting = pool.submit(publish)
            started.wait(5)
            Event().wait(0.4)
        result = waiting.result(20)

    assert isinstance(result, DomainError)
    assert LaureatePage.objects.get().state == PageState.APPROVED


def test_a_reader_sees_the_whole_list_until_a_release_is_taken_back_and_nothing_after(
    season,
    winner,
    release,
    organiser,
    second_organiser,
    client_of,
):
    asked = ask_retraction(release, by=organiser, reason="A mistake.")
    public = reverse("results:results", args=[season.slug])
    visitor = client_of(None)

    def names():
        try:
            return visitor.get(public).content.decode().count(winner.organisation.name)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            confirm_retraction(asked, by=second_organiser)
            during = pool.submit(names).result(20)
        after = pool.submit(names).result(20)

    assert during > 0
    assert after == PublishedResult.objects.count() == 0


def test_a_release_taken_back_by_two_at_once_is_taken_back_once(
    winner,
    release,
    organiser,
    second_organiser,
    third_organiser,
):
    asked = ask_retraction(release, by=organiser, reason="A mistake.")

    results = at_once(
        *(
            lambda by=by: confirm_retraction(asked, by=by)
            for by in (second_organiser, third_organiser)
        )
    )

    assert kinds(results) == ["DomainError", "Release"]
    assert Message.objects.filter(kind="result-retracted").count() == 1


def test_an_appeal_decided_by_two_at_once_is_decided_once(
    reviewed,
    winner,
    loser,
    organiser,
    second_organiser,
    third_organiser,
):
    proposed = propose_decision(
        reviewed, changes=True, reasons="Better.", holders=[loser], by=organiser
    )

    results = at_once(
        *(
            lambda by=by: confirm_decision(proposed, by=by)
            for by in (second_organiser, third_organiser)
        )
    )

    assert kinds(results) == ["Appeal", "DomainError"]
    assert [row.entry for row in PublishedResult.objects.all()] == [loser]


def test_an_appeal_confirmed_while_the_release_is_taken_back_publishes_nothing(
    reviewed, release, loser, organiser, second_organiser, third_organiser
):
    proposed = propose_decision(
        reviewed, changes=True, reasons="Better.", holders=[loser], by=organiser
    )
    asked = ask_retraction(release, by=organiser, reason="A mistake.")
    started = Event()

    def confirm():
        try:
            started.set()
            return confirm_decision(proposed, by=second_organiser)
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            confirm_retraction(asked, by=third_organiser)
            waiting = pool.submit(confirm)
            started.wait(5)
            Event().wait(0.4)
        result = waiting.result(20)

    assert "not public" in str(result)
    assert PublishedResult.objects.count() == 0


def test_an_appeal_taken_back_while_a_decision_is_proposed_is_one_of_both(
    reviewed, owner, organiser
):
    results = at_once(
        lambda: propose_decision(
            reviewed, changes=False, reasons="It stands.", holders=[], by=organiser
        ),
        lambda: withdraw_appeal(reviewed, by=owner),
    )

    reviewed.refresh_from_db()
    done = next(one for one in results if not isinstance(one, DomainError))
    assert kinds(results) == ["Appeal", "DomainError"]
    assert reviewed.status == done.status
