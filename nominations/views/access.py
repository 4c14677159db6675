"""Fetching an entry for a page, and what all its pages show."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from nominations.clock import EntryWindow, entry_window
from nominations.drafts import Draft
from nominations.models import Entry, EntryStatus, ReadyDraft
from nominations.permissions import EDITABLE, can_edit, can_read_draft, can_share, can_submit
from seasons.models import DraftRule


def entry_or_404(request: HttpRequest, pk: int) -> Entry:
    """An entry the person may see at all."""
    entries = Entry.objects.visible_to(request.user).select_related(
        "nomination__season__programme", "nomination__category", "organisation"
    )
    return get_object_or_404(
        entries.prefetch_related("nomination__season__stages__extensions", "reopenings"), pk=pk
    )


def own_entry_or_404(request: HttpRequest, pk: int) -> Entry:
    """An entry whose draft the person may read."""
    entry = entry_or_404(request, pk)
    if not can_read_draft(request.user, entry):
        raise PermissionDenied
    return entry


def editable_entry_or_404(request: HttpRequest, pk: int) -> Entry:
    """An entry the person may write, as far as people go; the clock is asked when it is written."""
    entry = entry_or_404(request, pk)
    if not can_edit(request.user, entry):
        raise PermissionDenied
    return entry


def submittable_entry_or_404(request: HttpRequest, pk: int) -> Entry:
    """An entry the person may submit, withdraw and restore, as far as people go."""
    entry = entry_or_404(request, pk)
    if not can_submit(request.user, entry):
        raise PermissionDenied
    return entry


def entry_context(request: HttpRequest, entry: Entry, tab: str) -> dict[str, Any]:
    """What every page of an entry needs: the clock, rights, and what is not submitted."""
    window = entry_window(entry.season, entry.organisation, entry=entry)
    draft = Draft(entry)
    latest = entry.latest_revision()
    live = entry.status in EDITABLE
    may_edit = can_edit(request.user, entry)
    return {
        "entry": entry,
        "season": entry.season,
        "window": window,
        "draft": draft,
        "latest": latest,
        "unsent": live and latest is not None and draft.differs_from(latest),
        "is_draft": entry.status == EntryStatus.DRAFT,
        "ready_waits": waits_for_rule(entry, window),
        "may_edit": may_edit,
        "may_write": live and window.is_open and may_edit,
        "may_submit": can_submit(request.user, entry),
        "may_share": can_share(request.user, entry),
        "tabs": tabs(entry, tab, conditions=bool(draft.conditions)),
        "conditional": conditional(draft),
    }


def waits_for_rule(entry: Entry, window: EntryWindow) -> bool:
    """Whether the deadline is about to submit the draft, by the season's rule."""
    return (
        entry.status == EntryStatus.DRAFT
        and entry.season.draft_rule == DraftRule.SUBMIT
        and window.state == "closed"
        and ReadyDraft.objects.filter(entry=entry, at__lt=window.closes_at).exists()
    )


def conditional(draft: Draft) -> list[str]:
    """Documents that the organisers must still confirm before the entry is admitted."""
    return [
        str(one.prerequisite.name)
        for one in draft.conditions
        if not one.blocks and not one.is_confirmed
    ]


def tabs(entry: Entry, current: str, *, conditions: bool = False) -> list[dict[str, Any]]:
    """The pages of an entry, in the order one works."""
    pages = [
        ("entry", _("Overview")),
        ("entry_details", _("Details")),
        *([("conditions", _("Documents"))] if conditions else []),
        ("essay", _("Essay and files")),
        ("preview", _("Check and submit")),
        ("people", _("People")),
        ("discussion", _("Discussion")),
        ("history", _("History")),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"nominations:{page}", args=[entry.pk]),
            "current": page == current,
        }
        for page, label in pages
    ]
