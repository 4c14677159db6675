"""What a judge would like to judge, before entries are given out."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.models import Wish
from judging.permissions import has_agreed, is_judge_of
from judging.services import save_wishes
from judging.wishes import asking, choices_of
from seasons.models import Season


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: UserRequest, slug: str) -> HttpResponse:
    """Nominations with three answers each; nothing of an entry is shown."""
    season = get_object_or_404(Season, slug=slug)
    if not is_judge_of(request.user, season) or not asking(request.user, season).exists():
        raise Http404
    if not has_agreed(request.user, season):
        agreement = reverse("judging:agreement", args=[season.slug])
        return redirect(f"{agreement}?{urlencode({'next': request.path})}")
    if request.method == "POST":
        sent = {
            int(name.removeprefix("n-")): str(value)
            for name, value in request.POST.items()
            if name.startswith("n-") and name[2:].isdecimal() and len(name) < 12
        }
        try:
            save_wishes(season, sent, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("judging:desk")
        messages.success(request, _("Thank you. Your preferences are kept."))
        return redirect("judging:preferences", season.slug)
    context = {
        "season": season,
        "choices": choices_of(request.user, season),
        "wishes": Wish.choices,
    }
    return render(request, "judging/preferences.html", context)
