"""The clock of a defence, who scores, and the end of the scoring."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Membership
from audit.models import Event
from common.errors import DomainError
from judging.live import clock_of
from judging.models import Assignment, Closure, DefencePhase, DefenceRules, DefenceSlot, Secretary
from judging.services import (
    advance,
    assign_everybody,
    close_scoring,
    open_scorecard,
    plan_defence,
    reopen_scoring,
    turn_clock,
)


@pytest.fixture
def now(defence_round):
    """The day of the defence; time stands still until a test moves it."""
    with time_machine.travel(defence_round.stage.opens_at + timedelta(days=1), tick=False) as at:
        yield at


@pytest.fixture
def slot(now, defence_round, admitted_entry, organiser):
    advance(defence_round, [admitted_entry], by=organiser)
    return plan_defence(
        defence_round, admitted_entry, by=organiser, starts_at=timezone.now(), minutes=25
    )


@pytest.fixture
def chair(judge):
    judge.chair = True
    judge.save(update_fields=["chair"])
    return judge.user


@pytest.fixture
def row(slot, judge, organiser):
    assign_everybody(slot.round, by=organiser)
    return Assignment.objects.get(judge=judge, round=slot.round)


def test_the_clock_runs_pauses_and_keeps_when_it_really_was(slot, chair, now):
    began = timezone.now()
    turn_clock(slot, "start", by=chair)
    now.shift(timedelta(minutes=4))
    turn_clock(slot, "pause", by=chair)
    now.shift(timedelta(minutes=2))
    paused = turn_clock(slot, "resume", by=chair)
    left = clock_of(paused, None).left
    now.shift(timedelta(minutes=12))
    late = clock_of(DefenceSlot.objects.get(), None).left
    turn_clock(slot, "questions", by=chair)
    asked = clock_of(DefenceSlot.objects.get(), None).left
    done = turn_clock(slot, "end", by=chair)

    assert (left, late, asked) == (11 * 60, -60, 10 * 60)
    assert (done.phase, done.began_at, done.ended_at) == (DefencePhase.ENDED, began, timezone.now())
    assert list(
        Event.objects.filter(verb__startswith="defence.")
        .order_by("pk")
        .values_list("verb", flat=True)
    ) == [f"defence.{verb}" for verb in ("planned", "start", "pause", "resume", "questions", "end")]


@pytest.mark.parametrize("verb", ["pause", "resume", "questions", "end", "nonsense"])
def test_what_has_not_begun_only_begins(slot, chair, verb):
    with pytest.raises(DomainError):
        turn_clock(slot, verb, by=chair)


def test_the_clock_is_the_chairs_and_the_secretaries_without_an_interest(
    slot, judge_user, judge, stranger, organiser, organisation
):
    for person in (judge_user, stranger):
        with pytest.raises(DomainError):
            turn_clock(slot, "start", by=person)
    Secretary.objects.create(round=slot.round, user=stranger)
    assert turn_clock(slot, "start", by=stranger).phase == DefencePhase.PRESENTING

    Membership.objects.create(user=organiser, organisation=organisation)
    with pytest.raises(DomainError):
        turn_clock(slot, "pause", by=organiser)


def test_two_entries_of_a_round_never_present_at_once(slot, chair, more_entries, organiser):
    other = more_entries(1)[0]
    advance(slot.round, [other], by=organiser)
    after = plan_defence(slot.round, other, by=organiser, starts_at=slot.ends_at, minutes=25)
    turn_clock(slot, "start", by=chair)

    with pytest.raises(DomainError):
        turn_clock(after, "start", by=chair)


def test_every_judge_gets_every_finalist_except_across_an_interest(
    slot, judge, conflicted_judge, organiser
):
    made = assign_everybody(slot.round, by=organiser)
    again = assign_everybody(slot.round, by=organiser)

    assert (made, again) == (1, 0)
    assert Assignment.objects.get(round=slot.round).judge == judge


def test_marks_wait_for_the_start_where_the_round_says_so(slot, row, judge_user, organiser, now):
    DefenceRules.objects.create(round=slot.round, from_start=True)
    plan_defence(
        slot.round,
        slot.entry,
        by=organiser,
        starts_at=timezone.now() + timedelta(hours=1),
        minutes=25,
    )
    with pytest.raises(DomainError):
        open_scorecard(row, by=judge_user)
    now.shift(timedelta(hours=1))

    assert open_scorecard(row, by=judge_user).assignment == row


def test_closing_names_what_is_missing_and_ends_the_marks_until_it_is_opened_again(
    slot, row, chair, judge_user
):
    with pytest.raises(DomainError):
        close_scoring(slot.round, slot.entry, by=chair, knowing=0)
    closure = close_scoring(slot.round, slot.entry, by=chair, knowing=1)
    with pytest.raises(DomainError):
        open_scorecard(row, by=judge_user)
    with pytest.raises(DomainError):
        reopen_scoring(closure, by=chair, reason=" ")
    reopen_scoring(closure, by=chair, reason="A judge lost the network.")

    assert (Closure.objects.get().missing, open_scorecard(row, by=judge_user).status) == (
        1,
        "draft",
    )


def test_a_closed_round_takes_no_marks_and_only_the_chair_closes(
    slot, row, chair, judge_user, organiser
):
    with pytest.raises(DomainError):
        close_scoring(slot.round, None, by=organiser, knowing=1)
    close_scoring(slot.round, None, by=chair, knowing=1)

    with pytest.raises(DomainError):
        open_scorecard(row, by=judge_user)


def test_closing_is_offered_while_it_changes_something(
    slot, row, chair, judge_user, client_of, now
):
    client, pages = client_of(chair), ["close_entry", "close_round"]
    order = reverse("judging:defence", args=[slot.round.season.slug])
    addresses = [
        reverse(f"judging:{name}", args=[pk])
        for name, pk in zip(pages, [slot.pk, slot.round_id], strict=True)
    ]
    offered = client.get(order).text
    closure = close_scoring(slot.round, None, by=chair, knowing=1)
    whole = client.get(order).text

    now.move_to(slot.round.stage.closes_for())
    over = client.get(order).text

    assert [address in offered for address in addresses] == [True, True]
    # While the whole round is closed, opening one entry again would change nothing.
    assert [address in whole for address in addresses] == [False, True]
    assert [address in over for address in addresses] == [False, False]
    assert [client.get(address).url for address in addresses] == [order, order]
    for act in (
        lambda: reopen_scoring(closure, by=chair, reason="Late."),
        lambda: close_scoring(slot.round, slot.entry, by=chair, knowing=1),
    ):
        with pytest.raises(DomainError, match="nobody gives marks in it anyway"):
            act()


def test_an_open_page_is_told_nothing_new_until_the_clock_moves(slot, row, chair, client_of):
    client = client_of(chair)
    address = reverse("judging:defence", args=[slot.round.season.slug]) + "?part=order"
    version = client.get(address).context["order"].version

    same = client.get(address, headers={"X-Seen": version})
    turn_clock(slot, "start", by=chair)
    changed = client.get(address, headers={"X-Seen": version})

    assert (same.status_code, changed.status_code) == (204, 200)
    assertContains(changed, 'data-running="1"')
    assertContains(client.get(row.get_absolute_url()), reverse("judging:clock", args=[slot.pk]))


def test_a_judge_who_does_not_run_the_day_sees_no_progress(slot, row, judge_user, client_of):
    address = reverse("judging:defence", args=[slot.round.season.slug])

    answer = client_of(judge_user).get(address)

    assertContains(answer, "Camomile Ltd")
    assertNotContains(answer, "Scorecards submitted")
    assertNotContains(answer, "Start the presentation")


def test_the_calendar_of_the_jury_holds_the_slots(slot, row, judge_user, client_of):
    answer = client_of(judge_user).get(
        reverse("judging:defence_calendar", args=[slot.round.season.slug])
    )

    assert f"jury-defence-{slot.pk}@" in answer.content.decode()
