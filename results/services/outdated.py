"""Decisions that rest on an older standing than scorecards and entries would give today."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from nominations.models import Entry, Nomination
from results.models import OutcomeRule, Release
from results.services.freshness import today


@dataclass(frozen=True)
class Older:
    """A nomination decided on an older standing.

    `digest`: what today's standing would be known by; `computed`: whether it is there already, so that
    the nomination can be decided again at once.
    """

    nomination: Nomination
    digest: str
    computed: bool


def decided_on_older(rule: OutcomeRule) -> list[Older]:
    """Nominations with a decision that does not rest on what counts today, by number."""
    decided = rule.decisions.filter(entry__in=Entry.objects.admitted())
    standings: dict[Nomination, list[Any]] = {}
    for one in (
        rule.standings.filter(nomination__in=decided.values("entry__nomination"))
        .annotate(decides=Exists(decided.filter(standing=OuterRef("pk"))))
        .select_related("nomination")
        .defer("results", "changes")
        .order_by("nomination__number", "computed_at", "pk")
    ):
        standings.setdefault(one.nomination, []).append(one)
    now = today(rule)
    found = []
    for nomination, rows in standings.items():
        latest = rows[-1]
        fresh = now.is_fresh(latest, nomination)
        if not fresh or any(one.decides != (one == latest) for one in rows):
            digest = now.digests.get(nomination.number, "")
            found.append(Older(nomination, digest, computed=fresh))
    return found


def changed_since(release: Release) -> list[Older]:
    """Those of them that nobody knew of, or that changed once more, since the release was prepared."""
    return [
        one
        for one in decided_on_older(release.rule)
        if release.older.get(str(one.nomination.number)) != one.digest
    ]


def numbers_of(found: Iterable[Older]) -> str:
    """The numbers of nominations, in words."""
    return ", ".join(str(one.nomination.number) for one in found)
