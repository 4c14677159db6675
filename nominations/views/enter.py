"""Entering a season: an organisation, one nomination or more, an entry for each."""

from typing import Any
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
from nominations.channels import is_open_to_all, ways_in
from nominations.clock import entry_window
from nominations.errors import NoPlace
from nominations.forms import EnterForm
from nominations.places import Room
from nominations.services import Closed, enter_nominations
from nominations.services.codes import find_code, require_usable, who_is_in
from nominations.views.channels import forget_code, remembered_code
from nominations.views.public import season_or_404
from seasons.models import Season


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def enter(request: UserRequest, slug: str) -> HttpResponse:
    """Pick nominations; each gets an entry with a number."""
    season = season_or_404(request, slug)
    organisations = list(Organisation.objects.editable_by(request.user))
    found = shelves(season)
    room = Room(season, [one for shelf in found for one in shelf.nominations], organisations)
    wished = request.GET.get("nomination", "")
    brought = request.GET.get("code", "") or remembered_code(request, season)
    form = EnterForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        shelves=found,
        room=room,
        initial={
            "nominations": [wished] if wished else [],
            "organisation": organisations[0].pk if len(organisations) == 1 else None,
            "code": brought,
        },
    )
    closed: Closed | None = None
    if request.method == "POST" and form.is_valid():
        organisation = form.cleaned_data["organisation"]
        code = form.cleaned_data["code"]
        try:
            entries = enter_nominations(form.picks(), organisation, by=request.user, code=code)
        except Closed as error:
            closed = error
        except NoPlace as error:
            form.refuse_pick(error.nomination, str(error))
        except DomainError as error:
            form.add_error("code" if error.field == "code" else None, str(error))
        else:
            forget_code(request, season)
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
        "ways": ways_in(season),
        "room": room,
        **way_in(request, season, organisations, form, brought),
        "add_url": f"{reverse('accounts:organisation_add')}?{urlencode({'next': request.get_full_path()})}",
        "title": _("Enter the award"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "nominations/enter.html", context, status=status)


def way_in(
    request: UserRequest,
    season: Season,
    organisations: list[Organisation],
    form: EnterForm,
    brought: str,
) -> dict[str, Any]:
    """Whether the page asks for a code, who needs none, and what is wrong with the one brought along."""
    if is_open_to_all(season) and not (brought or form.errors.get("code")):
        return {"asks_code": False}
    came_in = who_is_in(season, organisations)
    inside = [one for one in organisations if one.pk in came_in]
    problem = ""
    if brought and not form.is_bound:
        try:
            code = find_code(season, brought, by=request.user)
            if not code.users.filter(organisation__in=organisations).exists():
                require_usable(code)
        except DomainError as error:
            problem = str(error)
    return {
        "asks_code": bool(brought or form.errors.get("code")) or len(inside) < len(organisations),
        "code_needed": not is_open_to_all(season),
        "code_problem": problem,
        "code_good": bool(brought) and not problem and not form.is_bound,
        "inside": inside,
    }
