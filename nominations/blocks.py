"""Blocks this room shows on pages of lower rooms: the season page and the desk."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from nominations.catalogue import shelves
from nominations.channels import ways_in
from nominations.clock import EntryWindow, entry_window
from nominations.models import Entry, EntryStatus
from nominations.panels import notes_for
from nominations.queue import waiting_by_season
from seasons.models import Season


def season_nominations(request: HttpRequest, season: Season) -> str | None:
    """Categories with their nominations, on the public season page."""
    found = shelves(season)
    if not found:
        return None
    context = {"season": season, "shelves": found, "ways": ways_in(season)}
    return render_to_string("nominations/_season_panel.html", context, request)


def my_entries(request: HttpRequest, about: Any) -> str | None:
    """Entries of the person's organisations, each with what to do next; else where to begin."""
    entries = list(
        Entry.objects.of_member(request.user)
        .with_progress()
        .select_related("nomination__season", "organisation")
        .prefetch_related("nomination__season__stages__extensions", "reopenings")
        .order_by("-nomination__season", "number")
    )
    notes = notes_for(request.user, entries) if isinstance(request.user, User) else {}
    seasons: dict[int, dict[str, Any]] = {}
    for entry in entries:
        season = entry.nomination.season
        group = seasons.setdefault(season.pk, {"season": season, "rows": []})
        window = entry_window(season, entry.organisation, entry=entry)
        group["rows"].append({**row(entry, window), "note": notes.get(entry.pk)})
    open_seasons = [] if entries else seasons_open_now(request)
    if not entries and not open_seasons:
        return None
    for group in seasons.values():
        group["window"] = entry_window(group["season"])
    context = {"groups": in_order(seasons.values()), "open_seasons": open_seasons}
    return render_to_string("nominations/_desk_panel.html", context, request)


def seasons_to_vet(request: HttpRequest, about: Any) -> str | None:
    """Seasons in whose vetting team the person is, with the number of entries that wait."""
    user = request.user
    if not isinstance(user, User):
        return None
    seasons = list(Season.objects.filter(vetters__user=user).order_by("-pk"))
    if not seasons:
        return None
    waiting = waiting_by_season(user)
    rows = [{"season": season, "waiting": waiting.get(season.pk, 0)} for season in seasons]
    return render_to_string("nominations/_vetting_panel.html", {"rows": rows}, request)


def in_order(groups: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Seasons that take entries first, then those that end last."""

    def ends(group: dict[str, Any]) -> float:
        return max((s.closes_at.timestamp() for s in group["season"].stages.all()), default=0.0)

    return sorted(groups, key=lambda group: (not group["window"].is_open, -ends(group)))


def seasons_open_now(request: HttpRequest) -> list[Season]:
    """Seasons that take entries now."""
    seasons = Season.objects.visible_to(request.user).prefetch_related("stages__extensions")
    return [season for season in seasons if entry_window(season).is_open]


def row(entry: Any, window: EntryWindow) -> dict[str, Any]:
    """One entry for the desk: how far it is and what to do next."""
    page, label, hint = next_step(entry, window)
    return {
        "entry": entry,
        "window": window,
        "asked": entry.asked,
        "answered": entry.answered,
        "urgent": entry.status in {EntryStatus.DRAFT, EntryStatus.RETURNED} and window.is_open,
        "hint": hint,
        "label": label,
        "url": reverse(f"nominations:{page}", args=[entry.pk]),
    }


def next_step(entry: Any, window: EntryWindow) -> tuple[str, str, str]:
    """Page, name of the button, and a sentence saying what to do."""
    if entry.status == EntryStatus.DRAFT and window.is_open:
        if entry.answered < entry.asked:
            hint = _("Not submitted yet: the essay is not finished.")
            return "essay", _("Write the essay"), hint
        return "preview", _("Check and submit"), _("Not submitted yet: check it and submit.")
    if entry.status == EntryStatus.RETURNED and window.is_open:
        return "entry", _("See what to change"), _("Returned to you with comments: change it.")
    live = entry.status in {EntryStatus.SUBMITTED, EntryStatus.ADMITTED}
    if live and window.is_open and entry.submitted_at and entry.changed_at > entry.submitted_at:
        return "preview", _("Submit the changes"), _("You changed it after submitting.")
    return "entry", _("Open"), standing(entry)


def standing(entry: Entry) -> str:
    """Where an entry stands when there is nothing to do."""
    return {
        EntryStatus.DRAFT: _("It was not submitted. The draft is kept."),
        EntryStatus.SUBMITTED: _("Submitted. The organisers check it next."),
        EntryStatus.RETURNED: _("Returned with comments; it was not submitted again."),
        EntryStatus.ADMITTED: _("Admitted to judging. Nothing to do now."),
        EntryStatus.WITHDRAWN: _("Withdrawn; it does not take part."),
        EntryStatus.DISQUALIFIED: entry.status_reason,
    }[EntryStatus(entry.status)]
