"""Instants in the zone of the award and of the reader."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from common.moments import in_both_zones, span

DEADLINE = datetime(2022, 1, 20, 21, 0, tzinfo=UTC)


def test_both_zones_in_english():
    with translation.override("en"):
        assert in_both_zones(DEADLINE, "Europe/Moscow", "Asia/Shanghai") == (
            "21 January 2022, 00:00 (Moscow, UTC+3) = 21 January 2022, 05:00 (Beijing, UTC+8)"
        )


def test_the_same_zone_is_written_once():
    with translation.override("en"):
        assert in_both_zones(DEADLINE, "Europe/Moscow", "Europe/Moscow") == (
            "21 January 2022, 00:00 (Moscow, UTC+3)"
        )


def test_russian_months_stand_in_the_genitive():
    with translation.override("ru"):
        assert in_both_zones(DEADLINE, "Europe/Moscow").startswith("21 января 2022, 00:00")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", "2022年1月20日 24:00（莫斯科\N{NO-BREAK SPACE}UTC+3）"),
        ("zh-hant", "2022年1月20日 24:00（莫斯科\N{NO-BREAK SPACE}UTC+3）"),
    ],
)
def test_chinese_has_its_own_dates_and_brackets(language, expected):
    with translation.override(language):
        assert in_both_zones(DEADLINE, "Europe/Moscow", until=True) == expected


def test_a_deadline_at_midnight_belongs_to_the_day_before():
    with translation.override("en"):
        assert in_both_zones(DEADLINE, "Europe/Moscow", until=True) == (
            "20 January 2022, 24:00 (Moscow, UTC+3)"
        )


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        ("2021-10-01T00:00", "2022-01-21T00:00", ("1 October 2021", "20 January 2022")),
        ("2022-04-20T00:00", "2022-04-21T00:00", ("20 April 2022", "")),
        ("2022-04-20T18:30", "2022-04-21T00:00", ("20 April 2022, 18:30", "20 April 2022, 24:00")),
        ("2022-04-20T00:00", "2022-04-21T12:00", ("20 April 2022", "21 April 2022, 12:00")),
    ],
)
def test_a_stage_is_written_in_whole_days_where_it_fills_them(opens, closes, expected):
    zone = ZoneInfo("Europe/Moscow")
    first, last = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (opens, closes))

    with translation.override("en"):
        assert span(first, last, zone) == expected
