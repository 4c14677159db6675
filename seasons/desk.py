"""On the desk: the seasons a person runs."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.models import User
from seasons.models import Season


def organised_seasons(request: HttpRequest, about: object) -> str | None:
    """Links into the back office, for organisers alone."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        return None
    seasons = Season.objects.organised_by(user).prefetch_related("stages__extensions")[:12]
    return render_to_string("seasons/_desk.html", {"seasons": seasons}, request) or None
