"""Small helpers of the views."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from accounts.models import User

CALENDAR = "text/calendar; charset=utf-8"


class UserRequest(HttpRequest):
    """A request of a signed-in person."""

    user: "User"
    htmx: HtmxDetails


def private_document(content: bytes | str, name: str, content_type: str) -> HttpResponse:
    """What was drawn for one reader, to be saved under this name and kept by nobody on the way."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
