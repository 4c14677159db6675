"""The live defence: who goes on to it, and when each presents."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.localized import Localized
from common.moments import in_both_zones
from judging.models import Advancement, DefenceSlot, Round
from judging.permissions import check_may_organise
from judging.services.mails import link, round_values
from nominations.models import Entry
from nominations.services.letters import post_to_editors


@transaction.atomic
def advance(round: Round, entries: Iterable[Entry], *, by: User | None) -> list[Advancement]:  # noqa: A002
    """Let entries of its nominations go on into a round; those there already stay as they are."""
    made = []
    named = set(round.nominations.values_list("pk", flat=True))
    for entry in entries:
        if named and entry.nomination_id not in named:
            continue
        if entry.season.pk != round.season_id:
            raise DomainError(_("The entry is of another season."))
        row, created = Advancement.objects.get_or_create(round=round, entry=entry)
        if created:
            made.append(row)
    if made:
        record(
            "entries.advanced",
            by=by,
            about=round,
            season=round.season.slug,
            data={"entries": sorted(row.entry.number for row in made)},
        )
    return made


@transaction.atomic
def plan_defence(
    round: Round,  # noqa: A002
    entry: Entry,
    *,
    by: User,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    video_link: str = "",
) -> DefenceSlot:
    """Give a finalist a time before the jury, or move it; its people get a mail of each change."""
    rounds = Round.objects.select_for_update(of=("self",)).select_related("season", "stage")
    held = rounds.get(pk=round.pk)
    check_may_organise(by, held.season, entry)
    check_slot(held, entry, starts_at=starts_at, minutes=minutes)
    slot, created = DefenceSlot.objects.update_or_create(
        round=held,
        entry=entry,
        defaults={
            "starts_at": starts_at,
            "minutes": minutes,
            "place": place,
            "video_link": video_link,
        },
    )
    record(
        "defence.planned" if created else "defence.moved",
        by=by,
        about=slot,
        season=held.season.slug,
        data={"entry": entry.number, "starts_at": starts_at, "minutes": minutes, "place": place},
    )
    tell_nominee(held, slot)
    return slot


def check_slot(round_: Round, entry: Entry, *, starts_at: datetime, minutes: int) -> None:
    """Refuse a slot for a non-finalist, outside the stage, or on top of another."""
    if minutes < 1:
        raise DomainError(_("A defence lasts at least one minute."), field="minutes")
    if not round_.entries().filter(pk=entry.pk).exists():
        raise DomainError(_("The round does not judge this entry."), field="entry")
    stage, ends_at = round_.stage, starts_at + timedelta(minutes=minutes)
    if not stage.opens_at <= starts_at or ends_at > stage.closes_for():
        zone = round_.season.time_zone
        raise DomainError(
            _("The defence must lie within its stage, from %(opens)s to %(closes)s.")
            % {
                "opens": in_both_zones(stage.opens_at, zone),
                "closes": in_both_zones(stage.closes_for(), zone, until=True),
            },
            field="starts_at",
        )
    others = DefenceSlot.objects.filter(round=round_, starts_at__lt=ends_at).exclude(entry=entry)
    for other in others.select_related("entry"):
        if other.starts_at + timedelta(minutes=other.minutes) > starts_at:
            raise DomainError(
                _("Entry %(number)s presents at that time.") % {"number": other.entry.number},
                field="starts_at",
            )


def tell_nominee(round_: Round, slot: DefenceSlot) -> None:
    """Mail the entry's people once for each time, place and link they were given."""
    if slot.starts_at <= timezone.now():
        return
    what = f"{slot.starts_at.isoformat()}|{slot.minutes}|{slot.place}|{slot.video_link}"
    fingerprint = hashlib.sha256(what.encode()).hexdigest()[:16]
    entry = slot.entry

    def said_to(person: User) -> dict[str, Any]:
        zone = round_.season.time_zone
        return {
            **round_values(round_, person),
            "number": entry.number,
            "nomination": str(Localized(entry.nomination.name)),
            "starts_at": in_both_zones(slot.starts_at, zone, person.time_zone),
            "minutes": slot.minutes,
            "place": slot.place,
            "video_link": slot.video_link,
            "url": link(reverse("nominations:entry", args=[entry.pk])),
        }

    post_to_editors("defence-slot", entry, f"defence-slot:{slot.pk}:{fingerprint}", said_to)
