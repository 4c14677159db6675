"""Comments of the jury, looked at before entrants read them."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.http import UserRequest
from common.localized import Localized
from common.policy import STAFF, policy
from judging.models import Criterion
from nominations.models import Nomination
from results.admin.outcomes import more_views, page, rule_for
from results.models import CommentState, JuryComment, OutcomeRule
from results.services import collect_comments, decide_comment, show_comments
from results.traces import Traces
from seasons.models import Season

PER_PAGE = 25


@dataclass
class Card:
    """A comment on the page, with what was typed about it when that was refused."""

    comment: JuryComment
    criterion: Localized | str
    traces: list[str]
    ticked: bool
    typed: dict[str, str] = field(default_factory=dict)
    refusal: str = ""


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: UserRequest, pk: int) -> HttpResponse:
    """Those that wait first; one is shown, shown as edited, or held back, many are shown at once."""
    rule = rule_for(request, pk)
    if request.method != "POST":
        return listing(request, rule)
    if "bulk" in request.POST:
        chosen = {int(one) for one in request.POST.getlist("tick") if one.isdecimal()}
        count = show_comments(rule.season, chosen, by=request.user)
        words = ngettext("%(count)d comment is shown.", "%(count)d comments are shown.", count)
        messages.success(request, words % {"count": count})
        return redirect(request.get_full_path().replace("tick=all", ""))
    one = request.POST.get("comment", "")
    comment = comments_for(request, rule.season).filter(pk=one if one.isdecimal() else 0).first()
    if comment is None:
        raise Http404
    try:
        decide_comment(
            comment,
            by=request.user,
            decision=request.POST.get("decision", ""),
            seen=request.POST.get("seen", ""),
            shown=request.POST.get("shown", ""),
            reason=request.POST.get("reason", ""),
        )
    except DomainError as error:
        return listing(request, rule, refused=comment.pk, refusal=str(error))
    messages.success(request, _("The decision is kept."))
    return redirect(request.get_full_path())


@policy(STAFF)
@require_POST
def comments_look(request: UserRequest, pk: int) -> HttpResponse:
    """Look for comments that are not on the page yet."""
    rule = rule_for(request, pk)
    count = collect_comments(rule.season)
    words = ngettext("%(count)d new comment.", "%(count)d new comments.", count)
    messages.success(request, words % {"count": count})
    return redirect("admin:results_outcomerule_comments", rule.pk)


def comments_for(request: UserRequest, season: Season) -> QuerySet[JuryComment]:
    """Those on entries of the season that no interest closes to the organiser."""
    return JuryComment.objects.organised_by(request.user).filter(round__season=season)


def listing(
    request: UserRequest, rule: OutcomeRule, *, refused: int = 0, refusal: str = ""
) -> HttpResponse:
    """The page, filtered by state and nomination; after a refusal what was typed stands where it was."""
    every = comments_for(request, rule.season)
    asked = request.GET.get("state", "")
    state = asked if asked in CommentState.values else CommentState.WAITING
    number = request.GET.get("nomination", "")
    rows = every.filter(state=state) if not refused else every.filter(pk=refused)
    if number.isdecimal() and not refused:
        rows = rows.filter(entry__nomination__number=int(number))
    shown = Paginator(
        rows.select_related("entry__nomination", "round", "decided_by").order_by(
            "entry__nomination__number", "entry__number", "round", "criterion", "sha256"
        ),
        PER_PAGE,
    ).get_page(request.GET.get("page"))
    counts = dict(every.order_by().values_list("state").annotate(Count("pk")))
    typed = request.POST if refused else QueryDict()
    return page(
        request,
        "comments",
        rule,
        _("Comments of the jury"),
        status=422 if refused else 200,
        page=shown,
        cards=cards(
            list(shown), rule.season, typed, refusal, tick=request.GET.get("tick") == "all"
        ),
        states=[(one, one.label, counts.get(one.value, 0)) for one in CommentState],
        state=state,
        number=number,
        nominations=Nomination.objects.filter(season=rule.season_id).order_by("number"),
        refused=refused,
    )


def cards(
    rows: list[JuryComment], season: Season, typed: QueryDict, refusal: str, *, tick: bool
) -> list[Card]:
    """The comments of a page; ticking all leaves out those that may give a judge away."""
    traces = Traces(season)
    names = {
        (rubric, slug): name
        for rubric, slug, name in Criterion.objects.filter(
            dimension__rubric__in={one.round.rubric_id for one in rows},
            slug__in={one.criterion for one in rows},
        ).values_list("dimension__rubric", "slug", "name")
    }
    found: list[Card] = []
    for one in rows:
        told = traces.in_text(one.text)
        values: dict[str, Any] = {"shown": one.shown or one.text, "reason": one.reason}
        if typed:
            values = {key: typed.get(key, "") for key in values}
        found.append(
            Card(
                comment=one,
                criterion=names.get((one.round.rubric_id, one.criterion), one.criterion),
                traces=told,
                ticked=tick and not told,
                typed=values,
                refusal=refusal,
            )
        )
    return found


more_views += [
    ("<int:pk>/comments/", comments, "comments"),
    ("<int:pk>/comments/look/", comments_look, "comments_look"),
]
