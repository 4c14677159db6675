"""The running order of a live defence, its clock, and the end of its scoring."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.http import CALENDAR, UserRequest, private_document
from common.policy import SIGNED_IN, policy
from judging.calendar import calendar_for
from judging.forms.live import ReopenForm
from judging.live import live_rounds, running_order
from judging.models import Closure, DefenceSlot, Entrants, Round
from judging.permissions import can_close, has_agreed, is_judge_of
from judging.services import close_scoring, missing_cards, reopen_scoring, turn_clock
from nominations.content import as_submitted
from nominations.models import Entry
from seasons.models import Season

NOTHING_NEW = 204


def season_or_404(request: UserRequest, slug: str) -> Season:
    """A season with a defence that is the person's to hear, to keep or to organise."""
    season = get_object_or_404(Season, slug=slug)
    if not live_rounds(request.user, season).exists():
        raise Http404
    return season


def agreement_first(request: UserRequest, season: Season) -> HttpResponse | None:
    """The way to the agreement for a judge who has not accepted it."""
    if not is_judge_of(request.user, season) or has_agreed(request.user, season):
        return None
    query = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('judging:agreement', args=[season.slug])}?{query}")


@policy(SIGNED_IN)
@never_cache
@require_safe
def defence(request: UserRequest, slug: str) -> HttpResponse:
    """Who presents now, next and later; a page that is open asks for its middle every two seconds."""
    season = season_or_404(request, slug)
    if answer := agreement_first(request, season):
        return answer
    order = running_order(request.user, season)
    context = {"season": season, "order": order}
    if request.GET.get("part") != "order":
        return render(request, "judging/defence.html", context)
    if request.headers.get("X-Seen") == order.version:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "judging/_order.html", context)


def slot_or_404(request: UserRequest, pk: int) -> DefenceSlot:
    """A slot that stands in the person's running order."""
    slots = DefenceSlot.objects.of_competitors().open_to(request.user)
    slot = get_object_or_404(
        slots.select_related("round__season", "round__stage", "entry__organisation"), pk=pk
    )
    rounds = live_rounds(request.user, slot.round.season).filter(pk=slot.round_id)
    season = slot.round.season
    closed = is_judge_of(request.user, season) and not has_agreed(request.user, season)
    if closed or not rounds.exists():
        raise Http404
    as_submitted([slot.entry])
    return slot


@policy(SIGNED_IN)
@never_cache
@require_safe
def clock(request: UserRequest, pk: int) -> HttpResponse:
    """The countdown of one presentation, as the scorecard shows it."""
    slot = slot_or_404(request, pk)
    order = running_order(request.user, slot.round.season, only=pk)
    if request.headers.get("X-Seen") == order.version:
        return HttpResponse(status=NOTHING_NEW)
    context = {"line": order.lines[0], "version": order.version}
    return render(request, "judging/_clock.html", context)


@policy(SIGNED_IN)
@require_POST
def clock_turn(request: UserRequest, pk: int) -> HttpResponse:
    """Start, pause, go on, ask, end."""
    slot = slot_or_404(request, pk)
    try:
        turn_clock(slot, request.POST.get("verb", ""), by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("judging:defence", slot.round.season.slug)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def close_entry(request: UserRequest, pk: int) -> HttpResponse:
    """The chair ends the scoring of one entry, or opens it again."""
    slot = slot_or_404(request, pk)
    return closing(request, slot.round, slot.entry)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def close_round(request: UserRequest, pk: int) -> HttpResponse:
    """The chair ends the scoring of the round, or opens it again."""
    rounds = Round.objects.filter(entrants=Entrants.FINALISTS).select_related("season", "stage")
    round_ = get_object_or_404(rounds, pk=pk)
    return closing(request, round_, None)


def closing(request: UserRequest, round_: Round, entry: Entry | None) -> HttpResponse:
    """What is missing, then the button; or the reason to open again."""
    if not can_close(request.user, round_, entry):
        raise Http404
    if not round_.stage.is_open():
        messages.info(request, _("The round is not open now: nobody gives marks in it anyway."))
        return redirect("judging:defence", round_.season.slug)
    closure = Closure.objects.filter(round=round_, entry=entry, reopened_at=None).first()
    form = ReopenForm(request.POST or None) if closure else None
    errors: list[str] = []
    if request.method == "POST":
        try:
            if closure is None:
                known = request.POST.get("knowing", "")
                knowing = int(known) if known.isdecimal() and len(known) < 6 else 0
                close_scoring(round_, entry, by=request.user, knowing=knowing)
                messages.success(request, _("The scoring is closed."))
                return redirect("judging:defence", round_.season.slug)
            if form is not None and form.is_valid():
                reopen_scoring(closure, by=request.user, reason=form.cleaned_data["reason"])
                messages.success(request, _("The scoring is open again."))
                return redirect("judging:defence", round_.season.slug)
        except DomainError as error:
            errors.append(str(error))
    missing = missing_cards(round_, entry)
    shown = set(
        DefenceSlot.objects.filter(round=round_)
        .open_to(request.user)
        .values_list("entry", flat=True)
    )
    named = [row for row in missing if row.entry_id in shown]
    as_submitted(row.entry for row in named)
    context: dict[str, Any] = {
        "season": round_.season,
        "round": round_,
        "entry": entry,
        "shown_name": entry and round_.name_of(entry),
        "closure": closure,
        "form": form,
        "errors": errors,
        "missing": named,
        "unnamed": len(missing) - len(named),
        "knowing": len(missing),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/defence_close.html", context, status=status)


@policy(SIGNED_IN)
@require_safe
def defence_calendar(request: UserRequest, slug: str) -> HttpResponse:
    """Defences as a calendar file, for the jury, secretaries and organisers."""
    season = season_or_404(request, slug)
    if answer := agreement_first(request, season):
        return answer
    return private_document(calendar_for(request.user, season), f"{season.slug}-jury.ics", CALENDAR)
