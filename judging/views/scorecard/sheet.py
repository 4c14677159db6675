"""The essay beside the scorecard, and submitting it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.blind import shown_content
from judging.corrections import corrections_of
from judging.desk import following
from judging.figures import figures_of
from judging.models import Assignment, ScorecardStatus, Way
from judging.paper import waiting_for
from judging.permissions import has_agreed, is_readable, is_recusable, marks_refused
from judging.permissions import in_competition as competes
from judging.services import open_scorecard, submit_scorecard
from judging.services.scorecards import CommentsMissingError, MarksMissingError
from judging.sheets import build_sheet, running
from judging.views.reading import (
    essay_of,
    is_stale,
    opens,
    own_assignment,
    own_assignments,
    read_revision,
    scorecard_of,
)
from judging.views.scorecard.saving import save_all
from judging.views.ways.entry import entry_page
from judging.visit_pages import reports_beside
from nominations.content import as_submitted


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: UserRequest, pk: int) -> HttpResponse:
    """Read and mark; a POST saves the whole form, for browsers without scripts."""
    found = own_assignments(request).filter(pk=pk).first()
    if found is None:
        return agreement_first(request, pk)
    if not opens(request, found):
        return still_closed(request, found)
    if found.round.way != Way.SCORECARD:
        revision = read_revision(found, scorecard_of(found))
        if revision is None:
            raise Http404
        return entry_page(request, found, revision, essay_of(found, revision))
    if request.method == "POST":
        errors = save_all(request, found)
        if not errors:
            messages.success(request, _("Your scorecard is saved. It is not submitted yet."))
            return redirect(found)
        return sheet_page(request, found, typed=True, errors=errors)
    return sheet_page(request, found)


def agreement_first(request: UserRequest, pk: int) -> HttpResponse:
    """What is closed by an agreement alone leads to it; all else is not there."""
    mine = Assignment.objects.of_judge(request.user).select_related("round__season")
    found = get_object_or_404(mine, pk=pk)
    if has_agreed(request.user, found.round.season):
        raise Http404
    agreement = reverse("judging:agreement", args=[found.round.season.slug])
    return redirect(f"{agreement}?{urlencode({'next': request.path})}")


def still_closed(request: UserRequest, found: Assignment) -> HttpResponse:
    """A page that says why; a round that calibrates opens its scorecards after its samples."""
    if not is_readable(found):
        return closed_page(request, found)
    message = _(
        "Score the samples of this round first: its scorecards open when they are submitted."
    )
    messages.info(request, message)
    return redirect("judging:calibration", found.round_id)


def closed_page(request: UserRequest, found: Assignment) -> HttpResponse:
    """Nothing to read yet, or no longer."""
    as_submitted([found.entry])
    context = {
        "season": found.round.season,
        "assignment": found,
        "opened": found.has_opened(),
        "competes": competes(found),
        "can_recuse": is_recusable(found, scorecard_of(found)),
    }
    return render(request, "judging/assignment_closed.html", context)


def sheet_page(
    request: UserRequest,
    found: Assignment,
    *,
    typed: bool = False,
    errors: list[DomainError] | None = None,
) -> HttpResponse:
    """The page itself; after a refusal everything typed stands where it was."""
    scorecard = scorecard_of(found)
    revision = read_revision(found, scorecard)
    if revision is None:
        raise Http404
    faults = errors or []
    by_field = {error.field: str(error) for error in faults if error.field}
    marks = {
        int(name.removeprefix("mark-")): text
        for name, text in by_field.items()
        if name.startswith("mark-")
    }
    # Whoever sees this page may read: it was asked when the row was fetched.
    refused = marks_refused(found)
    may_score = found.is_open() and not refused
    locked = scorecard is not None and scorecard.status == ScorecardStatus.SUBMITTED
    if locked:
        typed = False
    sheet = build_sheet(
        found.round,
        scorecard,
        typed=request.POST.dict() if typed else None,
        errors=marks,
        figures=figures_of(shown_content(found.round, revision.content)),
    )
    missing = [error for error in faults if isinstance(error, MarksMissingError)]
    if missing or request.GET.get("missing"):
        for line in sheet.missing:
            line.error = line.error or str(_("Give a mark, or abstain."))
    silent = {
        one.pk
        for error in faults
        if isinstance(error, CommentsMissingError)
        for one in error.criteria
    }
    for line in sheet.lines:
        if line.criterion.pk in silent:
            line.error = line.error or str(_("Say why you gave this mark."))
            line.opens_comment = True
    context = {
        "season": found.round.season,
        "assignment": found,
        "scorecard": scorecard,
        "locked": locked,
        "may_score": may_score and not locked,
        "refused": refused,
        "live": found.round.slots.filter(entry=found.entry).first()
        if found.round.has_defence
        else None,
        "paper": waiting_for(found).select_related("entered_by").first()
        if found.round.has_defence and not locked
        else None,
        "can_recuse": is_recusable(found, scorecard),
        "corrections": corrections_of(scorecard) if scorecard is not None and locked else [],
        "closes_at": found.closes_at,
        "sheet": sheet,
        "progress": running(
            found.round,
            scorecard.marks.all() if scorecard else [],
            [line.criterion for line in sheet.lines],
        ),
        "unsaved": typed and not may_score,
        "faults": faults,
        "key": request.POST.get("key") or str(uuid4()),
        "revision": revision,
        "essay": essay_of(found, revision),
        "next": following(request.user, found) if may_score else None,
        "stale": is_stale(scorecard, revision),
        "visits": reports_beside(request.user, found),
    }
    return render(request, "judging/assignment.html", context, status=422 if faults else 200)


@policy(SIGNED_IN)
@require_POST
def scorecard_submit(request: UserRequest, pk: int) -> HttpResponse:
    """Save what the form holds and lock it; sending it again changes nothing."""
    found = own_assignment(request, pk)
    if not opens(request, found) or found.round.way != Way.SCORECARD:
        return redirect(found)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    scorecard = scorecard_of(found)
    replayed = (
        scorecard is not None
        and scorecard.status == ScorecardStatus.SUBMITTED
        and scorecard.idempotency_key == key
    )
    if not replayed:
        errors = save_all(request, found)
        if errors:
            return sheet_page(request, found, typed=True, errors=errors)
        try:
            submit_scorecard(open_scorecard(found, by=request.user), by=request.user, key=key)
        except DomainError as error:
            return sheet_page(request, found, typed=True, errors=[error])
    messages.success(request, _("Your scorecard is submitted. Thank you!"))
    return redirect(found)
