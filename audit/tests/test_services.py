"""The log is a chain: rows follow each other and none can be rewritten."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import Event
from audit.services import faults, record
from common.triggers import guards_off


def test_each_event_carries_the_hash_of_the_one_before(nominee):
    first = record("entry.submitted", by=nominee, about="nominations.entry:1", season="cx")
    second = record("entry.admitted", by=nominee, about="nominations.entry:1", season="cx")

    assert (second.position, second.previous_hash) == (2, first.hash)
    assert list(faults("season:cx")) == []


def test_seasons_have_chains_of_their_own(nominee):
    record("a", by=nominee, about="x:1", season="one")

    other = record("b", by=nominee, about="x:1", season="two")

    assert (other.position, other.previous_hash) == (1, "")


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_rewrite_the_log(nominee, act):
    event = record("a", by=nominee, about="x:1", season="cx")
    rows = Event.objects.filter(pk=event.pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(verb="b") if act == "update" else rows.delete()

    assert rows.get().verb == "a"


def test_a_changed_row_is_found(nominee):
    record("a", by=nominee, about="x:1", season="cx")
    event = record("b", by=nominee, about="x:1", season="cx", data={"mark": 7})
    record("c", by=nominee, about="x:1", season="cx")

    with guards_off(connection):
        Event.objects.filter(pk=event.pk).update(data={"mark": 8})

    assert list(faults("season:cx")) == ["season:cx: row 2 was changed"]


def test_a_removed_row_is_found(nominee):
    record("a", by=nominee, about="x:1", season="cx")
    event = record("b", by=nominee, about="x:1", season="cx")
    record("c", by=nominee, about="x:1", season="cx")

    with guards_off(connection):
        Event.objects.filter(pk=event.pk).delete()

    assert list(faults("season:cx")) == [
        "season:cx: row 2 is missing",
        "season:cx: row 3 does not follow the one before it",
    ]
