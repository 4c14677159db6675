"""A whole season's standings at a glance: counts and names by nomination, as far as the reader may see."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import User
from nominations.content import as_submitted
from nominations.models import Entry, Nomination
from results.models import OutcomeRule, Standing, StandingRow
from results.services.freshness import today
from results.sight import (
    Rank,
    has_changed,
    latest_standings,
    nominations_seen,
    seen_entries,
    sight_of,
    table_of,
)


@dataclass
class Glance:
    """A nomination in one line; entries are named by their keys."""

    nomination: Nomination
    entries: int
    standing: Standing | None = None
    changed: bool = False
    lacking: int = 0
    contested: int = 0
    leaders: list[int] = field(default_factory=list)
    proposed: list[int] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)
    left_out: bool = False
    named: list[Entry] = field(default_factory=list)

    @property
    def departs(self) -> bool:
        """Whether the decision is not the proposal."""
        return bool(self.decided) and set(self.decided) != set(self.proposed)


def glances(rule: OutcomeRule, user: User) -> list[Glance]:
    """Every nomination of the season, as this person may see it."""
    now = today(rule)
    nominations = nominations_seen(now.reading, user)
    latest = latest_standings(rule).defer("results", "changes")
    standings = {one.nomination_id: one for one in latest}
    rows = rows_of(rule, standings.values(), user)
    hiding = {one.number for one in nominations if one.hides}
    found = []
    for nomination in nominations:
        glance = Glance(nomination, nomination.competing)
        found.append(glance)
        standing = standings.get(nomination.pk)
        if standing is None:
            continue
        ranks = [rank for rank, _decided in rows[standing.pk]]
        sight = sight_of(standing, len(ranks), hiding)
        table = table_of(standing, ranks, rule, sight)
        ordered = sorted(table.ranks.values(), key=lambda rank: (rank.place or 0, rank.number))
        glance.standing = standing
        glance.changed = has_changed(standing, now, nomination, sight, user)
        if not sight.withheld:
            glance.lacking = sum(rank.place is None for rank in ordered)
        glance.contested = sum(rank.contested for rank in ordered)
        glance.leaders = [rank.entry for rank in ordered if rank.place == 1]
        glance.proposed = [rank.entry for rank in ordered if rank.proposed]
        glance.decided = [rank.entry for rank, decided in rows[standing.pk] if decided]
        glance.left_out = bool(table.left_out)
    return found


def rows_of(
    rule: OutcomeRule, standings: Iterable[Standing], user: User
) -> dict[int, list[tuple[Rank, bool]]]:
    """By standing: the rows the reader may see, and whether each was decided for."""
    rows: dict[int, list[tuple[Rank, bool]]] = defaultdict(list)
    decided = Exists(rule.decisions.filter(entry=OuterRef("entry")))
    found = StandingRow.objects.filter(standing__in=standings, entry__in=seen_entries(user))
    for standing, was_decided, *rank in found.order_by().values_list(
        "standing", decided, "entry", "entry__number", "place", "score", "proposed", "contested"
    ):
        rows[standing].append((Rank(*rank), was_decided))
    return rows


def name(found: Iterable[Glance], which: Callable[[Glance], list[int]]) -> None:
    """Read the entries that are to be named, with the names they were submitted under."""
    found = list(found)
    wanted = {key for glance in found for key in which(glance)}
    entries: dict[int, Any] = {
        entry.pk: entry
        for entry in Entry.objects.filter(pk__in=wanted).select_related("organisation")
    }
    as_submitted(entries.values())
    for glance in found:
        glance.named = [entries[key] for key in which(glance)]
