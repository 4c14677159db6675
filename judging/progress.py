"""How far a round is, as its organisers may know it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import User
from judging.barriers import closed_scorecards
from judging.models import Assignment, Round, Scorecard, ScorecardStatus


@dataclass
class RoundProgress:
    """Counts over the active assignments of a round, without entries closed to the asker."""

    assigned: int = 0
    started: int = 0
    submitted: int = 0
    entries: int = 0
    with_quorum: int = 0


def progress_of(rounds: Iterable[Round], user: User) -> dict[int, RoundProgress]:
    """Count for many rounds in one query."""
    found = {one.pk: RoundProgress() for one in rounds}
    quorum = {one.pk: one.quorum for one in rounds}
    active = Assignment.objects.organised_by(user).active().filter(round__in=found)
    sent = Scorecard.objects.filter(assignment__in=active.values("pk"))
    closed = closed_scorecards(sent.filter(status=ScorecardStatus.SUBMITTED))
    rows = (
        active.exclude(scorecard__in=closed)
        .order_by()
        .values("round", "entry")
        .annotate(
            assigned=Count("pk"),
            started=Count("pk", filter=Q(scorecard__status=ScorecardStatus.DRAFT)),
            submitted=Count("pk", filter=Q(scorecard__status=ScorecardStatus.SUBMITTED)),
        )
    )
    for row in rows:
        progress = found[row["round"]]
        progress.assigned += row["assigned"]
        progress.started += row["started"]
        progress.submitted += row["submitted"]
        progress.entries += 1
        progress.with_quorum += row["submitted"] >= quorum[row["round"]]
    return found
