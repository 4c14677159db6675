"""The server of resumable uploads: the tus protocol 1.0 with creation, termination and expiration."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import ConflictError, DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import MAX_BYTES
from nominations.errors import Closed
from nominations.models import Upload
from nominations.services.uploads import (
    LARGEST_PART,
    Expired,
    WrongOffset,
    begin_upload,
    cancel_upload,
    receive,
)
from nominations.slots import slot_of
from nominations.views.access import editable_entry_or_404

VERSION = "1.0.0"
PART = "application/offset+octet-stream"
LONGEST_NUMBER = 12


def tus(response: HttpResponseBase, **headers: Any) -> HttpResponseBase:
    """Mark an answer as one of the protocol."""
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = str(value)
    return response


def refused(message: Any, status: int, **headers: Any) -> HttpResponseBase:
    """Say in words what was refused; the script shows it beside the file's name."""
    return tus(JsonResponse({"message": str(message)}, status=status), **headers)


def refusal(error: DomainError) -> HttpResponseBase:
    """The answer to what a rule refused."""
    if isinstance(error, WrongOffset):
        return refused(error, 409, Upload_Offset=error.received)
    status = {Expired: 410, Closed: 423}.get(type(error), 422)
    return refused(error, 409 if isinstance(error, ConflictError) else status)


def abilities() -> HttpResponseBase:
    """What this server can do."""
    return tus(
        HttpResponse(status=204),
        Tus_Version=VERSION,
        Tus_Extension="creation,termination,expiration",
        Tus_Max_Size=MAX_BYTES,
    )


def speaks(request: UserRequest) -> bool:
    """Whether the client speaks this version."""
    return request.headers.get("Tus-Resumable") == VERSION


def wrong_version() -> HttpResponseBase:
    """Tell which version is spoken here."""
    message = _("The page is out of date. Load it again.")
    return refused(message, 412, Tus_Version=VERSION)


def number_in(request: UserRequest, header: str) -> int | None:
    """A whole number from a header."""
    text = request.headers.get(header, "")
    plain = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if plain else None


def metadata(request: UserRequest) -> dict[str, str]:
    """What the client says about the file."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _space, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            found[name] = ""
    return found


def key_in(said: dict[str, str]) -> UUID:
    """The key of the upload: one the client chose, so that a repeat finds the first, or a new one."""
    try:
        return UUID(said.get("key", ""))
    except ValueError:
        return uuid4()


@policy(SIGNED_IN)
@require_http_methods(["OPTIONS", "POST"])
def begin(request: UserRequest, pk: int) -> HttpResponseBase:
    """Announce a file: its name, its size and its place in the entry."""
    entry = editable_entry_or_404(request, pk)
    if request.method == "OPTIONS":
        return abilities()
    if not speaks(request):
        return wrong_version()
    size = number_in(request, "Upload-Length")
    said = metadata(request)
    slot = slot_of(entry, said.get("slot", ""))
    if size is None or slot is None:
        return refused(_("The request could not be read."), 400)
    if size > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        return refused(_("The file is larger than %(limit)d MB.") % {"limit": limit}, 413)
    name = said.get("filename", "")
    try:
        upload = begin_upload(entry, slot, by=request.user, key=key_in(said), name=name, size=size)
    except DomainError as error:
        return refusal(error)
    where = reverse("nominations:upload", args=[entry.pk, upload.token])
    return tus(
        HttpResponse(status=201),
        Location=where,
        Upload_Offset=upload.received,
        Upload_Expires=in_http(upload.expires_at),
    )


@policy(SIGNED_IN)
@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
def upload(request: UserRequest, pk: int, token: UUID) -> HttpResponseBase:
    """One file on its way: how much has come, the next part, or taking it back."""
    entry = editable_entry_or_404(request, pk)
    if request.method == "OPTIONS":
        return abilities()
    found = get_object_or_404(
        entry.uploads.select_related("prompt", "prerequisite", "attachment"),
        token=token,
        user=request.user,
    )
    found.entry = entry
    if not speaks(request):
        return wrong_version()
    if request.method == "DELETE":
        cancel_upload(found)
        return tus(HttpResponse(status=204))
    if found.is_over():
        return refusal(Expired())
    if request.method == "HEAD":
        return tus(
            HttpResponse(),
            Upload_Offset=found.received,
            Upload_Length=found.size,
            Upload_Expires=in_http(found.expires_at),
        )
    return take_part(request, found)


def take_part(request: UserRequest, found: Upload) -> HttpResponseBase:
    """Take the next part."""
    if request.content_type != PART:
        return refused(_("The request could not be read."), 415)
    offset, length = number_in(request, "Upload-Offset"), number_in(request, "Content-Length")
    if offset is None or length is None:
        return refused(_("The request could not be read."), 400)
    if length > LARGEST_PART:
        return refused(_("The request could not be read."), 413)
    try:
        receive(found, request.body, offset=offset, by=request.user)
    except DomainError as error:
        return refusal(error)
    return tus(
        HttpResponse(status=204),
        Upload_Offset=found.received,
        Upload_Expires=in_http(found.expires_at),
    )


def in_http(moment: datetime) -> str:
    """A moment as headers write it."""
    return http_date(moment.timestamp())
