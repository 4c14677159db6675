"""What a deadline does by itself: it submits complete drafts where the season says so."""

import logging
from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.utils import timezone

from nominations.models import Entry, EntryStatus
from nominations.services.submission import LONG_PAST, submit_ready
from outbox.registry import reminder
from seasons.models import DraftRule, Stage, StageKind

log = logging.getLogger(__name__)


def waiting() -> Iterator[Entry]:
    """Drafts that may be due: complete ones, and those that look complete shortly after the stage.

    The clock of each is asked under its lock, with extensions and reopenings.
    """
    now = timezone.now()
    closed = Stage.objects.filter(
        kind=StageKind.ENTRY, closes_at__lte=now, season__draft_rule=DraftRule.SUBMIT
    )
    drafts = (
        Entry.objects.filter(
            status=EntryStatus.DRAFT, nomination__season__in=closed.values("season")
        )
        .select_related("nomination__season", "organisation")
        .order_by("pk")
    )
    yield from drafts.exclude(ready=None)
    recent = closed.filter(closes_at__gt=now - LONG_PAST)
    with_progress: Any = drafts.with_progress()
    looks_complete = with_progress.filter(answered__gte=F("asked"))
    yield from looks_complete.filter(ready=None, nomination__season__in=recent.values("season"))


@reminder
def submit_what_is_ready() -> int:
    """Submit each draft whose deadline has passed; one that fails stops no other. Return how many."""
    done = 0
    for entry in waiting():
        try:
            done += submit_ready(entry) is not None
        except Exception:
            log.exception("the draft %s could not be submitted at its deadline", entry.number)
    return done
