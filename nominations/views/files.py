"""Files of an entry: adding, removing, and handing them out after a check."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response, private_picture_response
from nominations.clock import entry_window
from nominations.drafts import Written
from nominations.models import Attachment, Entry, Prompt, PromptKind, Purpose
from nominations.permissions import EDITABLE, can_edit, can_read_draft
from nominations.services import add_attachment, remove_attachment
from nominations.services.files import is_submitted
from nominations.services.pages import retry_pages
from nominations.slots import Slot, slot_holding, slot_of
from nominations.views.access import editable_entry_or_404, entry_or_404, own_entry_or_404

FIELD = "file"


@policy(SIGNED_IN)
@require_POST
def attachment_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add files from a plain form: `file` supports the essay, `file:<place>` goes to that place."""
    entry = editable_entry_or_404(request, pk)
    last, errors, found = Slot(), [], 0
    for field in request.FILES:
        name, _colon, key = field.partition(":")
        slot = slot_of(entry, key) if key else Slot()
        if name != FIELD or slot is None:
            raise Http404
        last = slot
        for file in request.FILES.getlist(field):
            found += 1
            try:
                add_attachment(
                    entry,
                    file,
                    by=request.user,
                    purpose=slot.purpose,
                    prompt=slot.prompt,
                    prerequisite=slot.prerequisite,
                )
            except DomainError as error:
                errors.append(str(error))
    if not found:
        errors.append(_("Choose a file first."))
    return answer(request, entry, last, errors)


@policy(SIGNED_IN)
@require_POST
def attachment_remove(request: UserRequest, pk: int, token: UUID) -> HttpResponse:
    """Take a file out of the draft."""
    entry = editable_entry_or_404(request, pk)
    files = entry.attachments.filter(removed_at=None).select_related("prompt")
    attachment = get_object_or_404(files, token=token)
    attachment.entry = entry
    slot = slot_holding(attachment)
    try:
        remove_attachment(attachment, by=request.user)
    except DomainError as error:
        return answer(request, entry, slot, [str(error)])
    return answer(request, entry, slot, [])


@policy(SIGNED_IN)
@require_safe
def slot(request: UserRequest, pk: int, key: str) -> HttpResponse:
    """One place for files as it stands now, for scripts."""
    entry = own_entry_or_404(request, pk)
    found = slot_of(entry, key)
    if found is None:
        raise Http404
    return slot_part(request, entry, found, [])


def answer(request: UserRequest, entry: Entry, slot: Slot, errors: list[str]) -> HttpResponse:
    """The place for files to htmx; to a plain browser its page again."""
    if request.htmx:
        if slot.purpose == Purpose.ESSAY and not errors:
            return HttpResponseClientRefresh()  # the whole page changes with the essay
        return slot_part(request, entry, slot, errors)
    for error in errors:
        messages.error(request, error)
    back = way_back(request) or reverse("nominations:essay", args=[entry.pk])
    return redirect(f"{back}#{'files' if slot.key == 'support' else f'upload-{slot.key}'}")


def way_back(request: UserRequest) -> str:
    """The page of ours that a form names as its own, or nothing."""
    back = request.POST.get("next", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if ours else ""


def slot_part(request: UserRequest, entry: Entry, slot: Slot, errors: list[str]) -> HttpResponse:
    """The part of the page that shows a place for files."""
    window = entry_window(entry.season, entry.organisation, entry=entry)
    files = list(slot.files(entry))
    context: dict[str, Any] = {
        "entry": entry,
        "purpose": slot.purpose,
        "prompt": slot.prompt,
        "prerequisite": slot.prerequisite,
        "files": files,
        "may_write": entry.status in EDITABLE and window.is_open and can_edit(request.user, entry),
        "file_errors": errors,
        "written": slot.prompt and written_to(entry, slot.prompt, files),
        "labelled_by": heading_of(slot),
    }
    return render(request, "nominations/_upload.html", context)


def heading_of(slot: Slot) -> str:
    """The id of the heading above the place on the essay page."""
    if slot.prompt is not None:
        return f"{'proof' if slot.prompt.kind == PromptKind.METRIC else 'label'}-{slot.prompt.pk}"
    return {Purpose.SUPPORT: "files-title", Purpose.ESSAY: "essay-choice-title"}.get(
        slot.purpose, ""
    )


def written_to(entry: Entry, prompt: Prompt, files: list[Attachment]) -> Written:
    """The answer the files belong to, so that the page can say what it lacks now."""
    return Written(prompt, entry.answers.filter(prompt=prompt).first(), files=tuple(files))


def readable_file_or_404(request: UserRequest, pk: int, token: UUID) -> Attachment:
    """A file the person may read: its nominee any, organisers those that were submitted."""
    entry = entry_or_404(request, pk)
    found = get_object_or_404(entry.attachments.all(), token=token)
    found.entry = entry
    kept = is_submitted(found)
    if not kept and (found.removed_at is not None or not can_read_draft(request.user, entry)):
        raise Http404
    return found


@policy(SIGNED_IN)
@require_safe
def attachment(request: UserRequest, pk: int, token: UUID) -> HttpResponseBase:
    """Hand out a file."""
    found = readable_file_or_404(request, pk, token)
    return private_file_response(found.file, found.name, found.content_type)


@policy(SIGNED_IN)
@require_safe
def page(request: UserRequest, pk: int, token: UUID, number: int) -> FileResponse:
    """Show the picture of one page of an essay that is a file."""
    found = readable_file_or_404(request, pk, token)
    picture = get_object_or_404(found.pages.all(), number=number)
    return private_picture_response(picture.image)


@policy(SIGNED_IN)
@require_POST
def pages_retry(request: UserRequest, pk: int, token: UUID) -> HttpResponse:
    """Try again to make the pages of an essay file, for its nominee and the organisers."""
    found = readable_file_or_404(request, pk, token)
    try:
        retry_pages(found, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The pages are being made again."))
    if request.htmx:
        return HttpResponseClientRefresh()
    return redirect(way_back(request) or found.entry)
