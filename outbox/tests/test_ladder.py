"""The ladder: 14, 7, 3 and 1 days and 3 hours before a deadline."""

from datetime import UTC, datetime, timedelta

import pytest

from outbox.ladder import reached_at, rung

DEADLINE = datetime(2022, 1, 20, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=14, seconds=1), None),
        (timedelta(days=14), "14d"),
        (timedelta(days=7, seconds=1), "14d"),
        (timedelta(days=7), "7d"),
        (timedelta(days=3), "3d"),
        (timedelta(days=1), "1d"),
        (timedelta(hours=3, seconds=1), "1d"),
        (timedelta(hours=3), "3h"),
        (timedelta(seconds=1), "3h"),
        (timedelta(0), None),
    ],
)
def test_the_rung_reached(before, expected):
    assert rung(DEADLINE, DEADLINE - before) == expected


def test_the_moment_of_a_rung():
    assert reached_at(DEADLINE, "1d") == datetime(2022, 1, 19, 21, 0, tzinfo=UTC)
