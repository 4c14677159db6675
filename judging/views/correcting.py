"""Putting new marks beside the own submitted scorecard."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.bands import shown
from judging.corrections import current_marks
from judging.forms.together import read_corrected
from judging.models import Criterion, Meeting
from judging.services import correct_scorecard
from judging.services.corrections import can_correct, way_to_correct
from judging.views.reading import own_assignment, scorecard_of


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: UserRequest, pk: int) -> HttpResponse:
    """New marks with a reason, while a meeting is open or by leave; what was submitted stays."""
    found = own_assignment(request, pk)
    scorecard = scorecard_of(found)
    if scorecard is None or not can_correct(request.user, found):
        raise Http404
    criteria = list(
        Criterion.objects.filter(dimension__rubric=found.round.rubric_id)
        .select_related("dimension")
        .order_by("dimension__position", "position", "pk")
    )
    faults: dict[int, str] = {}
    refusal = reason_fault = ""
    if request.method == "POST":
        marks, faults = read_corrected(request.POST, criteria)
        try:
            if not faults:
                correct_scorecard(
                    scorecard,
                    by=request.user,
                    marks=marks,
                    reason=request.POST.get("reason", ""),
                )
                messages.success(request, _("Your new marks stand beside the submitted ones."))
                return redirect("judging:table", found.round_id, found.entry_id)
        except DomainError as error:
            if error.field and error.field.startswith("mark-"):
                faults[int(error.field.removeprefix("mark-"))] = str(error)
            elif error.field == "reason":
                reason_fault = str(error)
            else:
                refusal = str(error)
    current = current_marks([scorecard.pk]).get(scorecard.pk, {})
    lines = []
    for criterion in criteria:
        mark = current.get(criterion.pk)
        now = "" if mark is None or mark.value is None else shown(mark.value)
        lines.append(
            {
                "criterion": criterion,
                "maximum": shown(criterion.maximum),
                "step": shown(criterion.step),
                "now": now,
                "value": request.POST.get(f"mark-{criterion.pk}", now),
                "fault": faults.get(criterion.pk, ""),
            }
        )
    way = way_to_correct(found)
    context = {
        "season": found.round.season,
        "assignment": found,
        "lines": lines,
        "meeting": way if isinstance(way, Meeting) else None,
        "leave": None if isinstance(way, Meeting) else way,
        "reason": request.POST.get("reason", ""),
        "reason_fault": reason_fault,
        "refusal": refusal,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/correct.html", context, status=status)
