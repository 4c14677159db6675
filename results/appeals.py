"""What can be said of appeals: to a nominee about an entry, to the public in numbers."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from nominations.models import Entry
from nominations.permissions import can_submit
from results.models import Appeal, AppealStatus, OutcomeRule
from results.services.appeals import concerns, released, window_of
from seasons.models import Season


@dataclass(frozen=True)
class Contestable:
    """An outcome that may be contested now, and until when."""

    rule: OutcomeRule
    until: datetime


def contestable(user: User, entry: Entry) -> list[Contestable]:
    """Outcomes the person may contest now; the form asks the same again."""
    if not can_submit(user, entry):
        return []
    rules = OutcomeRule.objects.filter(season=entry.nomination.season_id, appeal_days__isnull=False)
    now, found = timezone.now(), []
    for rule in rules:
        release = released(rule)
        window = window_of(release)
        if release is None or window is None or not window[0] <= now < window[1]:
            continue
        closed = Appeal.objects.filter(entry=entry).closes(release).exists()
        if not closed and concerns(rule, entry):
            found.append(Contestable(rule=rule, until=window[1]))
    return found


@dataclass(frozen=True)
class AppealCounts:
    """Appeals of a season in numbers, for everybody."""

    filed: int
    refused: int
    upheld: int
    changed: int
    waiting: int


def appeal_counts(season: Season) -> AppealCounts | None:
    """How many appeals came and what became of them; None where none was ever filed."""
    rows = (
        Appeal.objects.filter(rule__season=season)
        .exclude(status=AppealStatus.WITHDRAWN)
        .order_by()
        .values_list("status")
        .annotate(n=Count("pk"))
    )
    by_status = dict(rows)
    if not by_status:
        return None
    ended = {
        status: by_status.get(status, 0)
        for status in (AppealStatus.REFUSED, AppealStatus.UPHELD, AppealStatus.CHANGED)
    }
    filed = sum(by_status.values())
    return AppealCounts(
        filed=filed,
        refused=ended[AppealStatus.REFUSED],
        upheld=ended[AppealStatus.UPHELD],
        changed=ended[AppealStatus.CHANGED],
        waiting=filed - sum(ended.values()),
    )
