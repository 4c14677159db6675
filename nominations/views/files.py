"""Files of an entry: adding, removing, and handing them out after a check."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import ACCEPT, private_file_response
from nominations.models import Entry
from nominations.permissions import can_read_draft
from nominations.services import add_attachment, remove_attachment
from nominations.services.files import MAX_FILES, is_frozen
from nominations.views.access import editable_entry_or_404, entry_context, entry_or_404
from nominations.views.entry import files_of


@policy(SIGNED_IN)
@require_POST
def attachment_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add one file or several; each is judged on its own."""
    entry = editable_entry_or_404(request, pk)
    errors = []
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
    for file in files:
        try:
            add_attachment(entry, file, by=request.user)
        except DomainError as error:
            errors.append(str(error))
    if not files:
        errors.append(_("Choose a file first."))
    return answer(request, entry, errors)


@policy(SIGNED_IN)
@require_POST
def attachment_remove(request: UserRequest, pk: int, token: UUID) -> HttpResponse:
    """Take a file out of the draft."""
    entry = editable_entry_or_404(request, pk)
    attachment = get_object_or_404(entry.attachments.filter(removed_at=None), token=token)
    attachment.entry = entry
    try:
        remove_attachment(attachment, by=request.user)
    except DomainError as error:
        return answer(request, entry, [str(error)])
    return answer(request, entry, [])


def answer(request: UserRequest, entry: Entry, errors: list[str]) -> HttpResponse:
    """The list of files to htmx; to a plain browser its page again."""
    if not request.htmx:
        for error in errors:
            messages.error(request, error)
        return redirect(f"{reverse('nominations:essay', args=[entry.pk])}#files")
    context: dict[str, Any] = entry_context(request, entry, "essay")
    context |= {
        "files": files_of(entry, context["draft"]),
        "file_errors": errors,
        "max_files": MAX_FILES,
        "accept": ACCEPT,
    }
    return render(request, "nominations/_files.html", context)


@policy(SIGNED_IN)
@require_safe
def attachment(request: UserRequest, pk: int, token: UUID) -> HttpResponseBase:
    """Hand out a file: to its nominee any, to organisers those that were submitted."""
    entry = entry_or_404(request, pk)
    found = get_object_or_404(entry.attachments.all(), token=token)
    found.entry = entry
    kept = is_frozen(found)
    if not kept and (found.removed_at is not None or not can_read_draft(request.user, entry)):
        raise Http404
    return private_file_response(found.file, found.name, found.content_type)
