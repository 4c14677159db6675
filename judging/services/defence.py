"""The live defence: who goes on to it, and when each presents."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import ConflictError, DomainError
from common.moments import in_both_zones
from judging.models import Advancement, DefencePhase, DefenceSlot, Entrants, Round
from judging.permissions import check_may_organise
from judging.services.slot_mails import tell_jury, tell_nominee, tell_off_plan
from nominations.models import Entry

ANY_VERSION, NO_SLOT = -1, 0


class SlotConflict(ConflictError):  # noqa: N818 - the name says what happened
    """Another organiser changed the time meanwhile; `stored` is what stands there now, if anything."""

    def __init__(self, stored: DefenceSlot | None) -> None:
        super().__init__(
            _(
                "Somebody else changed this time meanwhile. See what stands there now, and try again."
            )
        )
        self.stored = stored


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


def locked_plan(round_: Round) -> Round:
    """Take every defence of the season for this transaction: they share rooms and people."""
    rounds = Round.objects.select_for_update(of=("self",)).filter(
        Q(pk=round_.pk) | Q(entrants=Entrants.FINALISTS), season=round_.season_id
    )
    held = {one.pk: one for one in rounds.select_related("season", "stage").order_by("pk")}
    return held[round_.pk]


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
    version: int = ANY_VERSION,
) -> DefenceSlot:
    """Give a finalist a time before the jury, or move it; its people and the jury are told of changes.

    `version` is that of the slot somebody looked at, or NO_SLOT; when another stands there, it is refused.
    """
    held = locked_plan(round)
    check_may_organise(by, held.season, entry)
    stored = DefenceSlot.objects.filter(round=held, entry=entry).first()
    if version not in {ANY_VERSION, stored.version if stored else NO_SLOT}:
        raise SlotConflict(stored)
    check_slot(held, entry, by=by, starts_at=starts_at, minutes=minutes, place=place)
    slot = put_slot(
        held,
        entry,
        stored,
        by=by,
        starts_at=starts_at,
        minutes=minutes,
        place=place.strip(),
        video_link=video_link,
    )
    if slot is not stored:
        tell_jury(held)
    return slot


def put_slot(
    round_: Round,
    entry: Entry,
    stored: DefenceSlot | None,
    *,
    by: User,
    starts_at: datetime,
    minutes: int,
    place: str,
    video_link: str,
) -> DefenceSlot:
    """Store a time that was checked; the plan of the season is held. The same one is left as it is."""
    slot = DefenceSlot(
        pk=stored.pk if stored else None,
        version=stored.version + 1 if stored else 1,
        round=round_,
        entry=entry,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        video_link=video_link,
    )
    names = ("starts_at", "minutes", "place", "video_link")
    if stored and all(getattr(stored, name) == getattr(slot, name) for name in names):
        return stored
    if stored:
        slot.save(update_fields=[*names, "version"])
    else:
        slot.save()
    record(
        "defence.moved" if stored else "defence.planned",
        by=by,
        about=slot,
        season=round_.season.slug,
        data={"entry": entry.number, "starts_at": starts_at, "minutes": minutes, "place": place},
    )
    tell_nominee(slot)
    return slot


@transaction.atomic
def take_off_plan(
    round: Round,  # noqa: A002
    entry: Entry,
    *,
    by: User,
    version: int = ANY_VERSION,
) -> None:
    """Leave a finalist without a time; whoever knew of one is told. Again changes nothing."""
    held = locked_plan(round)
    check_may_organise(by, held.season, entry)
    slots = DefenceSlot.objects.select_related("round__season", "round__stage", "entry__nomination")
    slot = slots.filter(round=held, entry=entry).first()
    if slot is None:
        return
    if version not in {ANY_VERSION, slot.version}:
        raise SlotConflict(slot)
    if slot.phase != DefencePhase.WAITING:
        raise DomainError(_("This defence has begun; its time stays as it is."), field="starts_at")
    record(
        "defence.unplanned",
        by=by,
        about=slot,
        season=held.season.slug,
        data={
            "entry": entry.number,
            "starts_at": slot.starts_at,
            "minutes": slot.minutes,
            "place": slot.place,
        },
    )
    tell_off_plan(slot)
    slot.delete()
    tell_jury(held, taken_off=True)


def check_slot(
    round_: Round, entry: Entry, *, by: User, starts_at: datetime, minutes: int, place: str = ""
) -> None:
    """Refuse a slot that has begun, for a non-finalist, outside the stage, or on top of another."""
    if minutes < 1:
        raise DomainError(_("A defence lasts at least one minute."), field="minutes")
    if not round_.entries().filter(pk=entry.pk).exists():
        raise DomainError(_("The round does not judge this entry."), field="entry")
    begun = DefenceSlot.objects.filter(round=round_, entry=entry)
    if begun.exclude(phase=DefencePhase.WAITING).exists():
        raise DomainError(_("This defence has begun; its time stays as it is."), field="starts_at")
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
    own = DefenceSlot.objects.filter(round=round_, entry=entry).values("pk")
    others = in_the_room(round_, place.strip()).filter(starts_at__lt=ends_at)
    for other in others.exclude(pk__in=own).select_related("entry"):
        if other.ends_at > starts_at:
            raise DomainError(room_taken(other, by), field="starts_at")


def in_the_room(round_: Round, place: str) -> QuerySet[DefenceSlot]:
    """Times in one room, of any round of the season; without a name it is the round's own."""
    slots = DefenceSlot.objects.of_competitors().filter(place=place)
    return slots.filter(round__season=round_.season_id) if place else slots.filter(round=round_)


def room_taken(other: DefenceSlot, by: User) -> str:
    """Who presents there then, as far as the organiser may know it."""
    if Entry.objects.organised_by(by).filter(pk=other.entry_id).exists():
        return _("Entry %(number)s presents at that time.") % {"number": other.entry.number}
    return _("Another entry presents at that time.")
