"""The running order of a live defence."""

from datetime import timedelta

from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.models import Assignment, DefenceSlot, Entrants, Round
from judging.permissions import has_agreed, is_judge_of
from nominations.barriers import barred
from nominations.content import as_submitted
from nominations.models import Entry, EntryStatus
from seasons.models import Season


@policy(SIGNED_IN)
@require_safe
def defence(request: UserRequest, slug: str) -> HttpResponse:
    """Who presents when, with the judge's own scorecard of each; entries in conflict are left out."""
    season = get_object_or_404(Season, slug=slug)
    rounds = Round.objects.filter(
        season=season,
        entrants=Entrants.FINALISTS,
        juries__judges__user=request.user,
        juries__judges__removed_at=None,
    )
    if not is_judge_of(request.user, season) or not rounds.exists():
        raise Http404
    if not has_agreed(request.user, season):
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('judging:agreement', args=[season.slug])}?{query}")
    hidden = Entry.objects.filter(barred(request.user)).values("pk")
    slots = list(
        DefenceSlot.objects.filter(
            round__in=rounds,
            entry__status=EntryStatus.ADMITTED,
            entry__advancements__round=F("round"),
        )
        .exclude(entry__in=hidden)
        .select_related("entry__organisation", "entry__nomination", "round__stage")
        .order_by("starts_at", "pk")
    )
    as_submitted(slot.entry for slot in slots)
    mine = {
        (one.round_id, one.entry_id): one
        for one in Assignment.objects.visible_to(request.user)
        .filter(round__in=rounds)
        .select_related("scorecard")
    }
    now = timezone.now()
    for slot in slots:
        ends_at = slot.starts_at + timedelta(minutes=slot.minutes)
        slot.ends_at = ends_at  # type: ignore[attr-defined]
        slot.state = (  # type: ignore[attr-defined]
            "past" if ends_at <= now else "now" if slot.starts_at <= now else "next"
        )
        slot.mine = mine.get((slot.round_id, slot.entry_id))  # type: ignore[attr-defined]
    return render(request, "judging/defence.html", {"season": season, "slots": slots})
