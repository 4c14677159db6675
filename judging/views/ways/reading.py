"""What the pages of other ways share: the round as its judge may work in it, and what it asks."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from common.http import UserRequest
from judging.models import Assignment, Dimension, Round, Way
from judging.permissions import has_agreed


def own_round(request: UserRequest, pk: int) -> Round:
    """A round in which the judge has entries, and which is not judged by scorecards."""
    mine = Assignment.objects.of_judge(request.user).filter(round=pk)
    rounds = Round.objects.exclude(way=Way.SCORECARD).filter(pk__in=mine.values("round"))
    rows = rounds.select_related("stage", "season").prefetch_related("stage__extensions")
    return get_object_or_404(rows, pk=pk)


def to_agreement(request: UserRequest, round_: Round) -> HttpResponse | None:
    """Where the judge is sent first, if the agreement in force is not accepted."""
    if has_agreed(request.user, round_.season):
        return None
    agreement = reverse("judging:agreement", args=[round_.season.slug])
    back = reverse("judging:round_work", args=[round_.pk])
    return redirect(f"{agreement}?{urlencode({'next': back})}")


def agreed_round(request: UserRequest, pk: int) -> Round:
    """The same for what is sent: without the agreement there is nothing there."""
    round_ = own_round(request, pk)
    if not has_agreed(request.user, round_.season):
        raise Http404
    return round_


def sent_key(request: HttpRequest) -> UUID:
    """The key of the form that was sent."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def guidance(round_: Round) -> list[dict[str, Any]]:
    """What the rubric asks to look at; nobody marks it here."""
    dimensions = Dimension.objects.filter(rubric=round_.rubric_id).order_by("position", "pk")
    return [
        {
            "name": dimension.name,
            "criteria": sorted(dimension.criteria.all(), key=lambda one: (one.position, one.pk)),
        }
        for dimension in dimensions.prefetch_related("criteria")
    ]
