"""Mails about site visits: to the applicant's people, the team and the organisers."""

import hashlib
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from common.localized import Localized
from common.moments import in_both_zones
from judging.barriers import is_barred
from judging.models import SiteVisit, VisitMember, VisitRules
from judging.permissions import has_agreed
from judging.services.mails import link, organisers_for, round_values
from outbox.services import post


def fingerprint(*said: object) -> str:
    """The same words make one mail."""
    return hashlib.sha256("|".join(map(str, said)).encode()).hexdigest()[:16]


def values_for(visit: SiteVisit, person: User) -> dict[str, Any]:
    """When and where, in the person's language and zone."""
    zone = visit.round.season.time_zone
    with translation.override(person.language):
        return {
            **round_values(visit.round, person),
            "number": visit.entry.number,
            "nomination": str(Localized(visit.entry.nomination.name)),
            "starts_at": in_both_zones(visit.starts_at, zone, person.time_zone),
            "ends_at": in_both_zones(visit.ends_at, zone, person.time_zone, until=True),
            "place": visit.place,
        }


def names_shown(visit: SiteVisit) -> list[str]:
    """The team as the applicant may know it."""
    if not VisitRules.objects.filter(round=visit.round_id, names_shown=True).exists():
        return []
    rows = visit.members.select_related("judge__user")
    return [one.judge.user.full_name for one in rows]


def tell_applicant(visit: SiteVisit) -> None:
    """Mail the entry's people once for each time, place, note and team they were given."""
    if visit.starts_at <= timezone.now():
        return
    team = names_shown(visit)
    said = fingerprint(visit.starts_at, visit.ends_at, visit.place, visit.note, *team)
    for person in visit.entry.contacts():
        post(
            "visit-applicant",
            effect_key=f"visit:{visit.pk}:{person.pk}:{said}",
            to=person,
            context={
                **values_for(visit, person),
                "note": visit.note,
                "team": ", ".join(team),
                "url": link(reverse("judging:entry_visit", args=[visit.entry_id])),
                "calendar": link(reverse("nominations:entry_calendar", args=[visit.entry_id])),
            },
            about=f"judging.sitevisit:{visit.pk}",
        )


def tell_team(visit: SiteVisit) -> None:
    """Mail each judge of the team once for each time, place and leader."""
    if visit.starts_at <= timezone.now():
        return
    team = list(visit.members.select_related("judge__user"))
    leader = next((one.judge.user.full_name for one in team if one.leads), "")
    said = fingerprint(visit.starts_at, visit.ends_at, visit.place, leader)
    for one in team:
        post(
            "visit-judge",
            effect_key=f"visit-judge:{visit.pk}:{one.pk}:{said}",
            to=one.judge.user,
            context={
                **values_for(visit, one.judge.user),
                # Nothing of an entry is told to whoever has not accepted the agreement.
                "agreed": has_agreed(one.judge.user, visit.round.season),
                "leads": one.leads,
                "leader": leader,
                "url": link(reverse("judging:visit", args=[visit.pk])),
                "calendar": link(reverse("judging:visit_calendar", args=[visit.pk])),
            },
            about=f"judging.sitevisit:{visit.pk}",
        )


def tell_cancelled(visit: SiteVisit, team: list[VisitMember], *, withdrawn: bool) -> None:
    """Mail whoever knew of the visit; an applicant who withdrew knows."""
    people = [] if withdrawn else list(visit.entry.contacts())
    # A judge who has come into a conflict hears nothing more of the entry.
    people += [one.judge.user for one in team if not is_barred(one.judge.user, visit.entry)]
    for person in people:
        post(
            "visit-cancelled",
            effect_key=f"visit-cancelled:{visit.pk}:{person.pk}",
            to=person,
            context={**values_for(visit, person), "reason": visit.cancel_reason},
            about=f"judging.sitevisit:{visit.pk}",
        )


def tell_leaving(visit: SiteVisit, member: VisitMember, *, stamp: str) -> None:
    """Mail a judge who goes no longer."""
    post(
        "visit-left",
        effect_key=f"visit-left:{visit.pk}:{member.judge_id}:{stamp}",
        to=member.judge.user,
        context=values_for(visit, member.judge.user),
        about=f"judging.sitevisit:{visit.pk}",
    )


def tell_organisers(visit: SiteVisit) -> None:
    """The applicant asks for another time; conflicted organisers hear nothing."""
    for organiser in organisers_for(visit.round.season, visit.entry):
        post(
            "visit-move-asked",
            effect_key=f"visit-move:{visit.pk}:{organiser.pk}:{visit.move_asked_at}",
            to=organiser,
            context={
                **values_for(visit, organiser),
                "reason": visit.move_reason,
                "url": link(reverse("admin:judging_sitevisit_change", args=[visit.pk])),
            },
            about=f"judging.sitevisit:{visit.pk}",
        )
