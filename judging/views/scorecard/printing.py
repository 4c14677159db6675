"""The scorecard on paper: the essay and the rubric with what was given, or empty for a pen."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.blind import shown_content
from judging.corrections import corrections_of
from judging.figures import figures_of
from judging.models import ScorecardStatus, Way
from judging.sheets import build_sheet, running
from judging.views.reading import essay_of, opens, own_assignment, read_revision, scorecard_of


@policy(SIGNED_IN)
@never_cache
@require_safe
def scorecard_print(request: UserRequest, pk: int) -> HttpResponse:
    """Essay, rubric and marks as they print; `?empty=1` leaves room for marks by hand."""
    found = own_assignment(request, pk)
    scorecard = scorecard_of(found)
    revision = read_revision(found, scorecard)
    if not opens(request, found) or found.round.way != Way.SCORECARD or revision is None:
        raise Http404
    empty = request.GET.get("empty") == "1"
    submitted = scorecard is not None and scorecard.status == ScorecardStatus.SUBMITTED
    sheet = build_sheet(
        found.round,
        None if empty else scorecard,
        figures=figures_of(shown_content(found.round, revision.content)),
    )
    context = {
        "season": found.round.season,
        "assignment": found,
        "scorecard": scorecard,
        "revision": revision,
        "essay": essay_of(found, revision),
        "sheet": sheet,
        "empty": empty,
        "submitted": submitted and not empty,
        "corrections": corrections_of(scorecard) if scorecard and submitted and not empty else [],
        "progress": running(
            found.round,
            scorecard.marks.all() if scorecard and not empty else [],
            [line.criterion for line in sheet.lines],
        ),
    }
    return render(request, "judging/scorecard_print.html", context)
