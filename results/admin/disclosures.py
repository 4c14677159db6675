"""What is shown beside the outcomes: pages nominees approved, and what the season discloses."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from common.uploads import private_file_response
from judging.models import Assignment, AssignmentStatus, Meeting
from nominations.models import Entry
from results.admin.outcomes import more_views, page, rule_for
from results.disclosed import fingerprint
from results.forms.console import DisclosureForm
from results.models import Disclosure, LaureatePage, OutcomeRule, PageState
from results.services import choose_disclosure, moderate_page

MOST_REASONS = 60


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def disclosure(request: UserRequest, pk: int) -> HttpResponse:
    """Choose what the season publishes about its judging."""
    rule = rule_for(request, pk)
    row = Disclosure.objects.filter(season=rule.season).first()
    struck = reasons_of_struck(request, rule)
    form = DisclosureForm(
        request.POST if request.method == "POST" else None, instance=row, struck=struck
    )
    if request.method == "POST" and form.is_valid():
        choose_disclosure(rule.season, by=request.user, **form.values())
        messages.success(request, _("The choice is kept."))
        return redirect("admin:results_outcomerule_disclosure", rule.pk)
    return page(request, "disclosure", rule, _("What is disclosed"), form=form)


def reasons_of_struck(request: UserRequest, rule: OutcomeRule) -> dict[str, str]:
    """What organisers wrote when they struck ballots, the most frequent first, by fingerprint."""
    mine = Entry.objects.organised_by(request.user).filter(nomination__season=rule.season_id)
    rows = (
        Assignment.objects.filter(
            round__season=rule.season_id,
            status=AssignmentStatus.STRUCK,
            entry__in=mine.values("pk"),
        )
        .order_by()
        .values_list("reason")
        .annotate(ballots=Count("pk"))
        .order_by("-ballots", "reason")
    )
    return {fingerprint(reason): reason for reason, _ballots in rows[:MOST_REASONS]}


@policy(STAFF)
@require_safe
def discussions(request: UserRequest, pk: int) -> HttpResponse:
    """Closed consensus meetings with what was written for the public; written at the jury's table."""
    rule = rule_for(request, pk)
    rows = (
        Meeting.objects.without_closed_to(request.user)
        .filter(round__season=rule.season_id, closed_at__isnull=False)
        .select_related("entry__nomination", "round", "summary")
        .order_by("entry__nomination__number", "entry__number", "pk")
    )
    return page(
        request,
        "discussions",
        rule,
        _("Summaries of consensus meetings"),
        page=Paginator(rows, 25).get_page(request.GET.get("page")),
    )


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
    ("<int:pk>/discussions/", discussions, "discussions"),
    ("<int:pk>/pages/", laureate_pages, "laureate_pages"),
    ("<int:pk>/pages/<int:page_pk>/picture/", laureate_picture, "laureate_picture"),
]
