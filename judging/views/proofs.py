"""A judge proves that the own scorecards stand in the ledger as they were submitted."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy, public
from judging.models import Assignment, RoundSeal, ScorecardStatus
from judging.permissions import is_judge_of
from judging.services.ledger import proof_of
from seasons.models import Season

VERIFIER = settings.BASE_DIR / "docs" / "verify_leaf.py"


@policy(SIGNED_IN)
@require_safe
def proofs(request: UserRequest, slug: str) -> HttpResponse:
    """The own submitted scorecards of a season, with a file to prove each, and the seals."""
    season = get_object_or_404(Season, slug=slug)
    if not is_judge_of(request.user, season):
        raise Http404
    rows = (
        Assignment.objects.visible_to(request.user)
        .filter(round__season=season, scorecard__status=ScorecardStatus.SUBMITTED)
        .select_related("entry", "round__stage", "scorecard")
        .prefetch_related("scorecard__leaves__sealed", "round__stage__extensions")
        .order_by("round", "entry__number", "pk")
    )
    seals = RoundSeal.objects.filter(round__season=season).select_related("round__stage")
    context = {
        "season": season,
        # The last leaf is the one that holds: a correction adds another.
        "rows": [(row, ([None, *row.scorecard.leaves.all()])[-1], waits(row)) for row in rows],
        "seals": seals.order_by("round__stage__opens_at", "round", "-number"),
    }
    return render(request, "judging/proofs.html", context)


def waits(assignment: Assignment) -> bool:
    """Whether the proof is kept until the round is over, because the jury is blind."""
    round_ = assignment.round
    return round_.hides_applicant and timezone.now() < round_.stage.closes_for()


@policy(SIGNED_IN)
@never_cache
@require_safe
def proof(request: UserRequest, pk: int) -> HttpResponse:
    """One own scorecard as the ledger holds it, with the way from its leaf up to the seal."""
    rows = Assignment.objects.visible_to(request.user).select_related(
        "scorecard", "entry", "round__stage"
    )
    found = get_object_or_404(rows, pk=pk, scorecard__status=ScorecardStatus.SUBMITTED)
    # A proof holds the fingerprint of the essay with its applicant, against which names can be tried.
    if waits(found):
        raise Http404
    made = proof_of(found.scorecard)
    if made is None:
        raise Http404
    answer = JsonResponse(made, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"proof-{found.entry.number}-{found.pk}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@public
@require_safe
def verifier(request: HttpRequest) -> FileResponse:
    """The short program that checks a proof on any computer with Python."""
    return FileResponse(
        VERIFIER.open("rb"), as_attachment=True, content_type="text/x-python; charset=utf-8"
    )
