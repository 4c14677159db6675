"""Planning the defences of a season: who hears whom, and where people would have to be in two places."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from judging.barriers import barred_entries
from judging.models import Assignment, DefenceSlot, Entrants, Judge, JudgeAbsence, Round
from nominations.barriers import barred
from nominations.content import as_submitted
from nominations.models import Entry
from seasons.models import Season

Span = tuple[datetime, datetime]


def heard_by(user: User, round_: Round) -> list[DefenceSlot]:
    """What a judge hears: the entries assigned to them; all of them while nothing is assigned."""
    slots = DefenceSlot.objects.filter(round=round_).of_competitors().open_to(user)
    rows = Assignment.objects.active().filter(round=round_)
    if rows.exists():
        slots = slots.filter(entry__in=rows.filter(judge__user=user).values("entry"))
    return list(slots.select_related("round__season").order_by("starts_at", "pk"))


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans of time share a moment."""
    return one[0] < other[1] and other[0] < one[1]


def span_of(slot: DefenceSlot) -> Span:
    """From when until when somebody presents."""
    return slot.starts_at, slot.ends_at


@dataclass
class Hearing:
    """Who hears the defences of a season, when they are away, and what is closed to whom."""

    people: dict[int, User] = field(default_factory=dict)
    by_entry: dict[tuple[int, int], set[int]] = field(default_factory=lambda: defaultdict(set))
    by_round: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    assigned: set[int] = field(default_factory=set)
    """The rounds in which somebody is assigned."""
    away: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def of(self, round_id: int, entry_id: int) -> set[int]:
        """The judges of one defence."""
        if round_id in self.assigned:
            return self.by_entry[round_id, entry_id]
        return self.by_round[round_id]

    def is_away(self, user_id: int, span: Span) -> bool:
        """Whether a judge said that they are not there."""
        return any(overlap(one, span) for one in self.away[user_id])


def hearing_of(season: Season) -> Hearing:
    """Collect it in three queries."""
    found = Hearing()
    seats = Judge.objects.active().filter(
        jury__rounds__season=season, jury__rounds__entrants=Entrants.FINALISTS
    )
    for user, name, email, round_ in seats.values_list(
        "user", "user__full_name", "user__email", "jury__rounds"
    ):
        found.people[user] = User(pk=user, full_name=name, email=email)
        found.by_round[round_].add(user)
    rows = Assignment.objects.active().filter(
        round__season=season, round__entrants=Entrants.FINALISTS
    )
    for round_, entry, user in rows.values_list("round", "entry", "judge__user"):
        found.assigned.add(round_)
        found.by_entry[round_, entry].add(user)
    absences = JudgeAbsence.objects.filter(judge__jury__season=season, judge__removed_at=None)
    for user, starts_at, ends_at in absences.values_list("judge__user", "starts_at", "ends_at"):
        found.away[user].append((starts_at, ends_at))
    return found


def planned(season: Season) -> list[DefenceSlot]:
    """Every time of the season's defences, in order."""
    slots = DefenceSlot.objects.filter(round__season=season).of_competitors()
    rows = list(
        slots.select_related("round", "entry__organisation", "entry__nomination").order_by(
            "starts_at", "pk"
        )
    )
    as_submitted(one.entry for one in rows)
    return rows


@dataclass(frozen=True)
class Clash:
    """Something the plan asks of people that they cannot do."""

    kind: str
    slot: DefenceSlot
    text: str


def clashes_of(
    slots: list[DefenceSlot], hearing: Hearing, hidden: set[int], only: int
) -> list[Clash]:
    """What is wrong with the times of one round; entries in `hidden` are not named."""
    clashes = []
    mine = [slot for slot in slots if slot.round_id == only and slot.entry_id not in hidden]
    entries = {slot.entry_id: slot.entry for slot in mine}
    closed = barred_entries(hearing.people.values(), entries.values()) if mine else {}
    for slot in mine:
        judges = hearing.of(slot.round_id, slot.entry_id)
        together = [one for one in slots if one != slot and overlap(span_of(one), span_of(slot))]
        for user in sorted(judges, key=lambda pk: hearing.people[pk].full_name):
            name = hearing.people[user].full_name
            if slot.entry_id in closed.get(user, ()):
                clashes.append(
                    Clash("interest", slot, _("%(name)s: conflict of interest") % {"name": name})
                )
                continue
            if hearing.is_away(user, span_of(slot)):
                clashes.append(Clash("away", slot, _("%(name)s is away") % {"name": name}))
            clashes += [
                Clash(
                    "judge",
                    slot,
                    _("%(name)s also hears %(other)s then")
                    % {"name": name, "other": name_of(one, hidden)},
                )
                for one in together
                if user in hearing.of(one.round_id, one.entry_id)
            ]
        clashes += [
            Clash(
                "entrant",
                slot,
                _("%(name)s also presents %(other)s then")
                % {"name": slot.entry.organisation, "other": name_of(one, hidden)},
            )
            for one in together
            if one.entry.organisation_id == slot.entry.organisation_id
        ]
    return clashes


def name_of(slot: DefenceSlot, hidden: set[int]) -> str:
    """The number of an entry, if the organiser may know it."""
    return _("another entry") if slot.entry_id in hidden else slot.entry.number


def hidden_from(user: User, slots: Iterable[DefenceSlot]) -> set[int]:
    """Entries that a conflict of interest closes to the organiser."""
    rows = Entry.objects.filter(barred(user), pk__in={one.entry_id for one in slots})
    return set(rows.values_list("pk", flat=True))
