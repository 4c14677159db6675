"""Instants written for people: in the programme's zone, and in the reader's own."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

UTC_ZONE = ZoneInfo("UTC")


def home_zone(name: str = "") -> ZoneInfo:
    """The named zone; without a name the reader's own, or UTC."""
    return ZoneInfo(name) if name else own_zone() or UTC_ZONE


def own_zone() -> ZoneInfo | None:
    """The zone of the signed-in reader, when it is known."""
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) and zone.key != "UTC" else None


def written(value: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """Date and time in a zone, in the active language."""
    return date_format(value.astimezone(zone), "j E Y, H:i:s" if seconds else "j E Y, H:i")


def zone_label(value: datetime, zone: ZoneInfo) -> str:
    """Name a zone the way people say it: Moscow, UTC+3."""
    offset = value.astimezone(zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours = f"{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02d}" if minutes % 60 else "")
    utc = f"UTC{'+' if minutes >= 0 else '−'}{hours}" if minutes else "UTC"
    city = zone.key.split("/")[-1].replace("_", " ")
    known = {
        "Moscow": gettext("Moscow"),
        "Shanghai": gettext("Beijing"),
        "Hong Kong": gettext("Hong Kong"),
    }
    city = known.get(city, city)
    return utc if city == "UTC" else f"{city}, {utc}"


def in_both_zones(value: datetime, home: str, own: str = "", *, seconds: bool = False) -> str:
    """For mails: the programme's time and, when it differs, the recipient's."""
    home_ = ZoneInfo(home)
    text = f"{written(value, home_, seconds=seconds)} ({zone_label(value, home_)})"
    if own and own not in {home, "UTC"}:
        own_ = ZoneInfo(own)
        text += f" = {written(value, own_, seconds=seconds)} ({zone_label(value, own_)})"
    return text
