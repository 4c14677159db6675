"""The public screen of a ceremony: whatever is shown there is public already."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.http import parse_etags
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from common.policy import public
from results.screen import on_screen
from seasons.models import Season

LANGUAGES = ("en", "ru", "zh-hans", "zh-hant")


def season_for(request: HttpRequest, slug: str) -> Season:
    """The season, as far as it is public."""
    seasons = Season.objects.visible_to(request.user).select_related("programme")
    return get_object_or_404(seasons, slug=slug)


def language_of(request: HttpRequest, season: Season) -> str:
    """What the address asks for, else the season's main language."""
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else season.language or str(get_language())


@public
@require_safe
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """The big screen for everybody: it follows the host."""
    season = season_for(request, slug)
    with override(language_of(request, season)):
        response = render(
            request,
            "results/ceremony_screen.html",
            {"season": season, "shown": on_screen(season)},
        )
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """What the screen shows now, for its polling; unchanged is said in a word."""
    season = season_for(request, slug)
    with override(language_of(request, season)):
        html = render_to_string(
            "results/_ceremony_screen.html", {"season": season, "shown": on_screen(season)}
        )
    tag = f'"{sha256(html.encode()).hexdigest()[:32]}"'
    known = tag in parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse = HttpResponseNotModified() if known else HttpResponse(html)
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    return response
