"""One entry of a round that is not judged by scorecards: reading it, and a word in a screening."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from common.errors import ConflictError, DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.forms.marks import clean_text, read_version
from judging.lists import ballot_of, own_entries, verdicts_of
from judging.models import Answer, Assignment, Round, Scorecard, ScorecardStatus, Way
from judging.permissions import can_read, can_recuse
from judging.services import save_verdict
from judging.views.reading import (
    NewRevisionError,
    check_revision,
    essay_of,
    is_stale,
    own_assignment,
    read_revision,
    scorecard_of,
)
from judging.views.ways.reading import guidance
from nominations.models import Revision

KEYS = {Answer.YES: "y", Answer.MAYBE: "m", Answer.NO: "n"}


def entry_page(
    request: UserRequest,
    found: Assignment,
    revision: Revision,
    essay: dict[str, Any],
    error: DomainError | None = None,
) -> HttpResponse:
    """The essay beside what is asked; after a refusal the comment stands as it was typed."""
    scorecard, round_ = scorecard_of(found), found.round
    locked = scorecard is not None and scorecard.status == ScorecardStatus.SUBMITTED
    said = verdicts_of([found]).get(found.pk)
    is_open = round_.stage.is_open()
    conflict = isinstance(error, ConflictError)
    comment = scorecard.comment if scorecard else ""
    if error is not None and not conflict and not locked:
        comment = clean_text(request.POST.get("comment"))
    context = {
        "season": round_.season,
        "assignment": found,
        "round": round_,
        "scorecard": scorecard,
        "revision": revision,
        "essay": essay,
        "guidance": guidance(round_),
        "locked": locked,
        "may_score": is_open and not locked,
        "can_recuse": can_recuse(request.user, found, scorecard),
        "stale": is_stale(scorecard, revision),
        "said": said,
        "fault": error,
        "comment": comment,
        "version": scorecard.version if scorecard else 0,
        "list_url": list_url(found),
    }
    if round_.way == Way.SCREENING:
        chosen = said.answer if said else ""
        context["answers"] = [
            {"value": one.value, "label": one.label, "key": KEYS[one], "chosen": one == chosen}
            for one in Answer
        ]
        context |= progress(request.user, round_)
    else:
        nomination = None if round_.one_list else found.entry.nomination
        ballot = ballot_of(request.user, round_, nomination)
        context["too_late"] = not locked and ballot is not None and bool(ballot.submitted_at)
    return render(request, "judging/ways/entry.html", context, status=422 if error else 200)


def list_url(found: Assignment) -> str:
    """Where the entry stands among the others of its list."""
    if found.round.way == Way.SCREENING:
        return reverse("judging:round_work", args=[found.round_id])
    number = 0 if found.round.one_list else found.entry.nomination.number
    return reverse("judging:ballot", args=[found.round_id, number])


def progress(user: User, round_: Round) -> dict[str, int]:
    """How many entries have a word."""
    rows = own_entries(user, round_)
    return {"done": rows.exclude(scorecard__verdict=None).count(), "of": rows.count()}


def next_without(user: User, found: Assignment) -> Assignment | None:
    """The next entry without a word, as the desk lists them; after the last it begins anew."""
    rows = (
        own_entries(user, found.round)
        .filter(scorecard__verdict=None)
        .exclude(pk=found.pk)
        .order_by("entry__nomination__number", "entry__number", "pk")
        .values_list("pk", "entry__nomination__number", "entry__number")
    )
    left = list(rows)
    here = (found.entry.nomination.number, found.entry.number)
    ahead = [pk for pk, *place in left if tuple(place) > here]
    pk = next(iter(ahead or [pk for pk, *_place in left]), None)
    return None if pk is None else Assignment.objects.get(pk=pk)


@policy(SIGNED_IN)
@require_POST
def verdict(request: UserRequest, pk: int) -> HttpResponse:
    """Keep a word and a comment, and go on to the next entry; a script saves the comment alone."""
    found = own_assignment(request, pk)
    by_script = request.headers.get("accept") == "application/json"
    if not can_read(request.user, found) or found.round.way != Way.SCREENING:
        return redirect(found)
    try:
        check_revision(request, found)
        card = save_verdict(
            found,
            by=request.user,
            answer=request.POST.get("answer", ""),
            comment=clean_text(request.POST.get("comment")),
            base_version=read_version(request.POST.get("version")),
        )
    except DomainError as error:
        if by_script:
            return JsonResponse({"message": str(error)}, status=status_of(error))
        return refused(request, found, error)
    if by_script:
        return JsonResponse({"version": card.version, "saved_at": timezone.now().isoformat()})
    following = next_without(request.user, found) if request.POST.get("answer") else found
    if following is not None:
        return redirect(following)
    messages.success(request, _("Every entry has your verdict. Look them over and submit them."))
    return redirect("judging:round_work", found.round_id)


def status_of(error: DomainError) -> int:
    """A script is told whether to load the page anew."""
    return 409 if isinstance(error, ConflictError | NewRevisionError) else 422


def refused(request: UserRequest, found: Assignment, error: DomainError) -> HttpResponse:
    """The page again, with what was typed."""
    scorecard: Scorecard | None = scorecard_of(found)
    revision = read_revision(found, scorecard)
    if revision is None:
        return redirect(found)
    return entry_page(request, found, revision, essay_of(found, revision), error)
