"""Blocks this room shows on pages of lower rooms: the season page and the desk."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from nominations.catalogue import shelves
from nominations.channels import ways_in
from nominations.clock import EntryWindow, entry_window
from nominations.conditions import conditional_entries
from nominations.models import Entry, EntryStatus
from nominations.panels import notes_for
from nominations.queue import waiting_by_season
from seasons.models import Season

MANY = 8
"""More entries than these in a season are shown compactly, those with nothing to do folded."""
SEVERAL = 2


def season_nominations(request: HttpRequest, season: Season) -> str | None:
    """Categories with their nominations, on the public season page."""
    found = shelves(season)
    if not found:
        return None
    context = {"season": season, "shelves": found, "ways": ways_in(season)}
    return render_to_string("nominations/_season_panel.html", context, request)


def my_entries(request: HttpRequest, about: Any) -> str | None:
    """Entries of the person's organisations, each with what to do next; else where to begin."""
    user = request.user
    entries = entries_of(user) if isinstance(user, User) else []
    open_seasons = [] if entries else seasons_open_now(request)
    if not entries and not open_seasons:
        return None
    groups = in_order(by_season(entries, user))
    context = {
        "groups": groups,
        "open_seasons": open_seasons,
        "next": next_deadline(groups),
        "any_open": any(group["window"].is_open for group in groups),
    }
    return render_to_string("nominations/_desk_panel.html", context, request)


def entries_of(user: User) -> list[Entry]:
    """Everything the desk shows of a person's entries, in few queries however many there are."""
    member = user.memberships.filter(organisation=OuterRef("organisation_id"))
    return list(
        Entry.objects.of_member(user)
        .with_progress()
        .annotate(shared=~Exists(member))
        .select_related("nomination__season", "organisation")
        .prefetch_related("nomination__season__stages__extensions", "reopenings")
        .order_by("-nomination__season", "number")
    )


def by_season(entries: list[Entry], user: Any) -> list[dict[str, Any]]:
    """The entries of each season: those with something to do first, the rest folded when many."""
    notes = notes_for(user, entries)
    unconfirmed = conditional_entries(entries)
    seasons: dict[int, dict[str, Any]] = {}
    for entry in entries:
        season = entry.nomination.season
        group = seasons.setdefault(season.pk, {"season": season, "rows": []})
        window = entry_window(season, entry.organisation, entry=entry)
        shown = row(entry, window, conditional=entry.pk in unconfirmed)
        group["rows"].append({**shown, "note": notes.get(entry.pk)})
    for group in seasons.values():
        group["window"] = entry_window(group["season"])
        rows = sorted(group["rows"], key=lambda one: not one["todo"])
        waiting = sum(one["todo"] for one in rows)
        group["many"] = len(rows) > MANY
        shown_rows = max(waiting, MANY // 2) if group["many"] else len(rows)
        group["rows"], group["folded"] = rows[:shown_rows], rows[shown_rows:]
    return list(seasons.values())


def next_deadline(groups: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The earliest deadline of an entry with something to do, if there are several to look through."""
    rows = [one for group in groups for one in group["rows"] if one["todo"]]
    if len(rows) < SEVERAL:
        return None
    first = min(rows, key=lambda one: one["window"].closes_at)
    return {**first, "count": len(rows)}


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


def row(entry: Any, window: EntryWindow, *, conditional: bool = False) -> dict[str, Any]:
    """One entry for the desk: how far it is and what to do next."""
    page, label, hint = next_step(entry, window)
    if conditional and page == "entry":
        page, label = "conditions", _("See the documents")
        hint = _("Submitted on condition: the organisers still confirm a document.")
    return {
        "entry": entry,
        "window": window,
        "asked": entry.asked,
        "answered": entry.answered,
        "urgent": entry.status in {EntryStatus.DRAFT, EntryStatus.RETURNED} and window.is_open,
        "todo": page in {"essay", "preview"}
        or (entry.status == EntryStatus.RETURNED and window.is_open),
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
