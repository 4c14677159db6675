"""What an organiser sees before a release: standings and decisions, without what a conflict hides.

Places are counted among the rows the reader may see, so that a hidden entry leaves no gap.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from accounts.models import MemberRole, Membership, User
from nominations.content import as_submitted
from nominations.models import Entry, Nomination
from results.models import ENDED, Decision, OutcomeRule, Release, Standing, StandingRow
from results.services.ranking import Inputs, candidates, collect, rounds_of
from results.standings import place


@dataclass(frozen=True)
class PartShown:
    """What one round gave an entry."""

    round: str
    mean: Decimal | None
    count: int
    quorum: int
    met: bool


@dataclass
class RowShown:
    """An entry in the table of a nomination."""

    entry: Entry
    place: int | None
    score: Decimal | None
    parts: list[PartShown]
    proposed: bool
    decision: Decision | None = None

    @property
    def count(self) -> int:
        """How many scorecards the row rests on."""
        return sum(part.count for part in self.parts)


@dataclass
class NominationShown:
    """A nomination with its latest standing and what was decided."""

    nomination: Nomination
    entries: int
    standing: Standing | None = None
    whole: bool = True
    changed: bool = False
    rows: list[RowShown] = field(default_factory=list)
    left_out: list[RowShown] = field(default_factory=list)

    @property
    def decided(self) -> list[RowShown]:
        """The rows a person confirmed."""
        return [row for row in self.rows if row.decision is not None]

    @property
    def proposed(self) -> list[RowShown]:
        """The rows the rules propose."""
        return [row for row in self.rows if row.proposed]

    @property
    def without_place(self) -> list[RowShown]:
        """The rows that lack their quorum."""
        return [row for row in self.rows if row.place is None]

    @property
    def departs(self) -> bool:
        """Whether the decision is not the proposal."""
        return bool(self.decided) and self.decided != self.proposed


def overview(
    rule: OutcomeRule, user: User, nominations: Collection[Nomination] | None = None
) -> list[NominationShown]:
    """Every nomination of the season, or some, as this person may see them."""
    if nominations is None:
        nominations = list(
            Nomination.objects.filter(season=rule.season_id)
            .select_related("category")
            .order_by("number")
        )
    visible = {
        entry.pk: entry
        for entry in Entry.objects.organised_by(user)
        .filter(nomination__in=nominations)
        .select_related("organisation")
    }
    standings = latest_standings(rule, nominations)
    rows: dict[int, list[StandingRow]] = defaultdict(list)
    for row in StandingRow.objects.filter(standing__in=standings.values(), entry__in=visible):
        rows[row.standing_id].append(row)
    decisions = {
        decision.entry_id: decision
        for decision in rule.decisions.filter(entry__in=visible).select_related("confirmed_by")
    }
    rounds = rounds_of(rule)
    names = {round_.slug: str(round_.name) for round_ in rounds}
    current = collect(rule, nominations, rounds)
    numbers = {entry.number for entry in visible.values()}
    found = []
    for nomination in nominations:
        competing = numbers.intersection(current[nomination.pk]["entries"])
        shown = NominationShown(nomination=nomination, entries=len(competing))
        standing = standings.get(nomination.pk)
        if standing is not None:
            shown.standing = standing
            shown.whole = set(standing.inputs["entries"]) <= numbers
            shown.changed = part_of(standing.inputs, numbers) != part_of(
                current[nomination.pk], numbers
            )
            fill(
                shown,
                rows[standing.pk],
                quota=rule.quota,
                visible=visible,
                decisions=decisions,
                names=names,
            )
        found.append(shown)
    return found


def latest_standings(rule: OutcomeRule, nominations: Collection[Nomination]) -> dict[int, Standing]:
    """The last standing of each nomination."""
    standings = rule.standings.filter(nomination__in=nominations).select_related("computed_by")
    return {
        standing.nomination_id: standing for standing in standings.order_by("computed_at", "pk")
    }


def part_of(inputs: Inputs, numbers: Collection[str]) -> Inputs:
    """The inputs as far as they are about these entries."""
    return {
        **inputs,
        "entries": [number for number in inputs["entries"] if number in numbers],
        "scorecards": [card for card in inputs["scorecards"] if card["entry"] in numbers],
    }


def fill(
    shown: NominationShown,
    rows: list[StandingRow],
    *,
    quota: int,
    visible: dict[int, Entry],
    decisions: dict[int, Decision],
    names: dict[str, str],
) -> None:
    """Count places and the proposal anew among the rows that are seen."""
    placing = place(
        {str(row.entry_id): Fraction(-row.place) for row in rows if row.place is not None}, quota
    )
    shown.rows = sorted(
        (
            RowShown(
                entry=visible[row.entry_id],
                place=placing.places.get(str(row.entry_id)),
                score=row.score,
                parts=[
                    PartShown(
                        round=names.get(slug, slug),
                        mean=None if part["mean"] is None else Decimal(part["mean"]),
                        count=part["count"],
                        quorum=part["quorum"],
                        met=part["met"],
                    )
                    for slug, part in row.parts.items()
                ],
                proposed=str(row.entry_id) in placing.proposed,
                decision=decisions.get(row.entry_id),
            )
            for row in rows
        ),
        key=lambda row: (row.place is None, row.place or 0, row.entry.number),
    )
    shown.left_out = [row for row in shown.rows if str(row.entry.pk) in placing.left_out]


@dataclass(frozen=True)
class ReleaseShown:
    """What a release will do, as far as this person may know."""

    entries: list[Entry]
    mails: int
    diplomas: int
    undecided: list[Nomination]


def release_shown(rule: OutcomeRule, user: User) -> ReleaseShown:
    """Count what will be published and sent."""
    entries = list(
        Entry.objects.organised_by(user)
        .admitted()
        .filter(decisions__rule=rule)
        .select_related("organisation", "nomination")
        .order_by("nomination__number", "number")
    )
    as_submitted(entries)
    people: dict[int, int] = defaultdict(int)
    for organisation_id, _user in (
        Membership.objects.filter(
            organisation__in={entry.organisation_id for entry in entries},
            role__in=[MemberRole.OWNER, MemberRole.EDITOR],
            user__is_active=True,
        )
        .values_list("organisation_id", "user_id")
        .distinct()
    ):
        people[organisation_id] += 1
    decided = {entry.nomination_id for entry in entries}
    seen = Entry.objects.organised_by(user).values("pk")
    undecided = (
        Nomination.objects.filter(pk__in=candidates(rule).filter(pk__in=seen).values("nomination"))
        .exclude(pk__in=decided)
        .order_by("number")
    )
    return ReleaseShown(
        entries=entries,
        mails=sum(people[entry.organisation_id] for entry in entries),
        diplomas=len(entries) if rule.diploma else 0,
        undecided=list(undecided),
    )


def current_release(rule: OutcomeRule) -> Release | None:
    """The release that stands, if any."""
    return (
        rule.releases.exclude(state__in=ENDED)
        .select_related("armed_by", "confirmed_by", "rule__season", "rule__stage")
        .first()
    )
