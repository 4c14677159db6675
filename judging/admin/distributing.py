"""The organisers' pages of a distribution: ask, look at the proposal, confirm; or from a file."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.admin import scopes
from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from judging.explaining import dropped_words, is_drawback, limit_words, reason_words
from judging.forms.distributing import DistributionForm, PairsForm
from judging.models import Background, Judge, Proposal, ProposalKind, ProposalState, Round
from judging.services import confirm_proposal, propose, propose_file
from nominations.models import Entry

PER_PAGE = 50
SHOWS = ("entries", "judges")


def round_for(request: HttpRequest, pk: int) -> Round:
    """The round, if it is of a season the person runs."""
    rounds = scopes[Round](Round.objects.all(), request.user)
    found: Round | None = rounds.filter(pk=pk).select_related("season", "stage").first()
    if found is None:
        raise Http404
    return found


def page(
    request: HttpRequest, template: str, values: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the back office."""
    context = {**admin.site.each_context(request), "opts": Round._meta, **values}
    return TemplateResponse(request, f"admin/judging/{template}.html", context, status=status)


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def distribution(request: UserRequest, pk: int) -> HttpResponse:
    """What is asked of a distribution; a POST works it out."""
    round_ = round_for(request, pk)
    form = DistributionForm(
        request.POST if request.method == "POST" else None,
        initial={"least": round_.quorum, "most": round_.quorum},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = propose(round_, form.wanted(), by=request.user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("admin:judging_round_proposal", round_.pk, made.pk)
    earlier = Proposal.objects.filter(round=round_).select_related("made_by").defer("result")
    away = Judge.objects.active().filter(jury__rounds=round_, available=False)
    values = {
        "title": _("Distribute entries"),
        "round": round_,
        "form": form,
        "earlier": earlier[:10],
        "away": away.select_related("user").distinct()[:20],
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "distribute", values, status=status)


@policy(STAFF)
@require_safe
def proposal(request: UserRequest, pk: int, proposal_pk: int) -> HttpResponse:
    """Who would get what, and why; which limit binds; the proof."""
    round_ = round_for(request, pk)
    found = get_object_or_404(Proposal.objects.filter(round=round_), pk=proposal_pk)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else SHOWS[0]
    values: dict[str, Any] = {
        "title": _("Proposed distribution"),
        "round": round_,
        "proposal": found,
        "show": show,
        "pairs": len(found.result.get("pairs", [])),
    }
    if found.state == ProposalState.WAITING:
        answer = page(request, "distribute_proposal", values)
        answer["Refresh"] = "2"
        return answer
    seen = dict(
        Entry.objects.organised_by(request.user)
        .filter(pk__in=round_.entries().values("pk"))
        .order_by("number")
        .values_list("pk", "number")
    )
    values |= read_result(found, seen, show, request.GET.get("page"))
    return page(request, "distribute_proposal", values)


def read_result(
    found: Proposal, seen: dict[int, str], show: str, number: str | None
) -> dict[str, Any]:
    """The result in words, a page of it; entries closed to the reader are counted, not named."""
    result = found.result
    rows = Judge.objects.filter(jury__rounds=found.round_id).select_related("user", "jury")
    judges = {judge.pk: judge for judge in rows.distinct()}
    names = {pk: str(judge.user) for pk, judge in judges.items()}
    done = result.get("confirmed", {})
    values: dict[str, Any] = {
        "facts": result.get("facts", {}),
        "limits": [limit_words(one, seen, names) for one in result.get("limits", [])],
        "releases": len(result.get("releases", [])),
        "done": done,
        "dropped": [
            {
                "entry": seen.get(entry),
                "judge": names.get(judge, "—"),
                "why": dropped_words(why),
            }
            for entry, judge, why in done.get("dropped", [])
            if entry in seen
        ][:PER_PAGE],
    }
    if found.kind == ProposalKind.FILE:
        lines = Paginator(result["lines"], PER_PAGE).get_page(number)
        for line in lines:
            line["words"] = dropped_words(line["fate"])
        return {**values, "lines": lines}
    if show == "judges":
        listed = [one for one in result["judges"] if one["judge"] in judges]
        shown = Paginator(listed, PER_PAGE).get_page(number)
        for line in shown:
            line["row"] = judges[line["judge"]]
        return {**values, "judge_lines": shown}
    return {**values, "entry_lines": entry_lines(result, seen, judges, number)}


def entry_lines(
    result: dict[str, Any], seen: dict[int, str], judges: dict[int, Judge], number: str | None
) -> Any:
    """Entries with the judges they would get and why; those that stay short first."""
    by_entry: dict[int, list[dict[str, Any]]] = {}
    short = {entry: missing for entry, missing in result["short"] if entry in seen}
    lacking: dict[int, list[str]] = {}
    for entry, background in result["lacking"]:
        lacking.setdefault(entry, []).append(str(Background(background).label))
    for entry, judge, why in result["pairs"]:
        if entry in seen and judge in judges:
            by_entry.setdefault(entry, []).append({"judge": judges[judge], "codes": why})
    listed = {*by_entry, *short, *(set(lacking) & set(seen))}
    order = sorted(
        listed, key=lambda entry: (entry not in short, entry not in lacking, seen[entry])
    )
    shown = Paginator(order, PER_PAGE).get_page(number)
    shown.object_list = [
        {
            "number": seen[entry],
            "missing": short.get(entry, 0),
            "lacking": lacking.get(entry, []),
            "judges": [
                {
                    "judge": one["judge"],
                    "for": [reason_words(c) for c in one["codes"] if not is_drawback(c)],
                    "against": [reason_words(c) for c in one["codes"] if is_drawback(c)],
                }
                for one in by_entry.get(entry, [])
            ],
        }
        for entry in shown.object_list
    ]
    return shown


@policy(STAFF)
@require_POST
def confirm(request: UserRequest, pk: int, proposal_pk: int) -> HttpResponse:
    """Make the assignments of a proposal."""
    round_ = round_for(request, pk)
    found = get_object_or_404(Proposal.objects.filter(round=round_), pk=proposal_pk)
    try:
        done = confirm_proposal(found, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        made = ngettext(
            "%(n)d assignment is made; each judge gets one mail.",
            "%(n)d assignments are made; each judge gets one mail.",
            done.made,
        )
        messages.success(request, made % {"n": done.made})
        if done.dropped:
            left = ngettext(
                "%(n)d pair was left out; the reasons are below.",
                "%(n)d pairs were left out; the reasons are below.",
                len(done.dropped),
            )
            messages.warning(request, left % {"n": len(done.dropped)})
    return redirect("admin:judging_round_proposal", round_.pk, found.pk)


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def from_file(request: UserRequest, pk: int) -> HttpResponse:
    """Pairs from CSV; the next page shows what becomes of each line, nothing is made yet."""
    round_ = round_for(request, pk)
    posted = request.method == "POST"
    form = PairsForm(request.POST, request.FILES) if posted else PairsForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_file(round_, form.cleaned_data["text"], by=request.user)
        except DomainError as error:
            form.add_error("text" if error.field == "text" else None, str(error))
        else:
            return redirect("admin:judging_round_proposal", round_.pk, made.pk)
    values = {"title": _("Assign from a file"), "round": round_, "form": form}
    status = 422 if request.method == "POST" else 200
    return page(request, "distribute_file", values, status=status)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The addresses under the rounds."""
    own: list[tuple[str, Callable[..., HttpResponse], str]] = [
        ("<int:pk>/distribute/", distribution, "distribute"),
        ("<int:pk>/distribute/file/", from_file, "distribute_file"),
        ("<int:pk>/distribute/<int:proposal_pk>/", proposal, "proposal"),
        ("<int:pk>/distribute/<int:proposal_pk>/confirm/", confirm, "proposal_confirm"),
    ]
    return [
        path(route, site.admin_view(view), name=f"judging_round_{name}")
        for route, view, name in own
    ]
