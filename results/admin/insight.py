"""How firm the line of a nomination is, for organisers from whom nothing here is hidden."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import STAFF, policy
from results.admin.outcomes import more_views, page, rule_for, shown_for
from results.insight import insight


@policy(STAFF)
@require_safe
def firmness(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Intervals, other methods, each judge left out, and the judges."""
    rule = rule_for(request, pk)
    shown = shown_for(request, rule, number)
    if not shown.open:
        raise Http404
    return page(
        request,
        "insight",
        rule,
        _("How firm is it? %(nomination)s") % {"nomination": shown.nomination},
        shown=shown,
        insight=insight(shown, rule.quota),
    )


more_views += [("<int:pk>/nominations/<int:number>/firmness/", firmness, "firmness")]
