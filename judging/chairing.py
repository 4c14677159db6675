"""How far a round is, as its chair may know it: who has submitted, never what was given."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from judging.barriers import closed_scorecards
from judging.models import Assignment, Judge, Round, Scorecard, ScorecardStatus, SeeOthers
from judging.seats import unfinished_in
from nominations.barriers import barred
from nominations.models import Entry, Nomination


@dataclass
class JudgeProgress:
    """One judge's share."""

    judge: Judge
    assigned: int = 0
    submitted: int = 0
    started: int = 0

    @property
    def left(self) -> int:
        return self.assigned - self.submitted


@dataclass
class NominationProgress:
    """One nomination's share."""

    nomination: Nomination
    assigned: int = 0
    submitted: int = 0
    entries: int = 0
    without_quorum: list[str] = field(default_factory=list)


@dataclass
class RoundView:
    """The whole round."""

    judges: list[JudgeProgress]
    nominations: list[NominationProgress]
    entries: list[int]
    counted: list[int]
    """The scorecards that count."""


def view_of(round_: Round, user: User) -> RoundView:
    """Count in a fixed number of queries, leaving out entries a conflict closes to the chair."""
    hidden = Entry.objects.filter(barred(user)).values("pk")
    entries = list(
        round_.entries()
        .exclude(pk__in=hidden)
        .select_related("nomination")
        .order_by("nomination__number", "number")
    )
    rows = list(
        Assignment.objects.active()
        .filter(round=round_, entry__in=[one.pk for one in entries])
        .select_related("judge__user", "judge__jury", "scorecard")
        .order_by("judge__user__full_name", "pk")
    )
    submitted = Scorecard.objects.filter(assignment__round=round_, status=ScorecardStatus.SUBMITTED)
    closed = set(closed_scorecards(submitted))
    judges: dict[int, JudgeProgress] = {}
    counts: Counter[int] = Counter()
    counted: list[int] = []
    asked: Counter[int] = Counter()
    for row in rows:
        one = judges.setdefault(row.judge_id, JudgeProgress(row.judge))
        card = getattr(row, "scorecard", None)
        if card is not None and card.pk in closed:
            continue
        one.assigned += 1
        asked[row.entry_id] += 1
        if card is not None and card.status == ScorecardStatus.SUBMITTED:
            one.submitted += 1
            counts[row.entry_id] += 1
            counted.append(card.pk)
        elif card is not None:
            one.started += 1
    nominations: dict[int, NominationProgress] = {}
    for entry in entries:
        part = nominations.setdefault(entry.nomination_id, NominationProgress(entry.nomination))
        part.entries += 1
        part.assigned += asked[entry.pk]
        part.submitted += counts[entry.pk]
        if counts[entry.pk] < round_.quorum:
            part.without_quorum.append(entry.number)
    return RoundView(
        sorted(judges.values(), key=lambda one: -one.left),
        list(nominations.values()),
        [one.pk for one in entries],
        counted,
    )


def compared_entries(round_: Round, user: User, entries: list[int]) -> list[int]:
    """Of these, the entries whose marks the chair may see now, by the round's policy."""
    if round_.see_others == SeeOthers.NEVER:
        return []
    if round_.see_others == SeeOthers.CLOSE:
        over = timezone.now() >= round_.stage.closes_for()
        return entries if over and not unfinished_in(user, round_) else []
    if not unfinished_in(user, round_):
        return entries
    own = Assignment.objects.visible_to(user).filter(
        round=round_, scorecard__status=ScorecardStatus.SUBMITTED
    )
    allowed = set(own.values_list("entry", flat=True))
    return [pk for pk in entries if pk in allowed]
