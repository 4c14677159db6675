"""Instants written for people: in the programme's zone, and in the reader's own."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop

UTC_ZONE = ZoneInfo("UTC")
# Zones are named after cities; these are the ones most readers live in.
CITIES = {
    "Almaty": gettext_noop("Almaty"),
    "Baku": gettext_noop("Baku"),
    "Bishkek": gettext_noop("Bishkek"),
    "Hong Kong": gettext_noop("Hong Kong"),
    "Irkutsk": gettext_noop("Irkutsk"),
    "Kaliningrad": gettext_noop("Kaliningrad"),
    "Kamchatka": gettext_noop("Kamchatka"),
    "Krasnoyarsk": gettext_noop("Krasnoyarsk"),
    "London": gettext_noop("London"),
    "Magadan": gettext_noop("Magadan"),
    "Minsk": gettext_noop("Minsk"),
    "Moscow": gettext_noop("Moscow"),
    "Novosibirsk": gettext_noop("Novosibirsk"),
    "Omsk": gettext_noop("Omsk"),
    "Samara": gettext_noop("Samara"),
    "Shanghai": gettext_noop("Beijing"),
    "Singapore": gettext_noop("Singapore"),
    "Taipei": gettext_noop("Taipei"),
    "Tashkent": gettext_noop("Tashkent"),
    "Tbilisi": gettext_noop("Tbilisi"),
    "Vladivostok": gettext_noop("Vladivostok"),
    "Yakutsk": gettext_noop("Yakutsk"),
    "Yekaterinburg": gettext_noop("Yekaterinburg"),
    "Yerevan": gettext_noop("Yerevan"),
}


def home_zone(name: str = "") -> ZoneInfo:
    """The named zone; without a name the reader's own, or UTC."""
    return ZoneInfo(name) if name else own_zone() or UTC_ZONE


def own_zone() -> ZoneInfo | None:
    """The zone of the signed-in reader, when it is known."""
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) and zone.key != "UTC" else None


def in_chinese() -> bool:
    """Whether the active language is written in Chinese, which has its own dates and brackets."""
    return (get_language() or "").startswith("zh-")


def day(local: datetime) -> str:
    """The date of a local time: 21 January 2022, 2022年1月21日."""
    return date_format(local, "Y年n月j日" if in_chinese() else "j E Y")


def bracketed(text: str) -> str:
    """A remark behind a text, with the brackets and the space of the active language."""
    return f"（{text}）" if in_chinese() else f" ({text})"


def written(value: datetime, zone: ZoneInfo, *, seconds: bool = False, until: bool = False) -> str:
    """Date and time in a zone, in the active language.

    `until` marks a deadline: one at midnight is written as 24:00 of the day before, because
    "21 January, 00:00" is read as a day more than there is.
    """
    local = value.astimezone(zone)
    date, clock = day(local), date_format(local, "H:i:s" if seconds else "H:i")
    if until and is_midnight(local):
        date, clock = day(local - timedelta(seconds=1)), "24:00"
    return f"{date} {clock}" if in_chinese() else f"{date}, {clock}"


def is_midnight(local: datetime) -> bool:
    """Whether a local time is the very start of a day."""
    return (local.hour, local.minute, local.second) == (0, 0, 0)


def span(opens: datetime, closes: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """First and last of a stage: days alone when it fills whole days (the last one included)."""
    first, last = opens.astimezone(zone), closes.astimezone(zone)
    if not is_midnight(first):
        return written(opens, zone), written(closes, zone, until=True)
    if not is_midnight(last):
        return day(first), written(closes, zone)
    days = day(first), day(last - timedelta(seconds=1))
    return days if days[0] != days[1] else (days[0], "")


def zone_label(value: datetime, zone: ZoneInfo) -> str:
    """Name a zone the way people say it: Moscow, UTC+3; 莫斯科 UTC+3."""
    offset = value.astimezone(zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours = f"{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02d}" if minutes % 60 else "")
    utc = f"UTC{'+' if minutes >= 0 else '−'}{hours}" if minutes else "UTC"
    city = zone.key.split("/")[-1].replace("_", " ")
    if city in CITIES:
        city = gettext(CITIES[city])
    if city == "UTC":
        return utc
    return f"{city}\N{NO-BREAK SPACE}{utc}" if in_chinese() else f"{city}, {utc}"


def in_zone(value: datetime, zone: ZoneInfo, *, seconds: bool = False, until: bool = False) -> str:
    """Date and time in a zone, with the zone's name behind them."""
    shown = written(value, zone, seconds=seconds, until=until)
    return shown + bracketed(zone_label(value, zone))


def in_both_zones(
    value: datetime, home: str, own: str = "", *, seconds: bool = False, until: bool = False
) -> str:
    """For mails: the programme's time and, when it differs, the recipient's."""
    home_ = ZoneInfo(home)
    text = in_zone(value, home_, seconds=seconds, until=until)
    if own and own not in {home, "UTC"}:
        text += f" = {in_zone(value, ZoneInfo(own), seconds=seconds, until=until)}"
    return text
