"""The nominee's desk: what to do next, with many entries as with one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nominations.blocks import MANY, by_season, entries_of, my_entries, next_deadline
from nominations.models import (
    CredentialState,
    Entry,
    EntryShare,
    EntryStatus,
    MissingRule,
    Prerequisite,
    Reopening,
    ShareRole,
)
from nominations.services import return_entry
from seasons.models import StageKind
from tests.factories import make_entry

pytestmark = pytest.mark.django_db


def desk_of(user) -> str:
    request = RequestFactory().get("/desk/")
    request.user = user
    return str(my_entries(request, None))


def rows_of(user):
    (group,) = by_season(entries_of(user), user)
    return group


def test_a_returned_entry_is_urgent_until_its_own_deadline(
    submitted_entry, nominee, organiser, season
):
    season.stages.filter(kind=StageKind.ENTRY).update(closes_at=timezone.now())
    until = timezone.now() + timedelta(days=3)
    return_entry(submitted_entry, by=organiser, comments="Add the proof.", until=until)

    (row,) = rows_of(nominee)["rows"]

    assert (row["urgent"], row["todo"], row["label"]) == (True, True, "See what to change")
    assert row["window"].closes_at == until


def test_an_entry_whose_time_is_over_has_nothing_to_do(draft, nominee, season):
    season.stages.filter(kind=StageKind.ENTRY).update(closes_at=timezone.now())

    (row,) = rows_of(nominee)["rows"]

    assert (row["urgent"], row["todo"]) == (False, False)
    assert row["hint"] == "It was not submitted. The draft is kept."


def test_a_submitted_entry_says_that_a_document_is_still_to_be_confirmed(
    submitted_entry, nominee, season
):
    prerequisite = Prerequisite.objects.create(
        season=season, slug="csqs", name={"en": "CSQS"}, missing=MissingRule.CONDITIONAL
    )
    (row,) = rows_of(nominee)["rows"]
    assert (row["label"], row["url"]) == (
        "See the documents",
        f"/entries/{submitted_entry.pk}/conditions/",
    )

    submitted_entry.credentials.create(
        prerequisite=prerequisite, number="1", state=CredentialState.CONFIRMED
    )
    (row,) = rows_of(nominee)["rows"]
    assert row["label"] == "Open"


def test_a_condition_of_other_nominations_is_none_of_this_one(
    submitted_entry, person_nomination, nominee, season
):
    prerequisite = Prerequisite.objects.create(
        season=season, slug="csqs", name={"en": "CSQS"}, missing=MissingRule.CONDITIONAL
    )
    prerequisite.nominations.add(person_nomination)

    assert rows_of(nominee)["rows"][0]["label"] == "Open"


def test_an_entry_shared_with_somebody_says_so(draft, nominee, other_nominee):
    EntryShare.objects.create(entry=draft, user=other_nominee, role=ShareRole.EDIT)

    assert "shared with you" in desk_of(other_nominee)
    assert "shared with you" not in desk_of(nominee)


def test_what_waits_comes_first_and_the_rest_is_folded_when_there_are_many(
    nomination, organisation, nominee
):
    for _number in range(MANY):
        make_entry(nomination, organisation, nominee, EntryStatus.ADMITTED)
    waiting = make_entry(nomination, organisation, nominee)

    group = rows_of(nominee)

    assert group["rows"][0]["entry"] == waiting
    assert (group["many"], len(group["rows"]), len(group["folded"])) == (True, 4, 5)
    assert "5 more entries, nothing to do" in desk_of(nominee)


def test_a_withdrawn_entry_is_found_on_the_desk(draft, nominee):
    Entry.objects.filter(pk=draft.pk).update(status=EntryStatus.WITHDRAWN, place=None)

    assert draft.number in desk_of(nominee)
    assert "Withdrawn; it does not take part." in desk_of(nominee)


def test_the_next_deadline_is_the_earliest_that_concerns_the_person(
    draft, nomination, organisation, nominee, organiser, season
):
    assert next_deadline(by_season(entries_of(nominee), nominee)) is None
    longer = make_entry(nomination, organisation, nominee)
    closes = season.stages.get(kind=StageKind.ENTRY).closes_at
    Reopening.objects.create(
        entry=longer, until=closes + timedelta(days=4), reason="Illness", granted_by=organiser
    )

    found = next_deadline(by_season(entries_of(nominee), nominee))

    assert (found["entry"], found["window"].closes_at, found["count"]) == (draft, closes, 2)


@pytest.mark.parametrize("count", [3, 30])
def test_the_desk_asks_as_often_for_thirty_entries_as_for_three(
    nomination, organisation, nominee, season, count
):
    Prerequisite.objects.create(
        season=season, slug="csqs", name={"en": "CSQS"}, missing=MissingRule.CONDITIONAL
    )
    for number in range(count):
        status = EntryStatus.SUBMITTED if number % 2 else EntryStatus.DRAFT
        make_entry(nomination, organisation, nominee, status)

    with CaptureQueriesContext(connection) as queries:
        html = desk_of(nominee)

    assert html.count("row-item__title") == count
    assert len(queries) == 9
