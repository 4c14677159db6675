"""How firm the line of a nomination is, for organisers from whom nothing here is hidden."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from results.admin.outcomes import more_views, page, rule_for, shown_for
from results.insight import insight, picture_of
from results.models import Firmness, OutcomeRule, RunState
from results.overview import NominationShown
from results.services import ask_firmness
from results.services.firmness import firmness_shown


def open_or_404(request: UserRequest, rule: OutcomeRule, number: int) -> NominationShown:
    """A nomination of which nothing is hidden from the reader, nor of those that share its judges."""
    shown = shown_for(request, rule, number, decisions=False)
    if not shown.open:
        raise Http404
    return shown


def readable(counted: Firmness | None, shown: NominationShown) -> Firmness | None:
    """What was counted, unless it reaches into nominations the standing of today says nothing of."""
    if counted is None or shown.standing is None:
        return None
    then = set((counted.content or {}).get("nominations", ()))
    return counted if then <= set(shown.standing.inputs.get("nominations", ())) else None


@policy(STAFF)
@require_safe
def firmness(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Intervals, other methods, each judge left out, and the judges: as they were counted."""
    rule = rule_for(request, pk)
    shown = open_or_404(request, rule, number)
    latest = firmness_shown(shown.standing) if shown.standing is not None else None
    counted = readable(latest, shown)
    done = counted is not None and counted.state == RunState.DONE
    return page(
        request,
        "insight",
        rule,
        _("How firm is it? %(nomination)s") % {"nomination": shown.nomination},
        shown=shown,
        picture=picture_of(shown, rule),
        counted=counted,
        older=counted is not None and counted.standing_id != getattr(shown.standing, "pk", None),
        insight=insight(counted, shown.names) if counted is not None and done else None,
    )


@policy(STAFF)
@require_POST
def count(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Ask for the standing to be counted again in other ways."""
    rule = rule_for(request, pk)
    shown = open_or_404(request, rule, number)
    if shown.standing is None:
        raise Http404
    try:
        asked = ask_firmness(shown.standing, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        # A small portal does the work at once.
        asked.refresh_from_db()
        if asked.state == RunState.WAITING:
            messages.info(request, _("It is being counted; this page says how far."))
        elif asked.state == RunState.DONE:
            messages.success(request, _("It is counted."))
    return redirect("admin:results_outcomerule_firmness", rule.pk, number)


more_views += [
    ("<int:pk>/nominations/<int:number>/firmness/", firmness, "firmness"),
    ("<int:pk>/nominations/<int:number>/firmness/count/", count, "firmness_count"),
]
