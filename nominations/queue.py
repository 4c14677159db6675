"""The queue of vetting: which entries of a season wait for whom, and what is left to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from accounts.models import User
from nominations.clock import entry_window
from nominations.models import (
    Check,
    CheckItem,
    Entry,
    EntryStatus,
    Nomination,
    Revision,
    Verdict,
)
from nominations.models.entries import counted
from seasons.models import Season, Stage

STATES = {
    "waiting": EntryStatus.SUBMITTED,
    "returned": EntryStatus.RETURNED,
    "admitted": EntryStatus.ADMITTED,
    "disqualified": EntryStatus.DISQUALIFIED,
}
ORDER = [
    EntryStatus.SUBMITTED,
    EntryStatus.RETURNED,
    EntryStatus.ADMITTED,
    EntryStatus.DISQUALIFIED,
]


def seasons_vetted_by(user: User | AnonymousUser) -> QuerySet[Season]:
    """Seasons whose entries the person vets, as an organiser or in the team."""
    if not isinstance(user, User):
        return Season.objects.none()
    organised = Season.objects.organised_by(user).values("pk")
    seats = user.vetting_seats.values("season")
    return Season.objects.filter(Q(pk__in=organised) | Q(pk__in=seats))


def in_queue(user: User, season: Season) -> QuerySet[Any]:
    """Submitted entries of a season that the person may vet: those that wait first, oldest first."""
    found = Check.objects.filter(revision__entry=OuterRef("pk")).exclude(
        # Only what was found in the latest revision counts.
        Exists(
            Revision.objects.filter(
                entry=OuterRef("revision__entry"), number__gt=OuterRef("revision__number")
            )
        )
    )
    items = CheckItem.objects.filter(nomination=OuterRef("nomination"))
    rank = Case(
        *[When(status=status, then=Value(place)) for place, status in enumerate(ORDER)],
        output_field=IntegerField(),
    )
    rows: Any = Entry.objects.filter(
        pk__in=Entry.objects.vetted_by(user).values("pk"),
        nomination__season=season,
        status__in=ORDER,
    ).with_progress()
    ordered: QuerySet[Any] = rows.annotate(
        lines=counted(items, "nomination"),
        checked=counted(found, "revision__entry"),
        doubted=counted(found.exclude(verdict=Verdict.OK), "revision__entry"),
        rank=rank,
    ).order_by("rank", "submitted_at", "pk")
    return ordered


@dataclass(frozen=True)
class Filters:
    """What a vetter wants to see."""

    state: str = ""
    nomination: int | None = None
    mine: bool = False

    def applied(self, rows: QuerySet[Any], user: User) -> QuerySet[Any]:
        """The rows that are wanted."""
        if self.state:
            rows = rows.filter(status=STATES[self.state])
        if self.nomination is not None:
            rows = rows.filter(nomination__number=self.nomination)
        if self.mine:
            rows = rows.filter(
                Exists(Check.objects.filter(revision__entry=OuterRef("pk"), by=user))
            )
        return rows


def read_filters(wanted: Any) -> Filters:
    """Filters from an address; what is unknown is left out."""
    state, number = wanted.get("state", ""), wanted.get("nomination", "")
    return Filters(
        state=state if state in STATES else "",
        nomination=int(number) if number.isdecimal() and len(number) < 6 else None,
        mine=wanted.get("mine") == "1",
    )


@dataclass(frozen=True)
class Left:
    """What is left to do in one nomination."""

    nomination: Nomination
    waiting: int
    returned: int
    done: int

    @property
    def total(self) -> int:
        """All its submitted entries."""
        return self.waiting + self.returned + self.done


def left_to_do(user: User, season: Season) -> list[Left]:
    """Each nomination that has submitted entries, with how many wait; in two queries."""
    entries = Entry.objects.filter(
        pk__in=Entry.objects.vetted_by(user).values("pk"),
        nomination__season=season,
        status__in=ORDER,
    )
    counts: Any = (
        entries.order_by()
        .values("nomination")
        .annotate(
            waiting=Count("pk", filter=Q(status=EntryStatus.SUBMITTED)),
            returned=Count("pk", filter=Q(status=EntryStatus.RETURNED)),
            done=Count("pk", filter=Q(status__in=[EntryStatus.ADMITTED, EntryStatus.DISQUALIFIED])),
        )
    )
    numbers: dict[int, dict[str, int]] = {row.pop("nomination"): row for row in counts}
    nominations = Nomination.objects.filter(pk__in=numbers).order_by("number")
    return [Left(nomination, **numbers[nomination.pk]) for nomination in nominations]


def next_waiting(user: User, entry: Entry) -> Entry | None:
    """The entry to check after this one: of the same nomination first, the oldest first."""
    waiting = in_queue(user, entry.season).filter(status=EntryStatus.SUBMITTED)
    others = waiting.exclude(pk=entry.pk)
    return others.filter(nomination=entry.nomination_id).first() or others.first()


def waiting_by_season(user: User) -> dict[int, int]:
    """How many entries wait for vetting in each season, as far as the person may see them."""
    rows = (
        Entry.objects.filter(
            pk__in=Entry.objects.vetted_by(user).values("pk"), status=EntryStatus.SUBMITTED
        )
        .order_by()
        .values("nomination__season")
        .annotate(waiting=Count("pk"))
    )
    return {row["nomination__season"]: row["waiting"] for row in rows}


def with_deadlines(
    rows: Iterable[Any], season: Season, stage: Stage | None
) -> list[dict[str, Any]]:
    """Rows for the page, the returned ones with their deadline and whether it is over."""
    shown = []
    for entry in rows:
        row: dict[str, Any] = {"entry": entry, "deadline": None, "overdue": False}
        if entry.status == EntryStatus.RETURNED:
            window = entry_window(season, entry.organisation, stage, entry)
            row |= {"deadline": window.closes_at, "overdue": not window.is_open}
        shown.append(row)
    return shown
