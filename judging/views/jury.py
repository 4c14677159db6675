"""The published list of the jury."""

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.policy import public
from judging.models import (
    Admission,
    Assignment,
    AssignmentStatus,
    Judge,
    Jury,
    JuryKind,
    Round,
    RoundSeal,
)
from seasons.models import Season

PER_PAGE = 60


@public
@require_safe
def jury(request: HttpRequest, slug: str) -> HttpResponse:
    """Who judges the season: members who agreed to be listed, chairs first, however many."""
    season = get_object_or_404(Season.objects.visible_to(request.user), slug=slug)
    listed = Judge.objects.public().filter(jury__season=season).select_related("user", "jury")
    asked = request.GET.get("q", "").strip()[:80]
    found = listed.order_by("jury__pk", "-chair", "user__full_name", "pk")
    for word in asked.split():
        found = found.filter(
            Q(user__full_name__icontains=word)
            | Q(employer__icontains=word)
            | Q(position__icontains=word)
            | Q(city__icontains=word)
        )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    opened = {one.pk: one for one in public_juries(season)}
    groups = groupby(page.object_list, lambda row: row.jury)
    # A public jury with listed members is one section, not two.
    juries = [(opened.pop(one.pk, one), list(rows)) for one, rows in groups]
    seals = RoundSeal.objects.filter(round__season=season).select_related("round__stage")
    context = {
        "season": season,
        "juries": juries,
        "page": page,
        "asked": asked,
        "searchable": asked or page.paginator.num_pages > 1,
        "public_juries": list(opened.values()),
        **steps_back(season),
        "seals": seals.order_by("round__stage__opens_at", "round", "-number"),
    }
    return render(request, "judging/jury.html", context)


def public_juries(season: Season) -> list[Jury]:
    """Those anybody may register for, with how many judge; those who register are not listed by name."""
    juries = Jury.objects.filter(season=season, kind=JuryKind.PUBLIC)
    return list(
        juries.exclude(admission=Admission.INVITED)
        .annotate(size=Count("judges", filter=Q(judges__removed_at=None)))
        .order_by("pk")
    )


def steps_back(season: Season) -> dict[str, Any]:
    """Recusals, removals and struck ballots as numbers, of rounds that are over: earlier they might tell."""
    now = timezone.now()
    rounds = Round.objects.filter(season=season).select_related("stage")
    over = [
        one.pk
        for one in rounds.prefetch_related("stage__extensions")
        if one.stage.closes_for() <= now
    ]
    if not over:
        return {}
    counted = Assignment.objects.filter(round__in=over).aggregate(
        recusals=Count("pk", filter=Q(status=AssignmentStatus.RECUSED)),
        struck=Count("pk", filter=Q(status=AssignmentStatus.STRUCK)),
    )
    removed = Judge.objects.filter(jury__rounds__in=over, removed_at__isnull=False)
    return {**counted, "removals": removed.distinct().count()}
