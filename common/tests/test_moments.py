"""Instants in the zone of the award and of the reader."""

from datetime import UTC, datetime

from django.utils import translation

from common.moments import in_both_zones

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
