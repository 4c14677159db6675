"""The judge's own entries side by side on one criterion."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.comparing import compare, criteria_of, industries_of, own_rows, spread_of
from judging.models import Assignment, Round, Way
from judging.permissions import has_agreed, is_calibrated
from judging.seats import has_begun

PER_PAGE = 12


@policy(SIGNED_IN)
@never_cache
@require_safe
def comparison(request: UserRequest, pk: int) -> HttpResponse:
    """Own marks, quotes and the answers on one criterion; own marks against earlier ones."""
    rounds = Round.objects.select_related("stage", "season").prefetch_related("stage__extensions")
    round_ = get_object_or_404(rounds, pk=pk, way=Way.SCORECARD)
    if not Assignment.objects.of_judge(request.user).filter(round=round_).exists():
        raise Http404
    if not has_agreed(request.user, round_.season):
        agreement = reverse("judging:agreement", args=[round_.season.slug])
        return HttpResponseRedirect(f"{agreement}?{urlencode({'next': request.path})}")
    rows = own_rows(request.user, round_)
    if not has_begun(round_):
        raise Http404
    if not is_calibrated(request.user, round_):
        return redirect("judging:calibration", round_.pk)
    criteria = criteria_of(round_)
    chosen = next((one for one in criteria if str(one.pk) == request.GET.get("criterion")), None)
    chosen = chosen or (criteria[0] if criteria else None)
    industries = industries_of(round_, rows)
    industry = request.GET.get("industry", "")
    industry = industry if industry in industries else ""
    if industry:
        rows = rows.filter(entry__organisation__industry=industry)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    at = criteria.index(chosen) if chosen else 0
    context = {
        "season": round_.season,
        "round": round_,
        "criteria": criteria,
        "chosen": chosen,
        "before": criteria[at - 1] if at else None,
        "after": criteria[at + 1] if at + 1 < len(criteria) else None,
        "industries": industries,
        "industry": industry,
        "page": page,
        "compared": compare(chosen, list(page.object_list)) if chosen else [],
        "spreads": [
            ("criterion", spread_of(request.user, round_, chosen)),
            ("total", spread_of(request.user, round_, None)),
        ]
        if chosen
        else [],
    }
    return render(request, "judging/comparison.html", context)
