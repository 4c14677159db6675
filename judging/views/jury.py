"""The published list of the jury."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.policy import public
from judging.models import Assignment, AssignmentStatus, Judge, Jury, RoundSeal
from seasons.models import Season


@public
@require_safe
def jury(request: HttpRequest, slug: str) -> HttpResponse:
    """Who judges the season: members who agreed to be listed, chairs first."""
    season = get_object_or_404(Season.objects.visible_to(request.user), slug=slug)
    listed = (
        Judge.objects.public().select_related("user").order_by("-chair", "user__full_name", "pk")
    )
    juries = Jury.objects.filter(season=season).prefetch_related(
        Prefetch("judges", queryset=listed, to_attr="listed_judges")
    )
    shown = [one for one in juries.order_by("pk") if one.listed_judges]
    seals = RoundSeal.objects.filter(round__season=season).select_related("round__stage")
    context = {
        "season": season,
        "juries": shown,
        "recusals": Assignment.objects.filter(
            round__season=season, status=AssignmentStatus.RECUSED
        ).count(),
        "seals": seals.order_by("round__stage__opens_at", "round", "-number"),
    }
    return render(request, "judging/jury.html", context)
