"""Times for a whole round at once, and what the plan asks of people that they cannot do."""

from datetime import timedelta

import pytest

from accounts.models import Organisation
from common.errors import DomainError
from judging.models import DefenceSlot
from judging.planning import clashes_of, hearing_of, hidden_from, planned
from judging.services import advance, assign, plan_defence
from judging.services.planning import (
    Generated,
    Wanted,
    add_absence,
    generate_slots,
    remove_absence,
)
from nominations.models import EntryStatus
from tests.factories import make_entry


@pytest.fixture
def nine(defence_round):
    """An hour of the second day of the defence."""
    opens = defence_round.stage.opens_at + timedelta(days=1)
    return opens.replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def finalists(defence_round, nomination, other_nominee, organiser):
    """Four entries of three applicants; the first two are of one."""
    made = []
    for name in ("Alder", "Bluebell", "Cornflower"):
        company = Organisation.objects.create(name=name)
        made += [
            make_entry(nomination, company, other_nominee, EntryStatus.ADMITTED)
            for _number in range(2 if name == "Alder" else 1)
        ]
    advance(defence_round, made, by=organiser)
    return made


def plan_of(round_):
    """Minutes after the first, room and entry, in order."""
    slots = list(DefenceSlot.objects.filter(round=round_).order_by("starts_at", "place"))
    first = slots[0].starts_at
    return [((one.starts_at - first).seconds // 60, one.place, one.entry.number) for one in slots]


def clashes(round_, user):
    """Kind and entry of each clash the organiser is shown."""
    slots = planned(round_.season)
    found = clashes_of(slots, hearing_of(round_.season), hidden_from(user, slots), round_.pk)
    return [(one.kind, one.slot.entry.number, one.text) for one in found]


def test_entries_get_times_by_number_and_no_applicant_is_in_two_rooms(
    defence_round, finalists, organiser, nine
):
    wanted = Wanted(nine, nine + timedelta(minutes=60), 25, 5, ("A", "B"))

    first = generate_slots(defence_round, wanted, by=organiser)
    again = generate_slots(defence_round, wanted, by=organiser)

    one, two, three, four = (entry.number for entry in finalists)
    assert (first, again) == (Generated(4, 0), Generated(0, 0))
    assert plan_of(defence_round) == [
        (0, "A", one),
        (0, "B", three),
        (30, "A", two),
        (30, "B", four),
    ]


def test_what_does_not_fit_is_left_and_a_span_too_short_is_refused(
    defence_round, finalists, organiser, nine
):
    plan_defence(defence_round, finalists[3], by=organiser, starts_at=nine, minutes=30, place="A")

    done = generate_slots(
        defence_round, Wanted(nine, nine + timedelta(hours=1), 25, 5, ("A",)), by=organiser
    )
    with pytest.raises(DomainError) as refusal:
        generate_slots(
            defence_round, Wanted(nine, nine + timedelta(minutes=20), 25, 5), by=organiser
        )

    assert (done, refusal.value.field) == (Generated(1, 2), "until")


def test_the_plan_names_who_is_away_twice_asked_or_closed(
    defence_round, judge, finalists, organiser, judge_user, nine
):
    for entry in finalists[:3]:
        assign(defence_round, judge, entry, by=organiser)
    for entry, minutes, place in zip(finalists, (0, 10, 60, 0), "ABAC", strict=True):
        at = nine + timedelta(minutes=minutes)
        plan_defence(defence_round, entry, by=organiser, starts_at=at, minutes=25, place=place)
    away = add_absence(
        judge,
        by=organiser,
        starts_at=nine + timedelta(minutes=80),
        ends_at=nine + timedelta(hours=3),
    )
    one, two, three, _four = (entry.number for entry in finalists)

    assert clashes(defence_round, organiser) == [
        ("judge", one, f"Yuri Judge also hears {two} then"),
        ("entrant", one, f"Alder also presents {two} then"),
        ("judge", two, f"Yuri Judge also hears {one} then"),
        ("entrant", two, f"Alder also presents {one} then"),
        ("away", three, "Yuri Judge is away"),
    ]
    remove_absence(away, by=organiser)
    judge_user.memberships.create(organisation=finalists[0].organisation)
    assert clashes(defence_round, organiser)[0] == (
        "interest",
        one,
        "Yuri Judge: conflict of interest",
    )


def test_a_closed_entry_is_named_to_nobody_it_is_closed_to(
    defence_round, judge, finalists, organiser, second_organiser, nine
):
    for entry, place in zip(finalists[1:3], "AB", strict=True):
        plan_defence(defence_round, entry, by=organiser, starts_at=nine, minutes=25, place=place)
    second_organiser.memberships.create(organisation=finalists[1].organisation)

    assert clashes(defence_round, second_organiser) == [
        ("judge", finalists[2].number, "Yuri Judge also hears another entry then")
    ]


def test_only_organisers_plan(defence_round, judge, finalists, judge_user, nine):
    wanted = Wanted(nine, nine + timedelta(hours=1), 25, 5)
    with pytest.raises(DomainError):
        generate_slots(defence_round, wanted, by=judge_user)
    with pytest.raises(DomainError):
        add_absence(judge, by=judge_user, starts_at=nine, ends_at=nine + timedelta(hours=1))
