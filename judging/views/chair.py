"""The chair's page of a round: who is behind, where judges are apart."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.chairing import compared_entries, view_of
from judging.models import Judge, Meeting, Round
from judging.permissions import is_chair
from judging.seats import has_begun
from judging.services import remind_judge
from judging.spread import EntrySpread, spreads_of
from nominations.content import as_submitted
from nominations.models import Entry

PER_PAGE = 20


def chaired_or_404(request: UserRequest, pk: int) -> Round:
    """A round the person leads a jury of."""
    rounds = Round.objects.select_related("stage", "season").prefetch_related("stage__extensions")
    round_ = get_object_or_404(rounds, pk=pk)
    if not is_chair(request.user, round_) or not has_begun(round_):
        raise Http404
    return round_


@policy(SIGNED_IN)
@never_cache
@require_safe
def chair(request: UserRequest, pk: int) -> HttpResponse:
    """Progress by judge and nomination, then entries by disagreement as far as the policy allows."""
    round_ = chaired_or_404(request, pk)
    view = view_of(round_, request.user)
    compared = compared_entries(round_, request.user, view.entries)
    spreads: list[EntrySpread] = spreads_of(round_, compared, view.counted) if compared else []
    page = Paginator(spreads, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    entries = Entry.objects.select_related("nomination", "organisation").in_bulk(
        [one.entry_id for one in shown]
    )
    as_submitted(entries.values())
    meetings = {
        one.entry_id: one
        for one in Meeting.objects.filter(round=round_, entry__in=entries).order_by("opened_at")
    }
    rows: list[dict[str, Any]] = [
        {
            "entry": entries[one.entry_id],
            "name": round_.name_of(entries[one.entry_id]),
            "spread": one,
            "meeting": meetings.get(one.entry_id),
            "short": one.count < round_.quorum,
        }
        for one in shown
    ]
    context = {
        "season": round_.season,
        "round": round_,
        "view": view,
        "rows": rows,
        "page": page,
        "is_open": round_.stage.is_open(),
        "closes_at": round_.stage.closes_for(),
        "hidden": len(view.entries) - len(compared),
        "submitted": sum(one.submitted for one in view.judges),
        "assigned": sum(one.assigned for one in view.judges),
    }
    return render(request, "judging/chair.html", context)


@policy(SIGNED_IN)
@require_POST
def chair_remind(request: UserRequest, pk: int, judge_pk: int) -> HttpResponse:
    """Write to a judge who has still to score."""
    round_ = chaired_or_404(request, pk)
    rows = Judge.objects.active().filter(assignments__round=round_).select_related("user")
    judge = get_object_or_404(rows.distinct(), pk=judge_pk)
    try:
        sent = remind_judge(round_, judge, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if sent:
            messages.success(request, _("A reminder goes to %(name)s.") % {"name": judge.user})
        else:
            messages.info(request, _("%(name)s was reminded today already.") % {"name": judge.user})
    return redirect("judging:chair", pk)
