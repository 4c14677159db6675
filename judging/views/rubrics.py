"""The rubrics of a season for everybody: by what, and since when, entries are judged."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.policy import public
from judging.figures import suggestions
from judging.models import Criterion, Dimension, Rubric
from judging.sheets import band_rows
from judging.soundness import points_of
from seasons.models import Season


@public
@require_safe
def rubrics(request: HttpRequest, slug: str) -> HttpResponse:
    """Those its rounds judge by; a draft that no round uses is nobody's business."""
    season = get_object_or_404(Season.objects.visible_to(request.user), slug=slug)
    used = Rubric.objects.filter(season=season, rounds__isnull=False).distinct()
    shown = used.order_by("slug", "-version").prefetch_related(
        "rounds",
        "dimensions__criteria__bands",
        "dimensions__criteria__guidance",
        "dimensions__criteria__part_of",
        "dimensions__criteria__phase",
    )
    context = {"season": season, "rubrics": [in_parts(one) for one in shown]}
    return render(request, "judging/rubrics.html", context)


def in_parts(rubric: Rubric) -> dict[str, Any]:
    """A rubric with what its page shows of it."""
    dimensions = sorted(rubric.dimensions.all(), key=lambda one: (one.position, one.pk))
    return {
        "rubric": rubric,
        "rounds": list(rubric.rounds.all()),
        "dimensions": [dimension_parts(one) for one in dimensions],
    }


def dimension_parts(dimension: Dimension) -> dict[str, Any]:
    """A dimension with its sum and its criteria."""
    criteria = sorted(dimension.criteria.all(), key=lambda one: (one.position, one.pk))
    return {
        "name": dimension.name,
        "points": points_of(criteria),
        "criteria": [criterion_parts(one) for one in criteria],
    }


def criterion_parts(criterion: Criterion) -> dict[str, Any]:
    """A criterion with its bands and its guidance."""
    return {
        "criterion": criterion,
        "bands": band_rows(list(criterion.bands.all())),
        "advice": suggestions(criterion.guidance.all()),
    }
