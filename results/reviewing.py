"""Extra reviews where they help most: at the line, by judges who have not seen the entry and may."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import OuterRef
from django.utils import timezone

from judging.models import Assignment, AssignmentStatus, Judge, Purpose, Round, Way
from judging.scoring.adaptive import next_reviews
from nominations.models import Entry
from nominations.models.entries import counted
from results.overview import NominationShown, RowShown

MOST_SUGGESTED = 20


@dataclass(frozen=True)
class Suggestion:
    """An entry worth another look, who could give it, and who had best be asked."""

    row: RowShown
    judge: Judge | None
    judges: list[Judge]

    @property
    def percent(self) -> int | None:
        """The chance of being inside, in per cent."""
        return None if self.row.p_top is None else round(self.row.p_top * 100)


@dataclass(frozen=True)
class Ordered:
    """A review that was ordered, and what became of it."""

    assignment: Assignment
    submitted: bool
    started: bool

    @property
    def state(self) -> str:
        """A word for the template to choose by."""
        # Of who was removed nothing counts, not even what was submitted.
        if self.assignment.judge.removed_at:
            return "removed"
        if self.assignment.status != AssignmentStatus.ACTIVE:
            return "ended"
        if self.submitted:
            return "submitted"
        if self.assignment.closes_at <= timezone.now():
            return "over"
        return "started" if self.started else "waiting"


def reviewable_rounds(shown: NominationShown) -> list[Round]:
    """The rounds of the outcome that judge the nomination by scorecards."""
    return [
        one
        for one in shown.reading.rounds
        if one.way == Way.SCORECARD
        and (not one.nominations.all() or shown.nomination in one.nominations.all())
    ]


def suggestions(shown: NominationShown, round_: Round) -> list[Suggestion]:
    """The entries in doubt, the most doubtful first, each with a judge who could be asked."""
    rows = sorted(
        (row for row in shown.rows if row.p_top is not None and 0 < row.p_top < 1),
        key=lambda row: (-(row.p_top or 0) * (1 - (row.p_top or 0)), row.entry.number),
    )[:MOST_SUGGESTED]
    entries = [row.entry for row in rows]
    work = Assignment.objects.active().filter(round=round_, judge=OuterRef("pk"))
    judges: Any = Judge.objects.active().filter(jury__in=round_.juries.all())
    seats = list(
        judges.filter(available=True, user__is_active=True)
        .select_related("user", "jury")
        .annotate(load=counted(work, "judge"))
        .order_by("user__full_name", "pk")
    )
    if not rows or not seats:
        return [Suggestion(row, None, []) for row in rows]
    seen, closed = seen_by(entries), shown.reading.closed
    has_seen = np.array([[one.user_id in seen[entry.pk] for one in seats] for entry in entries])
    may_not = np.array([[entry.pk in closed[one.user_id] for one in seats] for entry in entries])
    # As many as would give each entry one; nobody is capped, an organiser decides.
    chosen = dict(
        reversed(
            next_reviews(
                np.array([float(row.p_top or 0) for row in rows]),
                np.array([one.load for one in seats], dtype=np.int64),
                has_seen,
                may_not,
                len(rows),
                np.iinfo(np.int64).max,
            )
        )
    )
    return [
        Suggestion(
            row,
            seats[chosen[at]] if at in chosen else None,
            [one for index, one in enumerate(seats) if not (has_seen | may_not)[at, index]],
        )
        for at, row in enumerate(rows)
    ]


def seen_by(entries: Iterable[Entry]) -> dict[int, set[int]]:
    """For each entry, the people who were ever asked about it, in whatever round."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Assignment.objects.filter(entry__in=[entry.pk for entry in entries])
    for entry, user in rows.order_by().values_list("entry", "judge__user"):
        found[entry].add(user)
    return found


def ordered_reviews(shown: NominationShown, round_: Round) -> list[Ordered]:
    """The extra reviews of a nomination in a round, the last one first."""
    rows = (
        Assignment.objects.filter(
            round=round_,
            purpose=Purpose.EXTRA,
            entry__in=[row.entry.pk for row in shown.rows],
        )
        .select_related("judge__user", "entry__organisation", "round__season", "round__stage")
        .select_related("scorecard")
        .order_by("-pk")
    )
    given = ((one, getattr(one, "scorecard", None)) for one in rows)
    return [
        Ordered(one, card is not None and card.submitted_at is not None, card is not None)
        for one, card in given
    ]
