"""Blocks of the jury's side on pages of lower rooms."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F, Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.joining import warn
from accounts.models import Organisation, User
from common.panels import desk_panels
from judging.desk import OPEN, work_of
from judging.models import Assignment, DefenceSlot, Judge, Objection, SiteVisit
from judging.objecting import objections_end
from judging.visit_pages import calendar_date
from nominations.clock import in_words
from nominations.models import Entry
from nominations.panels import EntryDate, entry_dates, entry_panels
from nominations.permissions import can_submit
from seasons.models import Season
from seasons.panels import season_panels

PREVIEW = 6


def jury_preview(request: HttpRequest, season: Season) -> str | None:
    """A few members of the jury on the season page."""
    members = Judge.objects.public().filter(jury__season=season).select_related("user")
    judges = list(members.order_by("-chair", "user__full_name", "pk"))
    if not judges:
        return None
    context = {"season": season, "judges": judges[:PREVIEW], "count": len(judges)}
    return render_to_string("judging/_season_panel.html", context, request)


def judge_work(request: HttpRequest, about: Any) -> str | None:
    """Rounds with progress on the desk of a judge."""
    if not isinstance(request.user, User):
        return None
    work = work_of(request.user)
    if not work.seats:
        return None
    rounds = [one for one in work.rounds if one.state == OPEN and one.left] or work.rounds[:3]
    return render_to_string("judging/_desk_panel.html", {"work": work, "rounds": rounds}, request)


def defence_slot(request: HttpRequest, entry: Entry) -> str | None:
    """The nominee's time before the jury; there is none before the release lets the entry advance."""
    slots = list(
        DefenceSlot.objects.filter(entry=entry, entry__advancements__round=F("round"))
        .select_related("round__season")
        .order_by("starts_at")
    )
    if not slots:
        return None
    return render_to_string("judging/_entry_panel.html", {"slots": slots}, request)


def site_visit(request: HttpRequest, entry: Entry) -> str | None:
    """The visit the applicant gets: when, where, and the way to confirm it."""
    rows = SiteVisit.objects.alive().filter(entry=entry)
    visits = list(rows.select_related("round__season"))
    if not visits:
        return None
    answers = isinstance(request.user, User) and can_submit(request.user, entry)
    context = {"visits": visits, "entry": entry, "answers": answers}
    return render_to_string("judging/_visit_panel.html", context, request)


def objections_panel(request: HttpRequest, entry: Entry) -> str | None:
    """Where whoever submits the entry objects to a judge, while there is time or something was said."""
    end = objections_end(entry.season)
    if not isinstance(request.user, User) or not can_submit(request.user, entry):
        return None
    open_ = end is not None and timezone.now() < end
    count = Objection.objects.filter(entry=entry).count() if end is not None else 0
    if not open_ and not count:
        return None
    context = {"entry": entry, "open": open_, "until": end, "count": count}
    return render_to_string("judging/_objection_panel.html", context, request)


def defence_dates(user: User, entries: Sequence[Entry]) -> list[EntryDate]:
    """Released slots before the jury, for the nominee's calendar."""
    slots = DefenceSlot.objects.filter(entry__in=entries, entry__advancements__round=F("round"))
    return [
        EntryDate(
            uid=f"defence-{slot.pk}",
            title=f"{slot.round.name}: {slot.entry.number}",
            starts_at=slot.starts_at,
            ends_at=slot.starts_at + timedelta(minutes=slot.minutes),
            text=in_words(slot.starts_at, slot.round.season.zone),
            url=slot.entry.get_absolute_url(),
            place=slot.place or slot.video_link,
        )
        for slot in slots.select_related("round__season", "entry")
    ]


def visit_dates(user: User, entries: Sequence[Entry]) -> list[EntryDate]:
    """Visits to one's entries, for the nominee's calendar."""
    rows = SiteVisit.objects.alive().filter(entry__in=entries)
    return [
        calendar_date(one, uid="visit", url=one.entry.get_absolute_url())
        for one in rows.select_related("round__season", "entry")
    ]


def warn_judges(user: User, about: Model) -> list[str]:
    """Say to a judge what joining an applicant or its entry takes away."""
    own = Assignment.objects.of_judge(user)
    if isinstance(about, Entry) and own.filter(entry=about).exists():
        return [
            _("You judge this entry. If you accept, you will neither see nor score it any more.")
        ]
    if isinstance(about, Organisation) and own.filter(entry__organisation=about).exists():
        return [
            _(
                "You judge an entry of this organisation. If you accept, you will neither see nor"
                " score its entries any more."
            )
        ]
    return []


def register() -> None:
    """Put the blocks in place."""
    warn(warn_judges)
    season_panels.register(jury_preview, order=60)
    desk_panels.register(judge_work, order=20)
    entry_panels.register(defence_slot, order=30)
    entry_panels.register(site_visit, order=32)
    entry_panels.register(objections_panel, order=60)
    if defence_dates not in entry_dates:
        entry_dates.append(defence_dates)
    if visit_dates not in entry_dates:
        entry_dates.append(visit_dates)
