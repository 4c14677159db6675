"""A small answer every few seconds: who else has the essay open, and what is newer than this tab."""

import json

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from nominations.models import Entry
from nominations.services.presence import pulse
from nominations.views.access import own_entry_or_404


@policy(SIGNED_IN)
@require_POST
def entry_pulse(request: UserRequest, pk: int) -> HttpResponse:
    """Body: {"at": prompt or null}; answer: people, versions and who saved what last."""
    entry = Entry.objects.of_member(request.user).filter(pk=pk).first()
    if entry is None:
        entry = own_entry_or_404(request, pk)
    try:
        at = json.loads(request.body)["at"]
    except (ValueError, KeyError, TypeError, RecursionError):
        at = False
    if at is not None and (isinstance(at, bool) or not isinstance(at, int)):
        return JsonResponse({"state": "refused"}, status=400)
    found = pulse(entry, request.user, at)
    response = JsonResponse(
        {"people": found.people, "versions": found.versions, "authors": found.authors}
    )
    response["Cache-Control"] = "private, no-store"
    return response
