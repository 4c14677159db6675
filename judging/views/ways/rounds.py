"""A judge's work of a round: verdicts to look over and submit, or lists to open."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.lists import lists_of, own_entries
from judging.models import Round, ScorecardStatus, Way
from judging.services import submit_verdicts
from judging.views.ways.reading import agreed_round, own_round, sent_key, to_agreement
from nominations.content import as_submitted

PER_PAGE = 50


@policy(SIGNED_IN)
@never_cache
@require_safe
def round_work(request: UserRequest, pk: int) -> HttpResponse:
    """Verdicts of a screening, or the judge's lists."""
    round_ = own_round(request, pk)
    return to_agreement(request, round_) or work_page(request, round_)


def work_page(
    request: UserRequest, round_: Round, error: DomainError | None = None
) -> HttpResponse:
    """The page itself, with what was refused."""
    context: dict[str, Any] = {
        "season": round_.season,
        "round": round_,
        "opened": round_.stage.opens_at <= timezone.now(),
        "is_open": round_.stage.is_open(),
        "closes_at": round_.stage.closes_for(),
        "fault": error,
        "key": request.POST.get("key") or str(uuid4()),
    }
    if round_.way == Way.SCREENING:
        context |= screened(request, round_)
    else:
        context["lists"] = lists_of(request.user, round_)
    return render(request, "judging/ways/round.html", context, status=422 if error else 200)


def screened(request: UserRequest, round_: Round) -> dict[str, Any]:
    """Entries with their words, and how many there are of each."""
    rows = own_entries(request.user, round_)
    page = Paginator(
        rows.select_related(
            "round", "entry__organisation", "entry__nomination", "scorecard__verdict"
        ).order_by("entry__nomination__number", "entry__number", "pk"),
        PER_PAGE,
    ).get_page(request.GET.get("page"))
    as_submitted([row.entry for row in page.object_list])
    said = rows.exclude(scorecard__verdict=None)
    first = rows.filter(scorecard__verdict=None).order_by(
        "entry__nomination__number", "entry__number", "pk"
    )
    return {
        "page": page,
        "of": rows.count(),
        "done": said.count(),
        "waiting": said.filter(scorecard__status=ScorecardStatus.DRAFT).count(),
        "first": first.first(),
    }


@policy(SIGNED_IN)
@require_POST
def verdicts_submit(request: UserRequest, pk: int) -> HttpResponse:
    """Lock the verdicts given so far; sending it again changes nothing."""
    round_ = agreed_round(request, pk)
    try:
        count = submit_verdicts(round_, by=request.user, key=sent_key(request))
    except DomainError as error:
        return work_page(request, round_, error)
    messages.success(
        request,
        ngettext(
            "%(n)d verdict is submitted. Thank you!",
            "%(n)d verdicts are submitted. Thank you!",
            count,
        )
        % {"n": count},
    )
    return redirect("judging:round_work", round_.pk)
