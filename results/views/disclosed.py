"""What a season discloses of its judging: a page, a table and a file."""

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.localized import Localized
from common.policy import public
from judging.models import Round
from results.disclosed import Disclosed, disclosed
from results.models import StruckReason
from results.views.ceremony import season_for
from seasons.models import Season


def shown_or_404(season: Season) -> Disclosed:
    """What may be shown; before the last release the page does not exist."""
    shown = disclosed(season)
    if shown is None:
        raise Http404
    return shown


def criterion_names(season: Season) -> dict[str, dict[str, Localized]]:
    """By round and short name: what a criterion is called."""
    found: dict[str, dict[str, Localized]] = {}
    rows = Round.objects.filter(season=season).values_list(
        "slug", "rubric__dimensions__criteria__slug", "rubric__dimensions__criteria__name"
    )
    for round_, slug, name in rows:
        found.setdefault(round_, {})[slug] = name
    return found


@public
@require_safe
def disclosure(request: HttpRequest, slug: str) -> HttpResponse:
    """Marks without judges, panels, conflicts and struck ballots counted, summaries of meetings."""
    season = season_for(request, slug)
    shown = shown_or_404(season)
    reasons = shown.struck["reasons"] if shown.struck else {}
    return render(
        request,
        "results/disclosure.html",
        {
            "season": season,
            "shown": shown,
            "nominations": dict(season.nominations.values_list("number", "name")),
            "criteria": criterion_names(season) if shown.marks else {},
            "struck_reasons": [(StruckReason(one).label, count) for one, count in reasons.items()],
        },
    )


@public
@require_safe
def disclosure_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as data."""
    return JsonResponse(shown_or_404(season_for(request, slug)).as_data())


@public
@require_safe
def disclosure_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The marks as a table; a cell that a spreadsheet would run starts with an apostrophe."""
    shown = shown_or_404(season_for(request, slug))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["round", "nomination", "nominee", "criterion", "mark"])
    for row in shown.marks or []:
        name = row["nominee"]
        name = f"'{name}" if name[:1] in "=+-@\t\r" else name
        for mark in row["marks"]:
            writer.writerow([row["round"], row["nomination"], name, row["criterion"], mark])
    response = HttpResponse(table.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-marks.csv"'
    return response
