"""Advancing finalists and planning their defence."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Membership
from audit.models import Event
from common.errors import DomainError
from judging.models import Advancement, DefenceSlot
from judging.services import advance, assign, plan_defence
from judging.services.defence import NO_SLOT, SlotConflict, take_off_plan
from outbox.models import Message
from outbox.services import deliver_due
from seasons.models import StageKind


@pytest.fixture
def finalist(defence_round, admitted_entry, organiser):
    advance(defence_round, [admitted_entry], by=organiser)
    return admitted_entry


@pytest.fixture
def at(defence_round):
    """A time within the stage."""
    return lambda minutes=0: defence_round.stage.opens_at + timedelta(days=1, minutes=minutes)


def test_advancing_twice_is_once(defence_round, finalist, organiser):
    assert advance(defence_round, [finalist], by=organiser) == []
    assert Advancement.objects.count() == 1


def test_a_finalist_of_another_nomination_does_not_advance_into_the_round(
    defence_round, admitted_entry, person_nomination, organiser
):
    defence_round.nominations.add(person_nomination)

    assert advance(defence_round, [admitted_entry], by=organiser) == []


def test_only_finalists_are_judged_in_the_defence(
    defence_round, judge, finalist, more_entries, organiser
):
    other = more_entries(1)[0]

    assign(defence_round, judge, finalist, by=organiser)
    with pytest.raises(DomainError):
        assign(defence_round, judge, other, by=organiser)

    assert list(defence_round.entries()) == [finalist]


def test_ten_moves_make_one_mail_to_the_applicant_and_one_to_each_judge(
    defence_round, judge, finalist, organiser, nominee, at, mailoutbox
):
    plan = {"by": organiser, "minutes": 20, "video_link": "https://meet.example.org/cx"}
    with time_machine.travel(defence_round.stage.opens_at, tick=False) as now:
        for minutes in range(0, 100, 10):
            slot = plan_defence(defence_round, finalist, starts_at=at(minutes), **plan)
        early = deliver_due()
        now.shift(timedelta(minutes=10))
        deliver_due()
        plan_defence(defence_round, finalist, starts_at=at(0), **plan)
        plan_defence(defence_round, finalist, starts_at=at(90), **plan)
        now.shift(timedelta(minutes=10))
        deliver_due()

    assert (early, slot.version, DefenceSlot.objects.get().starts_at) == (0, 10, at(90))
    # Whoever was told of a time is not told of it again.
    assert sorted(mail.to[0] for mail in mailoutbox) == [judge.user.email, nominee.email]
    to_judge, to_nominee = sorted(mailoutbox, key=lambda mail: mail.to)
    start = at(90).astimezone(defence_round.season.zone)
    assert "https://meet.example.org/cx" in to_nominee.body
    assert f"{start:%H:%M}–{start + timedelta(minutes=20):%H:%M}: 1 presentation" in to_judge.body
    assert finalist.number not in to_judge.body


def test_a_judge_hears_nothing_of_a_defence_that_a_conflict_closes(
    defence_round, conflicted_judge, finalist, organiser, at, mailoutbox
):
    with time_machine.travel(defence_round.stage.opens_at, tick=False) as now:
        plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)
        now.shift(timedelta(minutes=10))
        deliver_due(kinds=["defence-order"])

    assert mailoutbox == []


def bodies(mailoutbox, to):
    """The mails to one person, taken out of the box."""
    found = [f"{mail.subject}\n{mail.body}" for mail in mailoutbox if to.email in mail.to]
    mailoutbox.clear()
    return found


@pytest.mark.django_db(transaction=True)
def test_who_was_told_a_time_is_told_that_it_is_off_the_plan(
    defence_round, judge, finalist, organiser, nominee, at, mailoutbox
):
    with time_machine.travel(defence_round.stage.opens_at, tick=False) as now:
        plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)
        now.shift(timedelta(minutes=10))
        deliver_due()
        mailoutbox.clear()

        take_off_plan(defence_round, finalist, by=organiser)
        take_off_plan(defence_round, finalist, by=organiser)
        deliver_due()
        assert mailoutbox == []
        now.shift(timedelta(minutes=10))
        deliver_due()

        (heard,) = [one for one in mailoutbox if judge.user.email in one.to]
        assert "Nothing is planned for you to hear now." in heard.body
        (told,) = bodies(mailoutbox, nominee)
        assert finalist.number in told
        assert "is off the plan" in told
        plan_defence(defence_round, finalist, by=organiser, starts_at=at(60), minutes=20)
        now.shift(timedelta(minutes=10))
        deliver_due()
        assert [one.partition(":")[0] for one in bodies(mailoutbox, nominee)] == ["Your defence"]

    events = Event.objects.filter(verb__startswith="defence.").order_by("pk")
    assert list(events.values_list("verb", flat=True)) == [
        "defence.planned",
        "defence.unplanned",
        "defence.planned",
    ]


@pytest.mark.django_db(transaction=True)
def test_who_was_told_no_time_hears_nothing_of_it_being_off(
    defence_round, judge, finalist, more_entries, organiser, at, mailoutbox
):
    other = more_entries(1)[0]
    advance(defence_round, [other], by=organiser)
    with time_machine.travel(defence_round.stage.opens_at, tick=False) as now:
        plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)
        take_off_plan(defence_round, finalist, by=organiser)
        plan_defence(defence_round, other, by=organiser, starts_at=at(60), minutes=20)
        now.shift(timedelta(minutes=10))
        deliver_due()
        mailoutbox.clear()
        # Taken off and given anew before the mail goes: only the new time is told.
        take_off_plan(defence_round, other, by=organiser)
        plan_defence(defence_round, other, by=organiser, starts_at=at(90), minutes=20)
        now.shift(timedelta(minutes=10))
        deliver_due()

    kinds = Message.objects.filter(kind__in=["defence-slot", "defence-off"], state="done")
    assert [(one.kind, one.about) for one in kinds.order_by("pk")] == [
        ("defence-slot", f"nominations.entry:{other.pk}")
    ] * 2


def test_a_defence_that_began_or_was_moved_meanwhile_stays_on_the_plan(
    defence_round, finalist, organiser, at
):
    slot = plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)

    with pytest.raises(SlotConflict):
        take_off_plan(defence_round, finalist, by=organiser, version=slot.version + 1)
    DefenceSlot.objects.filter(pk=slot.pk).update(phase="ended", began_at=at(), ended_at=at(20))
    with pytest.raises(DomainError, match="has begun"):
        take_off_plan(defence_round, finalist, by=organiser)

    assert DefenceSlot.objects.get() == slot


def test_a_plan_that_somebody_else_changed_is_not_overwritten(
    defence_round, finalist, organiser, second_organiser, at
):
    seen = plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)
    plan_defence(defence_round, finalist, by=second_organiser, starts_at=at(60), minutes=20)

    for version in (seen.version, NO_SLOT):
        with pytest.raises(SlotConflict) as refusal:
            plan_defence(
                defence_round,
                finalist,
                by=organiser,
                starts_at=at(30),
                minutes=20,
                version=version,
            )
        assert refusal.value.stored.starts_at == at(60)


def test_what_has_begun_stays_where_it_is(defence_round, finalist, organiser, at):
    slot = plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)
    DefenceSlot.objects.filter(pk=slot.pk).update(phase="presenting", began_at=at())

    with pytest.raises(DomainError) as refusal:
        plan_defence(defence_round, finalist, by=organiser, starts_at=at(60), minutes=20)

    assert (refusal.value.field, DefenceSlot.objects.get().starts_at) == ("starts_at", at())


def test_an_organiser_is_not_told_which_closed_entry_presents_then(
    defence_round, finalist, more_entries, organiser, second_organiser, organisation, at
):
    other = more_entries(1)[0]
    advance(defence_round, [other], by=organiser)
    plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)
    Membership.objects.create(user=second_organiser, organisation=organisation)

    said = []
    for person in (organiser, second_organiser):
        with pytest.raises(DomainError) as refusal:
            plan_defence(defence_round, other, by=person, starts_at=at(), minutes=20)
        said.append(str(refusal.value))

    assert said == [
        f"Entry {finalist.number} presents at that time.",
        "Another entry presents at that time.",
    ]


def test_slots_do_not_overlap(defence_round, finalist, more_entries, organiser, at):
    other = more_entries(1)[0]
    advance(defence_round, [other], by=organiser)
    plan_defence(defence_round, finalist, by=organiser, starts_at=at(), minutes=20)

    for start in (-19, 0, 19):
        with pytest.raises(DomainError) as refusal:
            plan_defence(defence_round, other, by=organiser, starts_at=at(start), minutes=20)
        assert refusal.value.field == "starts_at"
    plan_defence(defence_round, other, by=organiser, starts_at=at(), minutes=20, place="Hall 2")
    plan_defence(defence_round, other, by=organiser, starts_at=at(20), minutes=20)

    assert DefenceSlot.objects.count() == 2


def test_a_slot_lies_within_the_stage_and_is_for_a_finalist(
    defence_round, finalist, more_entries, organiser, season, at
):
    closes = season.stages.get(kind=StageKind.DEFENCE).closes_at
    for entry, starts_at, minutes in [
        (finalist, defence_round.stage.opens_at - timedelta(minutes=1), 20),
        (finalist, closes - timedelta(minutes=19), 20),
        (finalist, at(), 0),
        (more_entries(1)[0], at(), 20),
    ]:
        with pytest.raises(DomainError):
            plan_defence(defence_round, entry, by=organiser, starts_at=starts_at, minutes=minutes)

    assert DefenceSlot.objects.count() == 0
