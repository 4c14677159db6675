"""Public pages around the results: one outcome, lists to print and to embed, feeds, the archive."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from common.policy import public
from results.methodology import methodology
from results.models import LaureatePage, OutcomeKind, PageState, PublishedResult
from results.picture import card
from results.public import after_appeals, by_name, published, sections
from results.views.ceremony import language_of, season_for
from seasons.models import Programme, Season

MINUTE = 60
PER_PAGE = 60


def kept(response: HttpResponse, season: Season | None) -> HttpResponse:
    """Caches on the way keep it for a minute; of a season that is not public none keeps anything."""
    shared = season is None or season.published
    patch_cache_control(response, max_age=MINUTE, public=shared, private=not shared)
    return response


def rows_of(season: Season, number: str) -> list[PublishedResult]:
    """The public rows of an entry, the highest outcome first; no row is an unknown page."""
    rows = list(
        PublishedResult.objects.filter(season=season, entry__number=number).select_related(
            "nomination__category", "entry"
        )
    )
    if not rows:
        raise Http404
    return sorted(rows, key=lambda row: row.kind != OutcomeKind.LAUREATE)


def label_of(row: PublishedResult) -> str:
    """The outcome in a word."""
    return _("Laureate") if row.kind == OutcomeKind.LAUREATE else _("Finalist")


def shown_page(row: PublishedResult) -> LaureatePage | None:
    """Text and picture, once the nominee and an organiser agreed."""
    return LaureatePage.objects.filter(entry=row.entry_id, state=PageState.PUBLISHED).first()


@public
@require_safe
def laureate(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One nominee's outcome, with the summary and the picture they approved."""
    season = season_for(request, slug)
    rows = rows_of(season, number)
    row, page = rows[0], shown_page(rows[0])
    address = settings.SITE_URL + request.path
    name = row.nominee_name or row.organisation_name
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Person" if row.nominee_name else "Organization",
        "name": name,
        "award": f"{season.name}: {row.nomination.name} ({label_of(row)})",
        "mainEntityOfPage": address,
        "subjectOf": {"@type": "Event", "name": str(season.name)},
    }
    if page is not None and page.summary:
        data["description"] = str(page.summary)
    return render(
        request,
        "results/laureate.html",
        {
            "season": season,
            "row": row,
            "rows": rows,
            "name": name,
            "label": label_of(row),
            "page": page,
            "address": address,
            "card_url": settings.SITE_URL + reverse("results:card", args=[slug, number]),
            "json_ld": data,
        },
    )


@public
@require_safe
def picture(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The nominee's picture, once it is published."""
    season = season_for(request, slug)
    page = shown_page(rows_of(season, number)[0])
    if page is None or not page.picture:
        raise Http404
    with page.picture.open("rb") as file:
        response = HttpResponse(file.read(), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return kept(response, season)


@public
@require_safe
def social_card(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The picture that social networks show."""
    season = season_for(request, slug)
    with override(language_of(request, season)):
        row = rows_of(season, number)[0]
        response = HttpResponse(card(season, row, label_of(row)), content_type="image/png")
    return kept(response, season)


@public
@require_safe
def printable(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything public of a season on paper."""
    season = season_for(request, slug)
    return render(
        request,
        "results/print.html",
        {"season": season, "sections": after_appeals(sections(published(season)), season)},
    )


@public
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
def widget(request: HttpRequest, slug: str) -> HttpResponse:
    """A list for a frame on any site; the only page of the portal that may be framed elsewhere."""
    season = season_for(request, slug)
    with override(language_of(request, season)):
        shown = sections(published(season))
        response = render(
            request,
            "results/widget.html",
            {
                "season": season,
                "sections": shown,
                "results_url": settings.SITE_URL + reverse("results:results", args=[slug]),
            },
        )
    return kept(response, season)


@public
@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """An Atom feed of what is released."""
    season = season_for(request, slug)
    rows = sorted(published(season), key=lambda row: (row.published_at, row.pk), reverse=True)
    with override(language_of(request, season)):
        response = render(
            request,
            "results/feed.xml",
            {
                "season": season,
                "entries": [(row, label_of(row)) for row in rows[:100]],
                "updated": rows[0].published_at if rows else season_start(season),
                "site": settings.SITE_URL,
            },
            content_type="application/atom+xml",
        )
    return kept(response, season)


def season_start(season: Season) -> Any:
    """When a feed without entries was last right."""
    first = season.stages.order_by("opens_at").first()
    return first.opens_at if first else None


@public
@require_safe
def method(request: HttpRequest, slug: str) -> HttpResponse:
    """How the season judges, written from what is set."""
    season = season_for(request, slug)
    return render(
        request, "results/methodology.html", {"season": season, "told": methodology(season)}
    )


@public
@require_safe
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """The laureates of all public seasons of a programme."""
    programme = get_object_or_404(Programme, slug=slug)
    seasons = Season.objects.filter(programme=programme, published=True)
    if not seasons.exists():
        raise Http404
    rows = PublishedResult.objects.filter(season__in=seasons, kind=OutcomeKind.LAUREATE)
    query = request.GET.get("q", "").strip()[:100]
    words = query.casefold().split()
    found = [
        row
        for row in rows.select_related("nomination__category", "season", "entry")
        if all(
            word in f"{row.organisation_name} {row.nominee_name} {row.title}".casefold()
            for word in words
        )
    ]
    found.sort(key=lambda row: (-row.season_id, row.nomination.number, by_name(row)))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "results/archive.html",
        {"programme": programme, "page": page, "query": query, "found": len(found)},
    )


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The addresses of what is public, for crawlers."""
    seasons = list(Season.objects.filter(published=True).order_by("pk"))
    paths = [reverse("seasons:home")]
    for season in seasons:
        names = ("seasons:season", "seasons:rules", "results:results", "results:methodology")
        paths += [reverse(name, args=[season.slug]) for name in names]
    rows = (
        PublishedResult.objects.filter(season__in=seasons)
        .order_by("season", "entry__number")
        .values_list("season__slug", "entry__number")
        .distinct()
    )
    paths += [reverse("results:laureate", args=row) for row in rows[:40000]]
    response = render(
        request,
        "results/sitemap.xml",
        {"addresses": [settings.SITE_URL + path for path in paths]},
        content_type="application/xml",
    )
    return kept(response, None)
