"""A judge's list: put in order, given points, or compared two by two; saved as it changes."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import ConflictError, DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.forms.marks import read_version
from judging.forms.ways import read_keys, read_order, read_points
from judging.lists import (
    ballot_of,
    cards_of,
    equals,
    in_order,
    latest_revisions,
    pairs_of,
    rows_of_list,
    seen,
    standing_comparisons,
    verdicts_of,
)
from judging.models import Assignment, Ballot, Comparison, Outcome, Round, Way
from judging.scoring.ways import next_pair, spendable, target
from judging.services import compare as say
from judging.services import save_order, save_points, submit_list
from judging.views.ways.reading import agreed_round, guidance, own_round, sent_key, to_agreement
from nominations.content import as_submitted
from nominations.models import Nomination


def nomination_of(round_: Round, number: int) -> Nomination | None:
    """The nomination of a list; 0 is the one list of a round."""
    if round_.way == Way.SCREENING or round_.one_list != (number == 0):
        raise Http404
    if round_.one_list:
        return None
    return get_object_or_404(Nomination, season=round_.season_id, number=number)


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """The list; a POST saves the whole of it."""
    round_ = own_round(request, pk)
    nomination = nomination_of(round_, number)
    if elsewhere := to_agreement(request, round_):
        return elsewhere
    if request.method != "POST":
        return list_page(request, round_, nomination)
    by_script = request.headers.get("accept") == "application/json"
    try:
        saved = save(request, round_, nomination)
    except DomainError as error:
        if by_script:
            status = 409 if isinstance(error, ConflictError) else 422
            return JsonResponse({"message": str(error)}, status=status)
        return list_page(request, round_, nomination, error)
    if by_script:
        return JsonResponse({"version": saved.version, "saved_at": timezone.now().isoformat()})
    return redirect("judging:ballot", round_.pk, number)


def save(request: UserRequest, round_: Round, nomination: Nomination | None) -> Ballot:
    """Keep what the form holds."""
    version = read_version(request.POST.get("version"))
    if round_.way == Way.RANKING:
        return save_order(
            round_,
            nomination,
            by=request.user,
            order=read_order(request.POST),
            equal=set(read_keys(request.POST.getlist("equal"))),
            base_version=version,
        )
    return save_points(
        round_,
        nomination,
        by=request.user,
        points=read_points(request.POST),
        base_version=version,
    )


def list_page(
    request: UserRequest,
    round_: Round,
    nomination: Nomination | None,
    error: DomainError | None = None,
) -> HttpResponse:
    """The page itself; after a refusal typed points stand where they were."""
    rows = rows_of_list(request.user, round_, nomination)
    if not rows:
        raise Http404
    kept = ballot_of(request.user, round_, nomination)
    as_submitted([row.entry for row in rows])
    locked = kept is not None and kept.submitted_at is not None
    number = 0 if nomination is None else nomination.number
    context: dict[str, Any] = {
        "season": round_.season,
        "round": round_,
        "nomination": nomination,
        "number": number,
        "url": reverse("judging:ballot", args=[round_.pk, number]),
        "opened": round_.stage.opens_at <= timezone.now(),
        "closes_at": round_.stage.closes_for(),
        "locked": locked,
        "may_score": round_.stage.is_open() and not locked,
        "ballot": kept,
        "version": kept.version if kept else 0,
        "saw": seen(latest_revisions(rows)),
        "key": request.POST.get("key") or str(uuid4()),
        "fault": error,
        "guidance": guidance(round_),
        "size": len(rows),
    }
    cards = cards_of(rows) if locked else {}
    if round_.way == Way.PAIRWISE:
        context |= paired(request, rows, kept, round_)
    else:
        typed = request.POST if error and not isinstance(error, ConflictError) else {}
        context |= listed(rows, round_, typed)
    for line in context["lines"]:
        card = cards.get(line["row"].pk)
        line["total"] = None if card is None else card.total
    if locked:
        context["lines"].sort(key=lambda line: -(line["total"] or 0))
    return render(request, "judging/ways/list.html", context, status=422 if error else 200)


def listed(rows: list[Assignment], round_: Round, typed: Any) -> dict[str, Any]:
    """Entries in their order, or with their points."""
    said = verdicts_of(rows)
    ordered = in_order(rows, said) if round_.way == Way.RANKING else rows
    equal = equals(ordered, said)
    lines = []
    for row in ordered:
        verdict = said.get(row.pk)
        points = 0 if verdict is None or verdict.points is None else verdict.points
        name = f"points-{row.pk}"
        lines.append(
            {
                "row": row,
                "equal": row.pk in equal,
                "name": name,
                "points": typed.get(name, points),
            }
        )
    budget = spendable(round_.budget, round_.most_points, len(rows))
    given = sum(one.points or 0 for one in said.values())
    return {
        "lines": lines,
        "budget": budget,
        "left": budget - given,
        "untouched": len(said) < len(rows),
    }


def paired(
    request: UserRequest, rows: list[Assignment], kept: Ballot | None, round_: Round
) -> dict[str, Any]:
    """The pair to compare now, how many are left, and what was said."""
    made = standing_comparisons(kept, rows)
    by_pk = {row.pk: row for row in rows}
    wanted = target(len(rows), round_.comparisons_each)
    again = next((one for one in made if str(one.pk) == request.GET.get("again")), None)
    pair = None
    if again is not None:
        pair = by_pk[again.first_id], by_pk[again.second_id]
    elif len(made) < wanted:
        shown = next_pair(len(rows), pairs_of(rows, made))
        pair = None if shown is None else (rows[shown[0]], rows[shown[1]])
    return {
        "lines": [{"row": row} for row in rows],
        "pair": pair,
        "again": again,
        "done": len(made),
        "wanted": wanted,
        "made": [spoken(one, by_pk) for one in reversed(made)],
    }


def spoken(one: Comparison, rows: dict[int, Assignment]) -> dict[str, Any]:
    """A comparison as the page tells it: the better one first."""
    first, second = rows[one.first_id], rows[one.second_id]
    if one.outcome == Outcome.SECOND:
        first, second = second, first
    return {"pk": one.pk, "better": first, "other": second, "equal": one.outcome == Outcome.EQUAL}


@policy(SIGNED_IN)
@require_POST
def compare(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Say which of two is better, and see the next two."""
    round_ = agreed_round(request, pk)
    nomination = nomination_of(round_, number)
    both = [*read_keys([request.POST.get("first", ""), request.POST.get("second", "")]), 0, 0]
    try:
        say(
            round_,
            nomination,
            by=request.user,
            first=both[0],
            second=both[1],
            outcome=request.POST.get("outcome", ""),
            base_version=read_version(request.POST.get("version")),
        )
    except DomainError as error:
        return list_page(request, round_, nomination, error)
    return redirect("judging:ballot", round_.pk, number)


@policy(SIGNED_IN)
@require_POST
def ballot_submit(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Save what the form holds and lock the list; sending it again changes nothing."""
    round_ = agreed_round(request, pk)
    nomination, key = nomination_of(round_, number), sent_key(request)
    kept = ballot_of(request.user, round_, nomination)
    replayed = kept is not None and kept.submitted_at and kept.idempotency_key == key
    try:
        if not replayed and round_.way != Way.PAIRWISE:
            save(request, round_, nomination)
        submit_list(round_, nomination, by=request.user, key=key, saw=request.POST.get("saw", ""))
    except DomainError as error:
        return list_page(request, round_, nomination, error)
    messages.success(request, _("Your list is submitted. Thank you!"))
    return redirect("judging:ballot", round_.pk, number)
