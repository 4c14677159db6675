"""Extra reviews ordered from the console, where they help most."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from judging.models import Purpose
from judging.services.late import ask_review
from results.admin.insight import open_or_404
from results.admin.outcomes import more_views, page, rule_for
from results.forms.reviews import ReviewForm
from results.reviewing import ordered_reviews, reviewable_rounds, suggestions


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Entries in doubt, each with a judge who could read it; an order per entry, and its state."""
    rule = rule_for(request, pk)
    shown = open_or_404(request, rule, number)
    rounds = reviewable_rounds(shown)
    if not rounds:
        messages.info(request, _("No round of this outcome judges this nomination by scorecards."))
        return redirect("admin:results_outcomerule_nomination", rule.pk, number)
    asked = request.GET.get("round")
    round_ = next((one for one in rounds if one.slug == asked), rounds[-1] if not asked else None)
    if round_ is None:
        raise Http404
    round_.season = rule.season
    offered = suggestions(shown, round_)
    form = ReviewForm(request.POST or None, round_=round_, offered=offered)
    if request.method == "POST" and rule.has_release:
        messages.error(
            request,
            _("A release is prepared or done, so decisions can no longer be changed here."),
        )
        return back(request, rule.pk, number)
    if request.method == "POST" and form.is_valid():
        suggestion, judge = form.chosen()
        try:
            ask_review(
                round_,
                judge,
                suggestion.row.entry,
                purpose=Purpose.EXTRA,
                until=form.cleaned_data["until"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(
                request,
                _("%(judge)s is asked for one more review of %(entry)s.")
                % {"judge": judge.user, "entry": suggestion.row.entry.number},
            )
            return back(request, rule.pk, number)
    return page(
        request,
        "reviews",
        rule,
        _("Extra reviews: %(nomination)s") % {"nomination": shown.nomination},
        shown=shown,
        round=round_,
        rounds=rounds,
        offered=offered,
        ordered=ordered_reviews(shown, round_),
        form=form,
        frozen=rule.has_release,
        until=f"{form.fields['until'].initial.astimezone(rule.season.zone):%Y-%m-%dT%H:%M}",
        chosen_entry=form["entry"].value() if form.is_bound else None,
        chosen_judge=form["judge"].value() if form.is_bound else None,
    )


def back(request: UserRequest, pk: int, number: int) -> HttpResponseRedirect:
    """To the same list, of the same round."""
    asked = request.GET.get("round")
    address = reverse("admin:results_outcomerule_reviews", args=[pk, number])
    return redirect(f"{address}?round={asked}" if asked else address)


more_views += [("<int:pk>/nominations/<int:number>/reviews/", reviews, "reviews")]
