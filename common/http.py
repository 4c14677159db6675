"""Small helpers of the views."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from accounts.models import User


class UserRequest(HttpRequest):
    """A request of a signed-in person."""

    user: "User"
    htmx: HtmxDetails
