"""The ballots of a public jury: its rules, the next entry, or all of them to choose from."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.models import Assignment, Handout, Judge, Round, ScorecardStatus
from judging.permissions import has_agreed
from judging.services.public_jury import left_today, seat_in, started, take_entry, to_take

PER_PAGE = 30


def seat_or_404(request: UserRequest, pk: int) -> tuple[Round, Judge]:
    """The round and the person's seat on a public jury of it."""
    rounds = Round.objects.select_related("season", "stage")
    found = get_object_or_404(rounds.prefetch_related("stage__extensions"), pk=pk)
    seat = seat_in(found, request.user)
    if seat is None:
        raise Http404
    return found, seat


@policy(SIGNED_IN)
@require_safe
def ballots(request: UserRequest, pk: int) -> HttpResponse:
    """What a member of a public jury does here; entries stand by number and nomination alone."""
    round_, seat = seat_or_404(request, pk)
    if not has_agreed(request.user, round_.season):
        agreement = reverse("judging:agreement", args=[round_.season.slug])
        return redirect(f"{agreement}?{urlencode({'next': request.path})}")
    mine = Assignment.objects.visible_to(request.user).filter(round=round_, judge=seat)
    now = timezone.now()
    over = now >= round_.stage.closes_for()
    context: dict[str, Any] = {
        "season": round_.season,
        "round": round_,
        "seat": seat,
        "jury": seat.jury,
        "state": "over" if over else "open" if round_.stage.opens_at <= now else "upcoming",
        "closes_at": round_.stage.closes_for(),
        "counts": mine.aggregate(
            taken=Count("pk"),
            submitted=Count("pk", filter=Q(scorecard__status=ScorecardStatus.SUBMITTED)),
        ),
        "left": left_today(seat, round_),
        "choosing": seat.jury.handout == Handout.ALL,
    }
    if context["state"] == "open":
        context["started"] = started(round_, seat)
        rows = to_take(round_, seat).select_related("nomination")
        if context["choosing"]:
            rows = rows.order_by("nomination__number", "number")
            context["page"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        else:
            context["more"] = rows.exists()
    return render(request, "judging/ballots.html", context)


@policy(SIGNED_IN)
@require_POST
def take(request: UserRequest, pk: int) -> HttpResponse:
    """Take the next entry, or the one chosen; straight to its scorecard."""
    round_, _seat = seat_or_404(request, pk)
    try:
        assignment = take_entry(round_, by=request.user, number=request.POST.get("entry", ""))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("judging:ballots", round_.pk)
    messages.info(request, _("This entry is yours to score."))
    return redirect(assignment)
