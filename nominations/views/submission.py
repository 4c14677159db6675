"""Preview, submission and receipt."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from nominations.content import readable
from nominations.models import Entry, EntryStatus
from nominations.services import Closed, submit_entry
from nominations.services.submission import ANEW, is_by_rule
from nominations.views.access import (
    entry_context,
    entry_or_404,
    own_entry_or_404,
    submittable_entry_or_404,
)


def content_of(entry: Entry, content: dict[str, Any]) -> dict[str, Any]:
    """A content with the addresses of files for the nominee's side."""
    return readable(
        content,
        lambda token: reverse("nominations:attachment", args=[entry.pk, token]),
        lambda token, number: reverse(
            "nominations:attachment_page", args=[entry.pk, token, number]
        ),
    )


def preview_page(
    request: UserRequest, entry: Entry, *, error: DomainError | None = None, key: UUID | None = None
) -> HttpResponse:
    """What the jury will read, what is missing, and the button."""
    context = entry_context(request, entry, "preview")
    draft = context["draft"]
    context |= {
        "content": content_of(entry, draft.content()),
        "problems": [
            {"message": one.message, "label": one.label, "url": one.url(entry)}
            for one in draft.problems
        ],
        "key": key or uuid4(),
        "error": error,
        "late": error if isinstance(error, Closed) else None,
        "next_number": context["latest"].number + 1 if context["latest"] else 1,
        "sendable": context["may_write"]
        and context["may_submit"]
        and (context["unsent"] or entry.status in ANEW),
        "admitted": entry.status == EntryStatus.ADMITTED,
    }
    return render(request, "nominations/preview.html", context, status=422 if error else 200)


@policy(SIGNED_IN)
@require_safe
def preview(request: UserRequest, pk: int) -> HttpResponse:
    """Read the entry as the jury will."""
    return preview_page(request, own_entry_or_404(request, pk))


@policy(SIGNED_IN)
@require_POST
def submit(request: UserRequest, pk: int) -> HttpResponse:
    """Submit; the same form sent again leads to the same receipt."""
    entry = submittable_entry_or_404(request, pk)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        error = DomainError(_("The form was not complete. Please press the button again."))
        return preview_page(request, entry, error=error)
    try:
        revision = submit_entry(entry, by=request.user, key=key)
    except DomainError as error:
        return preview_page(request, entry_or_404(request, pk), error=error, key=key)
    return redirect("nominations:receipt", entry.pk, revision.number)


@policy(SIGNED_IN)
@require_safe
def receipt(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Proof of one submission, with what was frozen."""
    entry = entry_or_404(request, pk)
    revision = get_object_or_404(entry.revisions.select_related("submitted_by"), number=number)
    context = entry_context(request, entry, "receipt")
    context |= {
        "revision": revision,
        "content": content_of(entry, revision.content),
        "mailed_to": ", ".join(person.email for person in entry.contacts()),
        "by_rule": is_by_rule(revision),
    }
    return render(request, "nominations/receipt.html", context)
