"""What is shown beside the outcomes: pages nominees approved, and what the season discloses."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from common.uploads import private_file_response
from nominations.models import Entry
from results.admin.outcomes import more_views, page, rule_for
from results.forms.console import DisclosureForm
from results.models import Disclosure, LaureatePage, OutcomeRule, PageState
from results.services import choose_disclosure, moderate_page


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def disclosure(request: UserRequest, pk: int) -> HttpResponse:
    """Choose what the season publishes about its judging."""
    rule = rule_for(request, pk)
    row = Disclosure.objects.filter(season=rule.season).first()
    form = DisclosureForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        choose_disclosure(rule.season, by=request.user, **form.cleaned_data)
        messages.success(request, _("The choice is kept."))
        return redirect("admin:results_outcomerule_disclosure", rule.pk)
    return page(request, "disclosure", rule, _("What is disclosed"), form=form)


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def laureate_pages(request: UserRequest, pk: int) -> HttpResponse:
    """Summaries and pictures that nominees approved, to publish or decline."""
    rule = rule_for(request, pk)
    pages = pages_to_moderate(request, rule)
    if request.method == "POST":
        chosen = request.POST.get("page", "")
        found = pages.filter(pk=chosen if chosen.isdecimal() else 0).first()
        if found is None:
            raise Http404
        try:
            moderate_page(
                found,
                by=request.user,
                publish=request.POST.get("decision") == "publish",
                seen=request.POST.get("seen", ""),
                note=request.POST.get("note", ""),
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The decision is kept."))
        return redirect("admin:results_outcomerule_laureate_pages", rule.pk)
    rows = pages.select_related("entry__organisation", "entry__nomination").order_by(
        "state", "entry__number"
    )
    return page(
        request,
        "laureate_pages",
        rule,
        _("Pages of the nominees"),
        page=Paginator(rows, 25).get_page(request.GET.get("page")),
    )


@policy(STAFF)
@require_safe
def laureate_picture(request: UserRequest, pk: int, page_pk: int) -> FileResponse:
    """The picture that an organiser is asked to publish."""
    found = pages_to_moderate(request, rule_for(request, pk)).filter(pk=page_pk).first()
    if found is None or not found.picture:
        raise Http404
    response = private_file_response(found.picture, "picture.jpg", "image/jpeg")
    response["Content-Disposition"] = "inline"
    return response


def pages_to_moderate(request: UserRequest, rule: OutcomeRule) -> QuerySet[LaureatePage]:
    """What nominees approved, of the entries that no interest closes to the organiser."""
    mine = Entry.objects.organised_by(request.user).filter(nomination__season=rule.season_id)
    return LaureatePage.objects.filter(entry__in=mine.values("pk")).exclude(state=PageState.DRAFT)


more_views += [
    ("<int:pk>/disclosure/", disclosure, "disclosure"),
    ("<int:pk>/pages/", laureate_pages, "laureate_pages"),
    ("<int:pk>/pages/<int:page_pk>/picture/", laureate_picture, "laureate_picture"),
]
