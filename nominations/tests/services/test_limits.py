"""Limits of a nomination and of a season: started, withdrawn and restored entries never exceed them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from nominations.errors import NoPlace
from nominations.models import Entry, EntryStatus
from nominations.places import Room
from nominations.services import restore_entry, start_entry, withdraw_entry


def start(nomination, organisation, by):
    return start_entry(nomination, organisation, by=by, kind="organisation")


def limit(row, **limits):
    for name, value in limits.items():
        setattr(row, name, value)
    row.save()


def test_an_applicant_has_so_many_entries_in_a_nomination(nomination, organisation, nominee):
    limit(nomination, max_per_applicant=1)
    nomination.refresh_from_db()
    start(nomination, organisation, nominee)

    with pytest.raises(NoPlace) as refusal:
        start(nomination, organisation, nominee)

    assert refusal.value.nomination == nomination
    assert str(refusal.value) == (
        "An organisation may have 1 entry in “Human-centred experience”, and you have it."
    )


def test_a_nomination_takes_so_many_in_all(
    nomination, organisation, nominee, other_organisation, other_nominee
):
    limit(nomination, max_entries=1)
    start(nomination, organisation, nominee)

    with pytest.raises(NoPlace) as refusal:
        start(nomination, other_organisation, other_nominee)

    assert "all its places are taken" in str(refusal.value)


def test_an_applicant_has_so_many_in_a_season(
    season, nomination, joint_nomination, organisation, nominee
):
    limit(season, max_entries_per_applicant=1)
    start(nomination, organisation, nominee)

    with pytest.raises(NoPlace):
        start(joint_nomination, organisation, nominee)


def test_a_withdrawn_entry_gives_its_place_back_and_may_not_find_it_again(
    nomination, organisation, nominee
):
    limit(nomination, max_per_applicant=1)
    first = start(nomination, organisation, nominee)
    withdraw_entry(first, by=nominee)
    second = start(nomination, organisation, nominee)

    with pytest.raises(NoPlace):
        restore_entry(first, by=nominee)

    first.refresh_from_db()
    assert (first.status, first.place, second.place) == (EntryStatus.WITHDRAWN, None, 1)


STEPS = st.lists(
    st.tuples(st.sampled_from(["start", "withdraw", "restore"]), st.integers(0, 5)), max_size=14
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_after_any_steps_the_limits_hold(
    season,
    nomination,
    joint_nomination,
    organisation,
    nominee,
    other_organisation,
    other_nominee,
    steps,
):
    Entry.objects.all().delete()
    limit(nomination, max_per_applicant=2, max_entries=3)
    limit(season, max_entries_per_applicant=3)
    applicants = [(organisation, nominee), (other_organisation, other_nominee)]
    made = []
    for verb, at in steps:
        try:
            if verb == "start":
                company, person = applicants[at % 2]
                made.append(start([nomination, joint_nomination][at // 2 % 2], company, person))
            elif made:
                entry = made[at % len(made)]
                act = withdraw_entry if verb == "withdraw" else restore_entry
                act(entry, by=entry.created_by)
        except DomainError:
            continue
    live = Entry.objects.counted_in_limits()
    for company, _person in applicants:
        assert live.filter(organisation=company).count() <= 3
        assert live.filter(organisation=company, nomination=nomination).count() <= 2
    assert live.filter(nomination=nomination).count() <= 3
    assert [entry.place for entry in Entry.objects.exclude(pk__in=live.values("pk"))] == [
        None for _entry in Entry.objects.exclude(pk__in=live.values("pk"))
    ]


def test_pages_say_what_is_left(season, nomination, organisation, nominee, other_organisation):
    limit(nomination, max_per_applicant=1, max_entries=5)
    start(nomination, organisation, nominee)

    own = Room(season, [nomination], [organisation]).places(nomination)
    two = Room(season, [nomination], [organisation, other_organisation]).places(nomination)

    assert (own.lines, own.full) == (
        (
            "An organisation may have 1 entry here.",
            "Started so far: 1.",
            "Places in all: 5, left: 4.",
        ),
        True,
    )
    assert (two.lines[1], two.full) == ("Camomile Ltd: 1 started.", False)


def test_without_limits_nothing_is_counted(
    season, nomination, organisation, django_assert_num_queries
):
    with django_assert_num_queries(0):
        places = Room(season, [nomination], [organisation]).places(nomination)

    assert (places.lines, places.full) == ((), False)
