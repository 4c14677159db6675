"""Extra reviews where they help most: at the line, by judges who have not seen the entry and may."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Count
from django.utils import timezone

from judging.barriers import barred_entries
from judging.models import Assignment, AssignmentStatus, Judge, Purpose, Round, Scorecard, Way
from judging.scoring.adaptive import next_reviews
from nominations.models import Entry, Nomination
from results.models import OutcomeRule
from results.overview import NominationShown, RowShown
from results.services.composing import rounds_of

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


def reviewable_rounds(rule: OutcomeRule, nomination: Nomination) -> list[Round]:
    """The rounds of an outcome that judge the nomination by scorecards."""
    return [
        one
        for one in rounds_of(rule)
        if one.way == Way.SCORECARD
        and (not one.nominations.all() or nomination in one.nominations.all())
    ]


def suggestions(shown: NominationShown, round_: Round) -> list[Suggestion]:
    """The entries in doubt, the most doubtful first, each with a judge who could be asked."""
    rows = sorted(
        (row for row in shown.rows if row.p_top is not None and 0 < row.p_top < 1),
        key=lambda row: (-(row.p_top or 0) * (1 - (row.p_top or 0)), row.entry.number),
    )[:MOST_SUGGESTED]
    entries = [row.entry for row in rows]
    seats = list(
        Judge.objects.active()
        .filter(available=True, jury__rounds=round_, user__is_active=True)
        .select_related("user", "jury")
        .order_by("user__full_name", "pk")
        .distinct()
    )
    if not rows or not seats:
        return [Suggestion(row, None, []) for row in rows]
    seen = seen_by(entries)
    closed = barred_entries({one.user_id: one.user for one in seats}.values(), entries)
    load = dict(
        Assignment.objects.active()
        .filter(round=round_)
        .order_by()
        .values_list("judge")
        .annotate(number=Count("pk"))
    )
    has_seen = np.array([[one.user_id in seen[entry.pk] for one in seats] for entry in entries])
    may_not = np.array([[entry.pk in closed[one.user_id] for one in seats] for entry in entries])
    # As many as would give each entry one; nobody is capped, an organiser decides.
    chosen = dict(
        reversed(
            next_reviews(
                np.array([float(row.p_top or 0) for row in rows]),
                np.array([load.get(one.pk, 0) for one in seats], dtype=np.int64),
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
    rows = list(
        Assignment.objects.filter(
            round=round_,
            purpose=Purpose.EXTRA,
            entry__in=[row.entry.pk for row in shown.rows],
        )
        .select_related("judge__user", "entry__organisation", "round__season", "round__stage")
        .order_by("-pk")
    )
    given = dict(
        Scorecard.objects.filter(assignment__in=rows).values_list("assignment", "submitted_at")
    )
    return [Ordered(one, given.get(one.pk) is not None, one.pk in given) for one in rows]
