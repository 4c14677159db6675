"""The public results of a season, and the jury's feedback for the nominee."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from common.errors import DomainError
from common.http import UserRequest, private_document
from common.policy import SIGNED_IN, policy, public
from results.comments import reviewed
from results.disclosed import disclosed_at_all
from results.models import Feedback, OutcomeKind, PublishedResult
from results.permissions import can_ask, can_read_feedback
from results.public import after_appeals, expected, matches, published, sections
from results.reading import rounds_shown, standings_shown
from results.report import as_pdf
from results.services import mark_read
from results.services.questions import ask_question
from seasons.models import Season

PER_PAGE = 120
MOST_IN_DATA = 200


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for what was found alone; going back in history needs the whole page."""
    headers = request.headers
    return bool(headers.get("HX-Request")) and not headers.get("HX-History-Restore-Request")


def event_of(season: Season, rows: list[PublishedResult]) -> dict[str, Any]:
    """What search engines read of the season: an event, and who was awarded."""
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": str(season.name),
        "url": settings.SITE_URL + reverse("results:results", args=[season.slug]),
        "startDate": min((row.published_at for row in rows), default=None),
        "organizer": {"@type": "Organization", "name": str(season.programme)},
        "performer": [
            {
                "@type": "Person" if row.nominee_name else "Organization",
                "name": row.nominee_name or row.organisation_name,
                "award": f"{season.name}: {row.nomination.name}",
            }
            for row in rows
            if row.kind == OutcomeKind.LAUREATE
        ][:MOST_IN_DATA],
    }


@public
@require_safe
@vary_on_headers("HX-Request")
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Finalists and laureates once they are released, and until then when to expect them."""
    season = get_object_or_404(
        Season.objects.visible_to(request.user).select_related("programme"), slug=slug
    )
    rows = published(season)
    query = request.GET.get("q", "").strip()[:100]
    category = request.GET.get("category", "")
    nomination = request.GET.get("nomination", "")
    outcome = request.GET.get("outcome", "")
    found = [
        row
        for row in rows
        if matches(row, query.casefold().split())
        and category in {"", str(row.nomination.category.number)}
        and nomination in {"", str(row.nomination.number)}
        and outcome in {"", row.kind}
    ]
    found.sort(key=lambda row: row.nomination.number)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    kinds = {row.kind for row in rows}
    template = "results/_found.html" if wants_part(request) else "results/results.html"
    return render(
        request,
        template,
        {
            "season": season,
            "sections": after_appeals(sections(page), season),
            "page": page,
            "outcome": outcome,
            "json_ld": event_of(season, rows),
            "discloses": bool(rows) and disclosed_at_all(season),
            "choices": sections(rows),
            "found": len({row.entry_id for row in found}),
            "query": query,
            "category": category,
            "nomination": nomination,
            "filtered": bool(query or category or nomination or outcome),
            "expected": expected(season, rows),
            "released": bool(rows),
            "has_laureates": OutcomeKind.LAUREATE in kinds,
            "season_has_results": bool(rows),
        },
    )


def readable_feedback(request: UserRequest) -> QuerySet[Feedback]:
    """The person's own feedback with what its page needs."""
    return Feedback.objects.visible_to(request.user).select_related(
        "stage",
        "entry__organisation",
        "entry__nomination__season__programme",
        "entry__nomination__category",
    )


def feedback_for(request: UserRequest, pk: int) -> Feedback:
    """The feedback of an own entry; before its date there is none."""
    found = get_object_or_404(readable_feedback(request), entry=pk)
    if not can_read_feedback(request.user, found):
        raise Http404
    return found


def feedback_page(request: UserRequest, found: Feedback, **more: Any) -> HttpResponse:
    """The page of the feedback."""
    entry, read = found.entry, reviewed(found)
    response = render(
        request,
        "results/feedback.html",
        {
            "feedback": found,
            "entry": entry,
            "nomination": entry.nomination,
            "season": entry.nomination.season,
            "rounds": rounds_shown(read.content),
            "standings": standings_shown(read.content),
            "checking": read.waiting,
            "may_ask": can_ask(request.user, found),
            **more,
        },
        status=422 if more else 200,
    )
    response["Cache-Control"] = "private, no-store"
    return response


@policy(SIGNED_IN)
@require_safe
def feedback(request: UserRequest, pk: int) -> HttpResponse:
    """The jury's marks and comments; before their date the page does not exist."""
    return feedback_page(request, feedback_for(request, pk))


@policy(SIGNED_IN)
@require_POST
def feedback_question(request: UserRequest, pk: int) -> HttpResponse:
    """Ask the organisers the one question."""
    found = feedback_for(request, pk)
    text = request.POST.get("text", "")
    try:
        ask_question(found, text=text, by=request.user)
    except DomainError as error:
        return feedback_page(request, feedback_for(request, pk), typed=text, refusal=str(error))
    messages.success(request, _("Your question is sent to the organisers."))
    return redirect("results:feedback", pk=pk)


@policy(SIGNED_IN)
@require_safe
def feedback_pdf(request: UserRequest, pk: int) -> HttpResponse:
    """The same as a PDF in the reader's language, for those who may read the page and not before."""
    found = feedback_for(request, pk)
    name = f"{found.entry.number}-feedback.pdf"
    return private_document(as_pdf(found), name, "application/pdf")


@policy(SIGNED_IN)
@require_POST
def feedback_read(request: UserRequest, pk: int) -> HttpResponse:
    """Keep that the nominee has read it."""
    found = feedback_for(request, pk)
    mark_read(found, by=request.user)
    return redirect("results:feedback", pk=pk)
