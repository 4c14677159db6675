"""The host of a ceremony: what to say, what comes next, and the big screen with keys."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from nominations.content import as_submitted
from nominations.models import Nomination
from results.admin.outcomes import more_views, page, rule_for, to_console
from results.models import Ceremony, OutcomeKind, OutcomeRule, PublishedResult, Release
from results.overview import current_release
from results.permissions import barred_from_results
from results.public import by_name
from results.screen import on_screen
from results.services import end_ceremony, keep_notes, reveal, show_nomination
from results.services.ceremonies import program_of
from results.services.releases import moment_of


def release_for(request: UserRequest, rule: OutcomeRule) -> Release:
    """The release of the ceremony, for an organiser from whom no conflict hides anything."""
    release: Release | None = current_release(rule)
    if release is None or not release.by_ceremony:
        raise Http404
    if barred_from_results(request.user, rule.season):
        raise Http404
    return release


def acts(release: Release) -> list[dict[str, Any]]:
    """The nominations in their order: finalists that are public, who wins, how names are said."""
    program = program_of(release)
    as_submitted(decision.entry for _one, decisions in program for decision in decisions)
    there = dict(release.reveals.values_list("nomination", "revealed_at"))
    published_before = set(release.results.values_list("nomination", flat=True))
    ceremony = Ceremony.objects.filter(release=release).first()
    notes = ceremony.notes if ceremony else {}
    finalists: dict[int, list[PublishedResult]] = {}
    rows = PublishedResult.objects.filter(season=release.rule.season, kind=OutcomeKind.FINALIST)
    for row in sorted(rows.exclude(release=release), key=by_name):
        finalists.setdefault(row.nomination_id, []).append(row)
    return [
        {
            "nomination": nomination,
            "finalists": finalists.get(nomination.pk, []),
            "winners": [
                {"entry": one.entry, "note": notes.get(one.entry.number, "")} for one in decisions
            ],
            "revealed_at": there.get(nomination.pk),
            "revealed": nomination.pk in published_before,
            "on_screen": ceremony is not None and ceremony.nomination_id == nomination.pk,
        }
        for nomination, decisions in program
    ]


def next_step(found: list[dict[str, Any]]) -> tuple[str, str]:
    """What the next key does, and its words."""
    shown = next((one for one in found if one["on_screen"]), None)
    if shown is not None and not shown["revealed"]:
        number = shown["nomination"].number
        return f"reveal:{number}", _("Reveal: %(nomination)s") % {"nomination": shown["nomination"]}
    waiting = [one["nomination"] for one in found if not one["revealed"]]
    after = [
        one for one in waiting if shown is None or one.number > shown["nomination"].number
    ] or waiting
    if after:
        return f"show:{after[0].number}", _("Show: %(nomination)s") % {"nomination": after[0]}
    return "end", _("End the ceremony")


def state_of(release: Release) -> dict[str, Any]:
    """What the host sees, and what a key does."""
    found = acts(release)
    step, label = next_step(found)
    return {
        "acts": found,
        "step": step,
        "label": label,
        "begun": timezone.now() >= moment_of(release),
        "begins_at": moment_of(release),
        "over": release.released_at is not None,
        "left": sum(not one["revealed"] for one in found),
    }


@policy(STAFF)
@never_cache
@require_safe
def host(request: UserRequest, pk: int) -> HttpResponse:
    """What is on the screen, what comes next, and one big button."""
    rule = rule_for(request, pk)
    release = release_for(request, rule)
    return page(
        request, "ceremony", rule, _("Host the ceremony"), release=release, **state_of(release)
    )


@policy(STAFF)
@require_POST
def act(request: UserRequest, pk: int) -> HttpResponse:
    """One step: show or reveal the nomination that was named, or end; a repeat changes nothing."""
    rule = rule_for(request, pk)
    release = release_for(request, rule)
    verb, _colon, number = request.POST.get("step", "").partition(":")
    error = ""
    try:
        if verb == "end":
            release = end_ceremony(release, by=request.user)
        elif verb == "title":
            show_nomination(release, None, by=request.user)
        elif verb in {"show", "reveal"}:
            nomination = Nomination.objects.filter(
                season=rule.season_id, number=number if number.isdecimal() else 0
            ).first()
            if nomination is None:
                raise Http404
            (reveal if verb == "reveal" else show_nomination)(release, nomination, by=request.user)
    except DomainError as refused:
        error = str(refused)
    if "application/json" in request.headers.get("Accept", ""):
        state = state_of(release)
        return JsonResponse({"next": "" if state["over"] else state["step"], "error": error})
    if error:
        messages.error(request, error)
    if verb == "end" and not error:
        messages.success(request, _("The ceremony is over, and everything is published."))
        return to_console(rule)
    return redirect("admin:results_outcomerule_ceremony", rule.pk)


@policy(STAFF)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def script(request: UserRequest, pk: int) -> HttpResponse:
    """What the host says, to print; and the notes on how names are said."""
    rule = rule_for(request, pk)
    release = release_for(request, rule)
    if request.method == "POST":
        notes = {
            key.removeprefix("note-"): str(value)
            for key, value in request.POST.items()
            if key.startswith("note-")
        }
        try:
            keep_notes(release, notes, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The notes are kept."))
        return redirect("admin:results_outcomerule_ceremony_script", rule.pk)
    return page(
        request,
        "ceremony_script",
        rule,
        _("Script of the host"),
        release=release,
        **state_of(release),
    )


@policy(STAFF)
@never_cache
@require_safe
def screen(request: UserRequest, pk: int) -> HttpResponse:
    """The big screen, driven by its own keys or a clicker: space and arrows."""
    rule = rule_for(request, pk)
    release = release_for(request, rule)
    state = state_of(release)
    with override(rule.season.language):
        return render(
            request,
            "results/ceremony_screen.html",
            {
                "season": rule.season,
                "shown": on_screen(rule.season),
                "act_pk": rule.pk,
                "next": "" if state["over"] else state["step"],
            },
        )


more_views += [
    ("<int:pk>/ceremony/", host, "ceremony"),
    ("<int:pk>/ceremony/act/", act, "ceremony_act"),
    ("<int:pk>/ceremony/script/", script, "ceremony_script"),
    ("<int:pk>/ceremony/screen/", screen, "ceremony_screen"),
]
