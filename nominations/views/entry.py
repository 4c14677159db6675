"""One entry: its overview and details, withdrawing and restoring."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from nominations.drafts import Draft, asks_for_participants
from nominations.forms import (
    DetailsForm,
    ParticipantFormSet,
    needs_participants,
    participant_rows,
)
from nominations.models import Attachment, Entry, EntryKind, Reopening
from nominations.panels import entry_panels
from nominations.permissions import can_read_draft
from nominations.services import restore_entry, set_participants, update_entry, withdraw_entry
from nominations.views.access import (
    editable_entry_or_404,
    entry_context,
    entry_or_404,
    own_entry_or_404,
    submittable_entry_or_404,
)


@policy(SIGNED_IN)
@require_safe
def entry(request: UserRequest, pk: int) -> HttpResponse:
    """Where the entry stands and what to do next; organisers see what was submitted, not the draft."""
    found = entry_or_404(request, pk)
    context = entry_context(request, found, "entry")
    own = can_read_draft(request.user, found)
    leave, latest = reopening_of(found, context["window"].reopened_until), context["latest"]
    way = steps(found, context["draft"]) if own else []
    context |= {
        "own": own,
        "revisions": found.revisions.select_related("submitted_by"),
        "reopening": leave,
        "reopening_is_new": leave is not None
        and (latest is None or leave.granted_at > latest.submitted_at),
        "files": files_of(found, context["draft"]) if own else [],
        "steps": way,
        "step_now": next((step for step in way if step["state"] == "now"), None),
        "panels": entry_panels.render(request, found) if own else [],
    }
    return render(request, "nominations/entry.html", context)


def reopening_of(entry: Entry, until: datetime | None) -> Reopening | None:
    """The leave by which the entry is open now, with its reason."""
    leaves = [one for one in entry.reopenings.all() if one.ended_at is None]
    return next((one for one in leaves if until is not None and one.until == until), None)


def steps(entry: Entry, draft: Draft) -> list[dict[str, Any]]:
    """The way from a started entry to a submitted one."""
    details = bool(entry.title) and not draft.detail_problems()
    essay = not draft.essay_problems()
    done = [details, essay, entry.status != "draft"]
    labels = [
        (_("Say who and what"), "entry_details"),
        (_("Write the essay"), "essay"),
        (_("Check and submit"), "preview"),
    ]
    if draft.conditions:
        done.insert(1, not draft.condition_problems())
        labels.insert(1, (_("Show your documents"), "conditions"))
    now = done.index(False) if False in done else -1
    return [
        {
            "label": label,
            "url": reverse(f"nominations:{page}", args=[entry.pk]),
            "state": "done" if done[place] else "now" if place == now else "next",
        }
        for place, (label, page) in enumerate(labels)
    ]


def files_of(entry: Entry, draft: Draft) -> list[dict[str, Any]]:
    """The draft's files for the list of files."""
    return [file_row(entry, one) for one in draft.supporting]


def file_row(entry: Entry, attachment: Attachment) -> dict[str, Any]:
    """One file with its addresses."""
    return {
        "name": attachment.name,
        "size": attachment.size,
        "added_at": attachment.uploaded_at,
        "url": reverse("nominations:attachment", args=[entry.pk, attachment.token]),
        "remove": reverse("nominations:attachment_remove", args=[entry.pk, attachment.token]),
    }


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def entry_details(request: UserRequest, pk: int) -> HttpResponse:
    """Title, kind, person or team, and the organisations that take part."""
    if request.method == "POST":
        found = editable_entry_or_404(request, pk)
        form = DetailsForm(request.POST, entry=found)
        rows = ParticipantFormSet(request.POST, prefix="participants")
        if save_details(request, found, form, rows):
            messages.success(request, _("The details are saved."))
            return redirect("nominations:essay" if "onward" in request.POST else found, pk)
        found.refresh_from_db()
    else:
        found = own_entry_or_404(request, pk)
        form = DetailsForm(entry=found)
        rows = ParticipantFormSet(initial=participant_rows(found), prefix="participants")
    context = entry_context(request, found, "entry_details")
    context |= {
        "form": form,
        "rows": rows,
        "needs_participants": needs_participants(found),
        "always_participants": bool(found.nomination.requires_roles)
        or found.nomination.kinds == [EntryKind.JOINT],
        "problems": [] if request.method == "POST" else context["draft"].detail_problems(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "nominations/details.html", context, status=status)


def save_details(request: UserRequest, found: Entry, form: DetailsForm, rows: Any) -> bool:
    """Save both parts or neither; what is refused is said beside its field."""
    if not form.is_valid():
        return False
    values = form.cleaned_data
    named = asks_for_participants(found.nomination, values["kind"])
    if named and not rows.is_valid():
        return False
    try:
        with transaction.atomic():
            update_entry(
                found,
                by=request.user,
                title=values["title"],
                nominee_name=values.get("nominee_name", ""),
                kind=values["kind"],
            )
            if named:
                filled = [row.cleaned_data for row in rows if row.cleaned_data.get("name")]
                people = [(row["name"], row["role"]) for row in filled]
                set_participants(found, people, by=request.user)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


@policy(SIGNED_IN)
@require_POST
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Take the entry out of the competition."""
    found = submittable_entry_or_404(request, pk)
    try:
        withdraw_entry(found, by=request.user, reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The entry is withdrawn. What you wrote is kept."))
    return redirect("nominations:entry", pk)


@policy(SIGNED_IN)
@require_POST
def restore(request: UserRequest, pk: int) -> HttpResponse:
    """Make a withdrawn entry a draft again."""
    found = submittable_entry_or_404(request, pk)
    try:
        restore_entry(found, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The entry is a draft again. Submit it to take part."))
    return redirect("nominations:entry", pk)
