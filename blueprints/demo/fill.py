"""Filling a portal with the two demo seasons, and moving the current one to a point."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from audit.services import record
from blueprints.demo import acts
from blueprints.demo.calendar import calendar_for, current_file, past_calendar
from blueprints.demo.cast import current_cast, past_cast
from blueprints.demo.clock import at
from blueprints.demo.large import JUDGES, LargeStory
from blueprints.demo.people import (
    COMPANIES,
    EXPERTS,
    NEWCOMER,
    ORGANISER,
    SECOND_ORGANISER,
    SUPERUSER,
    many_experts,
)
from blueprints.demo.purge import FILLED, STARTED, is_demo, purge
from blueprints.demo.story import Story
from blueprints.services import load_season
from common.errors import DomainError
from seasons.models import Season

SHIPPED = Path("seasons/data/cx-award-2022.yaml")
PAST_SLUG = "cx-award-2022"
BEGINNING = datetime(2021, 9, 15, 9, tzinfo=UTC)
STALE_AFTER = timedelta(days=1)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Filled:
    """What the log says of the last filling of the current season."""

    season: Season
    point: str
    scale: str
    when: datetime


def shipped_file() -> bytes:
    """The season file of the real award."""
    return (settings.BASE_DIR / SHIPPED).read_bytes()


def filled() -> Filled | None:
    """The current demo season as it was filled last, if it is still there and whole."""
    event = (
        Event.objects.filter(chain="portal", verb__in=[STARTED, FILLED], data__role="current")
        .order_by("-position")
        .first()
    )
    if event is None or event.verb != FILLED:
        return None
    season = Season.objects.filter(pk=event.data["season"]).first()
    if season is None:
        return None
    when = datetime.fromisoformat(event.data["when"])
    return Filled(season, event.data["point"], event.data["scale"], when)


def past_is_filled() -> bool:
    """Whether the finished season is there, whole and made by the demo."""
    season = Season.objects.filter(slug=PAST_SLUG).first()
    return (
        season is not None
        and Event.objects.filter(
            chain="portal", verb=FILLED, data__role="past", data__season=season.pk
        ).exists()
    )


def is_half_filled() -> bool:
    """Whether a demo was begun here and stopped on the way; filling it again finishes it."""
    begun = any(is_demo(season) for season in Season.objects.all())
    return begun and (filled() is None or not past_is_filled())


def gather_people() -> tuple[User, User]:
    """Everybody has an account and an organisation; return the two organisers."""
    with at(BEGINNING):
        boss = acts.person(SUPERUSER)
        if not boss.is_superuser:
            boss.is_staff = boss.is_superuser = True
            boss.save(update_fields=["is_staff", "is_superuser"])
        organisers = (acts.person(ORGANISER), acts.person(SECOND_ORGANISER))
    for index, company in enumerate(COMPANIES):
        with at(BEGINNING + timedelta(hours=1, minutes=7 * index)):
            acts.organisation(company)
    with at(BEGINNING + timedelta(hours=4)):
        for expert in [*EXPERTS, NEWCOMER]:
            acts.person(expert.person)
    return organisers


def start(content: bytes, organisers: tuple[User, User], when: datetime, role: str) -> Season:
    """Load the season file at a moment and mark the season as the demo's own."""
    with at(when), transaction.atomic():
        season = load_season(content, organisers=organisers).season
        record(STARTED, by=None, about=season, data={"season": season.pk, "role": role})
    return season


def finish(season: Season, *, role: str, point: str, scale: str) -> None:
    """Write down that the season is whole."""
    data = {
        "season": season.pk,
        "role": role,
        "point": point,
        "scale": scale,
        "when": timezone.now().isoformat(),
    }
    record(FILLED, by=None, about=season, data=data)


def fill_past(say: Say) -> None:
    """The real season of 2021/22, from its first entry to the feedback."""
    leftover = Season.objects.filter(slug=PAST_SLUG).first()
    if leftover is not None:
        clear(leftover)
    organisers = gather_people()
    content = shipped_file()
    season = start(content, organisers, BEGINNING + timedelta(days=2), "past")
    cast = past_cast(Random(PAST_SLUG))  # noqa: S311 - the same demo each time
    calendar = past_calendar(season.zone)
    Story(season, calendar, cast, organisers, start_days=(-100, -25), say=say).play()
    finish(season, role="past", point="feedback", scale="small")


def clear(season: Season) -> None:
    """Take an earlier demo season away; a season that people made themselves is never touched."""
    if is_demo(season):
        purge(season)
    elif season.last_entry_number:
        message = f"{season.slug} holds entries that the demo did not make; it is left alone."
        raise DomainError(message)


def fill_current(point: str, scale: str, say: Say) -> Season:
    """This year's copy of the award, lived through up to the point."""
    zone = ZoneInfo("Europe/Moscow")
    now = timezone.now()
    for old in Season.objects.exclude(slug=PAST_SLUG):
        if is_demo(old):
            purge(old)
    calendar = calendar_for(point, now, zone)
    year = now.astimezone(zone).year
    namesake = Season.objects.filter(slug=f"cx-award-{year}").first()
    if namesake is not None:
        clear(namesake)
    organisers = gather_people()
    content = current_file(shipped_file(), calendar, year)
    season = start(content, organisers, calendar.moment(-60, 10), "current")
    cast = current_cast(Random("current"))  # noqa: S311
    if scale == "large":
        teller: type[Story] = LargeStory
        experts = [*EXPERTS, *many_experts(JUDGES - len(EXPERTS))]
    else:
        teller, experts = Story, EXPERTS
    teller(
        season, calendar, cast, organisers, start_days=(-49, -24), experts=experts, say=say
    ).play()
    finish(season, role="current", point=point, scale=scale)
    return season
