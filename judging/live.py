"""The day of the defence as a page shows it: who is on, who is next, how the clock stands."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from judging.models import (
    Assignment,
    AssignmentStatus,
    Closure,
    DefencePhase,
    DefenceRules,
    DefenceSlot,
    Entrants,
    Judge,
    Round,
    ScorecardStatus,
    Secretary,
)
from judging.paper import waiting_in
from nominations.content import as_submitted
from seasons.models import Season

PAST, NOW, NEXT = "past", "now", "next"


def seats_of(user: User, season: Season) -> QuerySet[Judge]:
    """The person's seats on the juries of a season."""
    return Judge.objects.active().filter(user=user, jury__season=season)


def live_rounds(user: User, season: Season) -> QuerySet[Round]:
    """Rounds with a defence that the person judges, keeps or organises."""
    rounds = Round.objects.filter(season=season, entrants=Entrants.FINALISTS)
    if not Season.objects.organised_by(user).filter(pk=season.pk).exists():
        seats = seats_of(user, season)
        named = Secretary.objects.filter(user=user)
        rounds = rounds.filter(Q(juries__in=seats.values("jury")) | Q(secretaries__in=named))
    return rounds.distinct()


def kept_rounds(user: User, season: Season, *, organises: bool) -> set[int]:
    """Rounds of the season whose secretary the person is: named, or as an organiser."""
    rounds = Round.objects.filter(season=season)
    if not organises:
        rounds = rounds.filter(secretaries__user=user)
    return set(rounds.values_list("pk", flat=True))


def chaired_rounds(user: User, season: Season) -> set[int]:
    """Rounds of the season that the person chairs."""
    seats = seats_of(user, season).filter(chair=True)
    rounds = Round.objects.filter(season=season, juries__in=seats.values("jury"))
    return set(rounds.values_list("pk", flat=True))


@dataclass
class Clock:
    """What a countdown shows: seconds left of the phase, and whether they run."""

    left: int
    running: bool
    phase: str

    @property
    def words(self) -> str:
        """Minutes and seconds, for pages without scripts."""
        minutes, seconds = divmod(abs(self.left), 60)
        return f"{'+' if self.left < 0 else ''}{minutes}:{seconds:02d}"


def clock_of(slot: DefenceSlot, rules: DefenceRules | None, at: datetime | None = None) -> Clock:
    """How much of the slot's phase is left by the server's time."""
    rules = rules or DefenceRules()
    presenting = min(rules.presentation_minutes, slot.minutes)
    asking = slot.minutes - presenting
    allowed = asking if slot.phase == DefencePhase.QUESTIONS else presenting
    left = 0 if slot.phase == DefencePhase.ENDED else allowed * 60 - slot.seconds_used(at)
    return Clock(left, slot.running_since is not None, slot.phase)


@dataclass
class Line:
    """One entry in the running order."""

    slot: DefenceSlot
    state: str
    clock: Clock
    mine: Assignment | None = None
    assigned: int = 0
    submitted: int = 0
    closed: bool = False
    keeps: bool = False
    runs: bool = False
    may_close: bool = False
    """Whether ending its scoring, or taking marks again, would change anything for the chair."""

    @property
    def key(self) -> tuple[Any, ...]:
        """What would make the page look different."""
        slot, card = self.slot, getattr(self.mine, "scorecard", None)
        return (
            slot.pk,
            self.state,
            slot.phase,
            slot.used_seconds,
            slot.running_since,
            slot.starts_at,
            slot.minutes,
            slot.place,
            slot.video_link,
            (self.mine.pk, card and card.status, card and card.total) if self.mine else None,
            (self.assigned, self.submitted) if self.runs else None,
            self.closed,
            self.runs,
            self.may_close,
        )


