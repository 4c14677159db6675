"""The public face of a season: what, when, by which rules."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from common.policy import public
from seasons.models import Season, Stage, StageKind
from seasons.panels import season_panels


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Seasons open for entries first, then what goes on, then what is over."""
    now = timezone.now()
    seasons = list(
        Season.objects.visible_to(request.user)
        .select_related("programme")
        .prefetch_related("stages__extensions")
    )
    open_now, running, over = [], [], []
    for season in seasons:
        entry, stages = season.stage(StageKind.ENTRY), list(season.stages.all())
        season.current = current_stage(season)  # type: ignore[attr-defined]
        if entry is not None and entry.opens_at <= now < entry.closes_for():
            season.entry_closes = entry.closes_for()  # type: ignore[attr-defined]
            open_now.append(season)
        elif stages and max(stage.closes_at for stage in stages) > now and not is_over(season):
            running.append(season)
        else:
            over.append(season)
    context = {"open_now": open_now, "running": running, "over": over}
    return render(request, "seasons/home.html", context)


def is_over(season: Season) -> bool:
    """Whether the ceremony has passed; feedback may still be open."""
    ceremony = season.stage(StageKind.CEREMONY)
    return ceremony is not None and ceremony.state() == "past"


def current_stage(season: Season) -> Stage | None:
    """The stage whose clock runs now, or the next one."""
    stages = list(season.stages.all())
    running = [stage for stage in stages if stage.is_open()]
    coming = [stage for stage in stages if stage.state() == "next"]
    return next(iter(running or coming), None)


@public
@require_safe
def season(request: HttpRequest, slug: str) -> HttpResponse:
    """The overview: timeline, what it is about, and the blocks of the other rooms."""
    found = get_object_or_404(
        Season.objects.visible_to(request.user).prefetch_related("stages__extensions"), slug=slug
    )
    entry = found.stage(StageKind.ENTRY)
    context = {
        "season": found,
        "stages": found.stages.all(),
        "entry_stage": entry,
        "entry_closes": entry.closes_for() if entry else None,
        "entries_open": entry is not None and entry.is_open(),
        "current": current_stage(found),
        "panels": season_panels.render(request, found),
    }
    return render(request, "seasons/season.html", context)


@public
@require_safe
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules in the reader's language."""
    found = get_object_or_404(Season.objects.visible_to(request.user), slug=slug)
    return render(request, "seasons/rules.html", {"season": found})


@public
@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """The season's colour as a style sheet; the content security policy forbids inline styles."""
    found = get_object_or_404(Season.objects.visible_to(request.user), slug=slug)
    css = f":root {{ --season-accent: {found.accent}; }}\n"
    response = HttpResponse(css, content_type="text/css")
    # What only its organisers may know yet, no cache on the way keeps for others.
    patch_cache_control(response, max_age=300, public=found.published, private=not found.published)
    return response
