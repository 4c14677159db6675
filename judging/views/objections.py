"""Objections of an entrant to members of the jury."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.forms.coming import ObjectionForm
from judging.models import Objection
from judging.objecting import judges_to_object_to, objections_end, takes_objections
from judging.services.objections import object_to_judge
from nominations.views.access import submittable_entry_or_404


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def objections(request: UserRequest, pk: int) -> HttpResponse:
    """The entry's objections with what was decided, and a form while there is time."""
    entry = submittable_entry_or_404(request, pk)
    made = Objection.objects.filter(entry=entry).select_related("judge__user", "judge__jury")
    end = objections_end(entry.season)
    if end is None and not made.exists():
        raise Http404
    judges = judges_to_object_to(entry.season).exclude(pk__in=made.values("judge"))
    form = ObjectionForm(request.POST or None, judges=judges)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            object_to_judge(entry, said["judge"], by=request.user, reason=said["reason"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Your objection is with the organisers."))
            return redirect("judging:objections", entry.pk)
    context = {
        "entry": entry,
        "season": entry.season,
        "made": made,
        "form": form,
        "until": end,
        "open": takes_objections(entry.season, timezone.now()),
        "judges": judges.exists(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/objections.html", context, status=status)