@dataclass
class Order:
    """The running order of a season for one person."""

    rounds: list[Round]
    lines: list[Line] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    chaired: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    closable: set[int] = field(default_factory=set)
    """Rounds the person chairs that take marks now, or would if their scoring were not closed."""
    organises: bool = False
    sheets: dict[int, int] = field(default_factory=dict)
    """How many sheets from paper wait, by round that the person keeps or chairs."""

    @property
    def now(self) -> list[Line]:
        return [line for line in self.lines if line.state == NOW]

    @property
    def next(self) -> Line | None:
        return next((line for line in self.lines if line.state == NEXT), None)

    @property
    def version(self) -> str:
        """Changes when the page would."""
        seen = repr([[line.key for line in self.lines], sorted(self.closed), self.closable])
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


def state_of(slot: DefenceSlot, at: datetime) -> str:
    """Over, going on, or to come: by the clock that was started, else by the plan."""
    if slot.phase == DefencePhase.ENDED:
        return PAST
    if slot.is_live:
        return NOW
    if slot.starts_at > at:
        return NEXT
    return NOW if at < slot.ends_at else PAST


def running_order(user: User, season: Season, *, only: int | None = None) -> Order:
    """Collect it; the number of queries does not depend on how many present."""
    found = live_rounds(user, season).select_related("season", "stage", "defence_rules")
    rounds = list(found.prefetch_related("stage__extensions"))
    organises = Season.objects.organised_by(user).filter(pk=season.pk).exists()
    order = Order(
        rounds,
        chaired=chaired_rounds(user, season),
        kept=kept_rounds(user, season, organises=organises),
        organises=organises,
    )
    runs = order.kept | order.chaired
    order.closable = {one.pk for one in rounds if one.pk in order.chaired and one.stage.is_open()}
    if only is None and runs:
        order.sheets = {one.pk: 0 for one in rounds if one.pk in runs} | waiting_in(user, runs)
    slots = DefenceSlot.objects.filter(round__in=rounds).of_competitors().open_to(user)
    if only is not None:
        slots = slots.filter(pk=only)
    rows = list(
        slots.select_related("entry__organisation", "entry__nomination").order_by("starts_at", "pk")
    )
    as_submitted(slot.entry for slot in rows)
    mine = {
        (one.round_id, one.entry_id): one
        for one in Assignment.objects.visible_to(user)
        .filter(round__in=rounds)
        .select_related("scorecard")
    }
    counts = progress_of(rounds)
    ended = set(
        Closure.objects.filter(round__in=rounds, reopened_at=None).values_list("round", "entry")
    )
    order.closed = {round_ for round_, entry in ended if entry is None}
    by_pk = {one.pk: one for one in rounds}
    at = timezone.now()
    for slot in rows:
        slot.round = by_pk[slot.round_id]
        key = (slot.round_id, slot.entry_id)
        rules = getattr(slot.round, "defence_rules", None)
        keeps = slot.round_id in order.kept
        order.lines.append(
            Line(
                slot,
                state_of(slot, at),
                clock_of(slot, rules, at),
                mine=mine.get(key),
                closed=slot.round_id in order.closed or key in ended,
                keeps=keeps,
                runs=keeps or slot.round_id in order.chaired,
                may_close=slot.round_id in order.closable - order.closed,
                **counts.get(key, {}),
            )
        )
    return order


def progress_of(rounds: list[Round]) -> dict[tuple[int, int], dict[str, int]]:
    """How many scorecards of each entry are there."""
    rows = (
        Assignment.objects.filter(
            round__in=rounds, status=AssignmentStatus.ACTIVE, judge__removed_at=None
        )
        .order_by()
        .values("round", "entry")
        .annotate(
            assigned=Count("pk", distinct=True),
            submitted=Count(
                "pk", distinct=True, filter=Q(scorecard__status=ScorecardStatus.SUBMITTED)
            ),
        )
    )
    return {
        (row["round"], row["entry"]): {"assigned": row["assigned"], "submitted": row["submitted"]}
        for row in rows
    }
