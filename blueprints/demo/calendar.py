"""The dates of the current demo season, so that today falls where it is wanted."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from blueprints.demo.extras import VISIT_ROUND
from blueprints.demo.people import DOMAIN

POINTS = ["entering", "judging", "finalists", "defence", "ceremony", "results", "feedback"]
# Days from the entry deadline to today: where today lies at each point.
DAYS_AFTER_DEADLINE = {
    "entering": -21,
    "judging": 16,
    "finalists": 41,
    "defence": 60,
    "ceremony": 89,
    "results": 90,
    "feedback": 96,
}
APPEAL_DAYS = 10
# Days from the entry deadline to the opening and the closing of each stage, as in 2021/22.
STAGE_DAYS = {
    "entry": (-51, 0),
    "essay-judging": (0, 39),
    "finalists": (39, 48),
    "defence": (48, 73),
    "ceremony": (89, 92),
    "feedback": (92, 345),
}


@dataclass(frozen=True)
class Calendar:
    """Days of a season, counted from the first day after its entry deadline; `today` ends the story."""

    deadline: date
    zone: ZoneInfo
    today: int

    def moment(self, days: int, hour: int = 0, minute: int = 0) -> datetime:
        """A time of day so many days after the deadline."""
        day = self.deadline + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)


def calendar_for(point: str, now: datetime, zone: ZoneInfo) -> Calendar:
    """Place the deadline so that `now` is at the point."""
    today = now.astimezone(zone).date()
    days = DAYS_AFTER_DEADLINE[point]
    return Calendar(today - timedelta(days=days), zone, days)


def past_calendar(zone: ZoneInfo) -> Calendar:
    """The season of 2021/22, over long ago."""
    return Calendar(date(2022, 1, 21), zone, 10_000)


def current_file(shipped: bytes, calendar: Calendar, year: int) -> bytes:
    """The shipped season file with this year's name, code and dates, and more to try."""
    data: dict[str, Any] = yaml.safe_load(shipped)
    season = data["season"]
    season["slug"] = f"cx-award-{year}"
    season["code"] = f"CX{year % 100:02d}"
    season["name"] = {
        "ru": f"{data['programme']['name']['ru']} {year}",
        "en": f"{data['programme']['name']['en']} {year}",
    }
    season["contact_email"] = f"cx-award@{DOMAIN}"
    for stage in data["stages"]:
        opens, closes = STAGE_DAYS[stage["slug"]]
        stage["opens"] = f"{calendar.moment(opens):%Y-%m-%dT%H:%M}"
        stage["closes"] = f"{calendar.moment(closes):%Y-%m-%dT%H:%M}"
    for outcome in data["outcomes"]:
        if outcome["kind"] == "laureate":
            outcome["appeal_days"] = APPEAL_DAYS
    if calendar.today == DAYS_AFTER_DEADLINE["defence"]:
        data["rounds"].append(VISIT_ROUND)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100).encode()
