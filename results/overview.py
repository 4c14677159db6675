"""What an organiser sees before a release: standings and decisions, without what a conflict hides.

Places are counted among the rows the reader may see, so that a hidden entry leaves no gap.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from accounts.models import MemberRole, Membership, User
from judging.scoring.tree import PLAIN_METHODS, PLAIN_SWITCHES, STANDARDISED, Json
from nominations.content import as_submitted
from nominations.models import Entry, Nomination
from results.models import ENDED, Decision, OutcomeRule, Release, Standing, StandingRow
from results.services.collecting import Collected, candidates, collect
from results.services.ranking import is_fresh
from results.standings import place


@dataclass(frozen=True)
class PartShown:
    """What one part of the result gave an entry: the plain mean, and without strictness."""

    round: str
    mean: Decimal | None
    score: Decimal | None
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
    raw: Decimal | None = None
    se: Decimal | None = None
    lo: int | None = None
    hi: int | None = None
    p_top: Decimal | None = None
    contested: bool = False
    below: bool = False
    decision: Decision | None = None

    @property
    def moved(self) -> Decimal | None:
        """By how much the score differs from the plain mean."""
        if self.score is None or self.raw is None:
            return None
        return self.score - self.raw

    @property
    def count(self) -> int:
        """How many scorecards the row rests on."""
        return sum(part.count for part in self.parts)


@dataclass(frozen=True)
class ShareShown:
    """A part of the result with its weights in per cent."""

    name: str
    nominal: Decimal
    effective: Decimal | None

    @property
    def bar(self) -> Decimal:
        """The effective weight as a bar can show it; a part may even work against the others."""
        return min(max(self.effective or Decimal(0), Decimal(0)), Decimal(100))


@dataclass
class NominationShown:
    """A nomination with its latest standing and what was decided.

    `whole`: no entry of the nomination is hidden from the reader; `open`: nor any of a nomination that
    shares its judges. `withheld`: one here is hidden, and the places would let the reader find its
    marks; then only plain means are shown.
    """

    nomination: Nomination
    entries: int
    standing: Standing | None = None
    whole: bool = True
    open: bool = True
    withheld: bool = False
    names: dict[str, str] = field(default_factory=dict)
    changed: bool = False
    rows: list[RowShown] = field(default_factory=list)
    left_out: list[RowShown] = field(default_factory=list)

    @property
    def result(self) -> Json:
        """What the standing says besides its rows: weights, leaves, findings, the line."""
        return self.standing.results if self.standing and self.whole else {}

    @property
    def shares(self) -> list["ShareShown"]:
        """What each part is said to weigh, and what it really weighs here."""
        return [
            ShareShown(
                name=self.names.get(one["leaf"], one["leaf"]),
                nominal=Decimal(one["nominal"]) * 100,
                effective=None if one["effective"] is None else Decimal(one["effective"]) * 100,
            )
            for one in self.result.get("weights", [])
        ]

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
    def leaders(self) -> list[RowShown]:
        """Who is first, as far as places are told."""
        return [row for row in self.rows if row.place == 1]

    @property
    def contested(self) -> list[RowShown]:
        """The rows of which the scorecards do not settle on which side of the line they belong."""
        return [row for row in self.rows if row.contested]

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
    now = collect(rule)
    names = now.names
    numbers = {entry.number for entry in visible.values()}
    hidden = set(
        Entry.objects.filter(nomination__season=rule.season_id)
        .exclude(pk__in=Entry.objects.organised_by(user).values("pk"))
        .values_list("nomination__number", flat=True)
    )
    found = []
    for nomination in nominations:
        pool = now.pool_of(nomination)
        competing = numbers.intersection(pool.entries_of(nomination.number) if pool else ())
        shown = NominationShown(nomination=nomination, entries=len(competing), names=names)
        standing = standings.get(nomination.pk)
        if standing is not None:
            shown.standing = standing
            shown.whole = set(standing.inputs["entries"]) <= numbers
            shown.open = shown.whole and hidden.isdisjoint(standing.inputs.get("nominations", ()))
            shown.withheld = not shown.whole and depends(standing)
            if shown.open:
                shown.changed = not is_fresh(standing, now, nomination)
            else:
                shown.changed = differs(standing, now, nomination, numbers)
            fill(
                shown,
                rows[standing.pk],
                quota=rule.quota,
                least=rule.least_score,
                visible=visible,
                decisions=decisions,
            )
        found.append(shown)
    return found


def latest_standings(rule: OutcomeRule, nominations: Collection[Nomination]) -> dict[int, Standing]:
    """The last standing of each nomination."""
    standings = (
        rule.standings.filter(nomination__in=nominations)
        .select_related("computed_by", "basis", "lock")
        .defer("basis__inputs")
    )
    return {
        standing.nomination_id: standing for standing in standings.order_by("computed_at", "pk")
    }


def depends(standing: Standing) -> bool:
    """Whether the score of one entry says something of the marks of another.

    It asks for the plan of judging only, never for marks, so that the answer itself tells nothing.
    """
    return any(
        leaf["scale"] == STANDARDISED
        or (leaf["switch"] not in PLAIN_SWITCHES and leaf["method"] not in PLAIN_METHODS)
        for leaf in standing.results.get("leaves", [])
    )


def differs(
    standing: Standing, now: Collected, nomination: Nomination, numbers: Collection[str]
) -> bool:
    """Whether rules, entries or scorecards of this nomination changed, as far as the reader may know."""
    pool = now.pool_of(nomination)
    if pool is None or standing.basis is None:
        return True
    if standing.inputs["rules_sha256"] != pool.rules_sha256:
        return True
    return part_of(standing.basis.inputs, numbers) != part_of(pool.inputs, numbers)


def part_of(inputs: Json, numbers: Collection[str]) -> Json:
    """The entries and scorecards of inputs as far as they are about these entries."""
    return {
        "entries": [list(entry) for entry in inputs["entries"] if entry[0] in numbers],
        "scorecards": {
            slug: [list(card) for card in cards if card[0] in numbers]
            for slug, cards in inputs["scorecards"].items()
        },
    }


def fill(
    shown: NominationShown,
    rows: list[StandingRow],
    *,
    quota: int,
    least: Decimal | None,
    visible: dict[int, Entry],
    decisions: dict[int, Decision],
) -> None:
    """Fill in the table; where an entry is hidden, places are counted anew among those seen."""
    placing = place(
        {str(row.entry_id): Fraction(-row.place) for row in rows if row.place is not None}, quota
    )

    def row_shown(row: StandingRow) -> RowShown:
        key = str(row.entry_id)
        below = least is not None and row.score is not None and row.score < least
        made = RowShown(
            entry=visible[row.entry_id],
            place=row.place if shown.whole else placing.places.get(key),
            score=row.score,
            parts=[
                PartShown(
                    round=shown.names.get(slug, slug),
                    mean=None if part["mean"] is None else Decimal(part["mean"]),
                    score=None if part.get("score") is None else Decimal(part["score"]),
                    count=part["count"],
                    quorum=part["quorum"],
                    met=part["met"],
                )
                for slug, part in row.parts.items()
            ],
            proposed=row.proposed if shown.whole else key in placing.proposed and not below,
            below=below,
            raw=row.raw,
            decision=decisions.get(row.entry_id),
        )
        if shown.whole:
            made.se, made.lo, made.hi = row.se, row.lo, row.hi
            made.p_top, made.contested = row.p_top, row.contested
        if shown.withheld:
            made.place, made.score, made.proposed, made.below = None, None, False, False
            made.parts = [replace(part, score=None) for part in made.parts]
        return made

    shown.rows = sorted(
        map(row_shown, rows),
        key=lambda row: (
            row.place is None,
            row.place or 0,
            -(row.raw or 0) if shown.withheld else 0,
            row.entry.number,
        ),
    )
    if shown.withheld:
        return
    tied = set(shown.result.get("line", {}).get("tied", ()))
    if shown.whole and shown.standing is not None and shown.standing.basis is not None:
        shown.left_out = [
            row for row in shown.rows if row.entry.number in tied and not row.proposed
        ]
    else:
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
