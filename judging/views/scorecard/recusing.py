"""Stepping back from an entry."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.forms.judges import RecusalForm
from judging.permissions import can_recuse
from judging.services import (
    recuse as step_back,
)
from judging.views.reading import own_assignment, scorecard_of


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: UserRequest, pk: int) -> HttpResponse:
    """Step back from an entry, after a page that says what follows from it."""
    found = own_assignment(request, pk)
    if not can_recuse(request.user, found, scorecard_of(found)):
        messages.error(
            request,
            _("You can no longer step back from this entry here. Please write to the organisers."),
        )
        return redirect(found)
    form = RecusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            step_back(found, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(
                request,
                _("You stepped back from entry %(number)s. The organisers have been told.")
                % {"number": found.entry.number},
            )
            return redirect("judging:desk")
    context = {"season": found.round.season, "assignment": found, "form": form}
    return render(request, "judging/recuse.html", context, status=422 if form.is_bound else 200)
