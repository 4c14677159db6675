"""Entering a season: an organisation, one nomination or more, an entry for each."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import Organisation
from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from nominations.catalogue import shelves
from nominations.clock import entry_window
from nominations.forms import EnterForm
from nominations.services import Closed, enter_nominations
from nominations.views.public import season_or_404


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def enter(request: UserRequest, slug: str) -> HttpResponse:
    """Pick nominations; each gets an entry with a number."""
    season = season_or_404(request, slug)
    organisations = list(Organisation.objects.editable_by(request.user))
    wished = request.GET.get("nomination", "")
    initial = {
        "nominations": [wished] if wished else [],
        "organisation": organisations[0].pk if len(organisations) == 1 else None,
    }
    form = EnterForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        shelves=shelves(season),
        initial=initial,
    )
    closed: Closed | None = None
    if request.method == "POST" and form.is_valid():
        organisation = form.cleaned_data["organisation"]
        try:
            entries = enter_nominations(form.picks(), organisation, by=request.user)
        except Closed as error:
            closed = error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                ngettext(
                    "The entry is started. Its draft saves itself as you write.",
                    "%(count)d entries are started. Their drafts save themselves as you write.",
                    len(entries),
                )
                % {"count": len(entries)},
            )
            return redirect(entries[0] if len(entries) == 1 else "accounts:desk")
    windows = [entry_window(season, organisation) for organisation in organisations]
    window = next((one for one in windows if one.is_open), entry_window(season))
    context = {
        "season": season,
        "form": form,
        "organisations": organisations,
        "chosen": str(form["organisation"].value() or ""),
        "window": window,
        "closed": closed,
        "add_url": f"{reverse('accounts:organisation_add')}?{urlencode({'next': request.get_full_path()})}",
        "title": _("Enter the award"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "nominations/enter.html", context, status=status)
