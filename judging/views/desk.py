"""The judge's desk."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.desk import UPCOMING, RoundWork, closed_to, next_of, rows_of, work_of
from judging.models import Assignment, Calibration, Handout, Round, Sample
from judging.paper import entered_for
from judging.permissions import is_chair
from judging.visit_pages import visits_for

PER_PAGE = 20
SHOWS = ("", "todo", "done")


@policy(SIGNED_IN)
@require_safe
def desk(request: UserRequest) -> HttpResponse:
    """Rounds with progress and deadline, and the entries of the chosen one."""
    work = work_of(request.user)
    chosen = choose(work.rounds, request.GET.get("round", ""))
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    context: dict[str, Any] = {"work": work, "chosen": chosen, "show": show}
    if chosen is not None:
        rows = rows_of(request.user, chosen.round, show)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context["page"] = page
        for row in page.object_list:
            name_as_submitted(row)
        context["samples"] = chosen.round.calibration != Calibration.NONE and (
            Sample.objects.visible_to(request.user)
            .filter(round=chosen.round)
            .unanswered_by(request.user)
            .count()
        )
        context["chairs_chosen"] = (
            chosen.state != UPCOMING
            and any(
                seat.chair for seat in work.seats if seat.jury.season_id == chosen.round.season_id
            )
            and is_chair(request.user, chosen.round)
        )
        if chosen.state == "open" and chosen.left:
            # What is started stands first, then what is untouched.
            on_top = page.number == 1 and show != "done"
            first = next(iter(page.object_list), None) if on_top else None
            context["next"] = first or next_of(request.user, chosen.round)
    for row in work.late:
        name_as_submitted(row)
    by_itself = [one.jury_id for one in work.seats if one.jury.handout != Handout.ASSIGNED]
    if by_itself:
        rounds = Round.objects.filter(juries__in=by_itself).select_related("season", "stage")
        context["ballots"] = rounds.distinct().order_by("stage__opens_at", "pk")
    if work.seats:
        context["visits"] = visits_for(request.user)
        context["sheets"] = entered_for(request.user) if work.defences else []
        recused, context["conflicts"] = closed_to(request.user)
        unsigned = {season.pk for season in work.unsigned}
        context["recused"] = [one for one in recused if one.round.season_id not in unsigned]
    return render(request, "judging/desk.html", context)


def choose(rounds: list[RoundWork], wanted: str) -> RoundWork | None:
    """The round asked for, else the most urgent one."""
    for work in rounds:
        if str(work.round.pk) == wanted:
            return work
    return rounds[0] if rounds else None


def name_as_submitted(row: Assignment) -> None:
    """Show, in memory, the names last submitted: what was changed since is the nominee's draft."""
    names = getattr(row, "submitted", None) or {}
    row.entry.nominee_name = names.get("nominee_name") or ""
    row.entry.title = names.get("title") or ""
