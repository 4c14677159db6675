"""What everybody may read: the nominations of a season, and each one's page."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from common.policy import public
from nominations.catalogue import shelves, special_terms
from nominations.channels import ways_in
from nominations.clock import entry_window
from nominations.conditions import prerequisites_of
from nominations.models import Hint, Nomination
from nominations.places import Room
from seasons.models import Season

MOST_ORGANISATIONS = 5


def season_or_404(request: HttpRequest, slug: str) -> Season:
    """A season the person may see, with its stages and extensions."""
    seasons = Season.objects.visible_to(request.user).select_related("programme")
    return get_object_or_404(seasons.prefetch_related("stages__extensions"), slug=slug)


@public
@require_safe
def nomination_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All nominations by category."""
    season = season_or_404(request, slug)
    context = {
        "season": season,
        "shelves": shelves(season),
        "window": entry_window(season),
        "ways": ways_in(season),
    }
    return render(request, "nominations/nomination_list.html", context)


@public
@require_safe
def nomination(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One nomination: who may enter, what the essay answers, and when entries close."""
    season = season_or_404(request, slug)
    found = get_object_or_404(
        Nomination.objects.select_related("category").prefetch_related(
            "prompts", Prefetch("hints", Hint.objects.select_related("better"))
        ),
        season=season,
        number=number,
    )
    found.season = season
    for hint in found.hints.all():
        hint.better.season = season
    own = Organisation.objects.editable_by(request.user)[:MOST_ORGANISATIONS]
    neighbours = season.nominations.order_by("number")
    context = {
        "season": season,
        "nomination": found,
        "terms": special_terms(found),
        "places": Room(season, [found], list(own)).places(found),
        "prerequisites": prerequisites_of(found),
        "ways": ways_in(season),
        "window": entry_window(season),
        "before": neighbours.filter(number__lt=number).last(),
        "after": neighbours.filter(number__gt=number).first(),
    }
    return render(request, "nominations/nomination.html", context)
