"""Planning the day of a defence: times for everybody at once, and when judges are away."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.models import DefenceSlot, Judge, JudgeAbsence, Round
from judging.permissions import check_may_organise
from judging.planning import Hearing, Span, hearing_of, overlap, planned, span_of
from judging.services.defence import check_slot, locked_plan, put_slot
from judging.services.slot_mails import tell_jury
from nominations.models import Entry
from seasons.models import Season

MOST_POSITIONS = 2_000


@dataclass(frozen=True)
class Wanted:
    """Times to give out: from when until when, how long, with which pause, in which rooms."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    pause: int
    rooms: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Generated:
    """How many entries got a time, and for how many there was none."""

    planned: int
    left: int


class Busy:
    """What rooms, applicants and judges have already."""

    def __init__(self, slots: list[DefenceSlot], hearing: Hearing) -> None:
        self.hearing = hearing
        self.rooms: dict[tuple[int, str], list[Span]] = defaultdict(list)
        self.applicants: dict[int, list[Span]] = defaultdict(list)
        self.judges: dict[int, list[Span]] = defaultdict(list)
        for slot in slots:
            self.take(slot)

    def take(self, slot: DefenceSlot) -> None:
        """Count one more."""
        span = span_of(slot)
        # A room has one name in the whole season; without a name it is the round's own.
        self.rooms[0 if slot.place else slot.round_id, slot.place].append(span)
        self.applicants[slot.entry.organisation_id].append(span)
        for user in self.hearing.of(slot.round_id, slot.entry_id):
            self.judges[user].append(span)

    def has_room(self, round_: Round, place: str, span: Span) -> bool:
        """Whether nobody presents there."""
        taken = self.rooms[0 if place else round_.pk, place]
        return not any(overlap(one, span) for one in taken)

    def cost(self, round_: Round, entry: Entry, span: Span) -> int | None:
        """How many judges could not be there; None when the applicant presents elsewhere."""
        if any(overlap(one, span) for one in self.applicants[entry.organisation_id]):
            return None
        return sum(
            self.hearing.is_away(user, span) or any(overlap(one, span) for one in self.judges[user])
            for user in self.hearing.of(round_.pk, entry.pk)
        )


def positions(wanted: Wanted) -> list[datetime]:
    """The beginnings that fit in."""
    if wanted.minutes < 1:
        raise DomainError(_("A defence lasts at least one minute."), field="minutes")
    if wanted.ends_at - wanted.starts_at < timedelta(minutes=wanted.minutes):
        raise DomainError(_("Not even one defence fits between these times."), field="until")
    found, at = [], wanted.starts_at
    while at + timedelta(minutes=wanted.minutes) <= wanted.ends_at:
        found.append(at)
        at += timedelta(minutes=wanted.minutes + wanted.pause)
        if len(found) > MOST_POSITIONS:
            raise DomainError(_("These are more times than a day has."), field="until")
    return found


@transaction.atomic
def generate_slots(round: Round, wanted: Wanted, *, by: User) -> Generated:  # noqa: A002
    """Give times to the entries that have none, by number; each where the fewest judges are missing.

    An applicant is never in two rooms at once. Entries closed to the organiser are left to another one.
    """
    held = locked_plan(round)
    check_may_organise(by, held.season)
    with_time = DefenceSlot.objects.filter(round=held).values("entry")
    entries = Entry.objects.organised_by(by).filter(pk__in=held.entries().values("pk"))
    waiting = list(
        entries.exclude(pk__in=with_time)
        .select_related("nomination", "organisation")
        .order_by("nomination__number", "number")
    )
    busy = Busy(planned(held.season), hearing_of(held.season))
    made = 0
    for starts_at in positions(wanted):
        span = starts_at, starts_at + timedelta(minutes=wanted.minutes)
        for place in wanted.rooms:
            if not waiting or not busy.has_room(held, place, span):
                continue
            costs = [(busy.cost(held, one, span), at) for at, one in enumerate(waiting)]
            possible = [(cost, at) for cost, at in costs if cost is not None]
            if not possible:
                continue
            entry = waiting.pop(min(possible)[1])
            check_slot(held, entry, by=by, starts_at=starts_at, minutes=wanted.minutes, place=place)
            slot = put_slot(
                held,
                entry,
                None,
                by=by,
                starts_at=starts_at,
                minutes=wanted.minutes,
                place=place,
                video_link="",
            )
            busy.take(slot)
            made += 1
    if made:
        tell_jury(held)
    return Generated(made, len(waiting))


@transaction.atomic
def add_absence(judge: Judge, *, by: User, starts_at: datetime, ends_at: datetime) -> JudgeAbsence:
    """Note when a judge of the season cannot be there."""
    season: Season = judge.jury.season
    check_may_organise(by, season)
    if judge.removed_at is not None:
        raise DomainError(_("This person is not on a jury of the round."), field="judge")
    if ends_at <= starts_at:
        raise DomainError(_("An absence ends after it starts."), field="ends_at")
    absence, created = JudgeAbsence.objects.get_or_create(
        judge=judge, starts_at=starts_at, ends_at=ends_at
    )
    if created:
        record(
            "judge.away",
            by=by,
            about=judge,
            season=season.slug,
            data={"starts_at": starts_at, "ends_at": ends_at},
        )
    return absence


@transaction.atomic
def remove_absence(absence: JudgeAbsence, *, by: User) -> None:
    """The judge is there after all."""
    judge = absence.judge
    check_may_organise(by, judge.jury.season)
    if JudgeAbsence.objects.filter(pk=absence.pk).delete()[0]:
        record(
            "judge.back",
            by=by,
            about=judge,
            season=judge.jury.season.slug,
            data={"starts_at": absence.starts_at, "ends_at": absence.ends_at},
        )
