"""Taking a release back: asked by one organiser, done by another."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from results.admin.outcomes import more_views, page, rule_for, to_console
from results.forms.console import RetractionForm
from results.overview import current_release, waiting_retraction
from results.permissions import why_barred
from results.services import ask_retraction, confirm_retraction, drop_retraction


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for the release to be taken back; or see who asked, and why."""
    rule = rule_for(request, pk)
    release = current_release(rule)
    if release is None or not release.results.exists():
        messages.info(request, _("Nothing of this outcome is public."))
        return to_console(rule)
    form = RetractionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_retraction(release, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Asked. Another organiser must confirm it."))
            return to_console(rule)
    asked = waiting_retraction(rule)
    first = asked.asked_by if asked is not None and rule.season.two_person_release else None
    barred = why_barred(request.user, rule.season, first=first)
    return page(
        request,
        "retract",
        rule,
        _("Take the release back"),
        form=form,
        release=release,
        asked=asked,
        barred=barred,
        may_confirm=asked is not None
        and not barred
        and (asked.asked_by_id != request.user.pk or not rule.season.two_person_release),
        public=release.results.count(),
    )


@policy(STAFF)
@require_POST
def retract_decide(request: UserRequest, pk: int) -> HttpResponse:
    """Take it back, or leave it."""
    rule = rule_for(request, pk)
    asked = waiting_retraction(rule)
    if asked is None:
        messages.info(request, _("Nobody asks for this release to be taken back."))
        return to_console(rule)
    try:
        if request.POST.get("decision") == "confirm":
            confirm_retraction(asked, by=request.user)
            messages.success(request, _("The release is taken back: nothing of it is public."))
        else:
            drop_retraction(asked, by=request.user)
            messages.success(request, _("The release stays as it is."))
    except DomainError as error:
        messages.error(request, str(error))
    return to_console(rule)


more_views += [
    ("<int:pk>/release/retract/", retract, "retract"),
    ("<int:pk>/release/retract/decide/", retract_decide, "retract_decide"),
]
