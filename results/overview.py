"""What an organiser sees before a release: a nomination's standing and decisions, and the release."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import MemberRole, Membership, User
from judging.scoring.tree import Json
from nominations.content import as_submitted
from nominations.models import Entry, Nomination
from results.models import (
    ENDED,
    Decision,
    OutcomeRule,
    PublishedResult,
    Retraction,
    Standing,
    StandingRow,
)
from results.services.collecting import candidates
from results.services.freshness import Reading, today
from results.sight import (
    Rank,
    Sight,
    has_changed,
    latest_standings,
    nominations_seen,
    seen_entries,
    sight_of,
    table_of,
)


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
    """A nomination with its latest standing and what was decided, as far as the reader sees."""

    nomination: Nomination
    entries: int
    reading: Reading
    standing: Standing | None = None
    sight: Sight = field(default_factory=Sight)
    changed: bool = False
    rows: list[RowShown] = field(default_factory=list)
    left_out: list[RowShown] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether no entry of the nomination is hidden from the reader."""
        return self.sight.whole

    @property
    def open(self) -> bool:
        """Whether no entry of a nomination that shares its judges is hidden either."""
        return self.sight.open

    @property
    def withheld(self) -> bool:
        """Whether places and scores would tell the marks of an entry that is hidden."""
        return self.sight.withheld

    @property
    def names(self) -> dict[str, str]:
        """What the parts of the result are called."""
        return self.reading.names

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
    def decided_earlier(self) -> bool:
        """Whether a decision rests on an older standing than this one."""
        used = {row.decision.standing_id for row in self.rows if row.decision is not None}
        return self.standing is not None and not used <= {self.standing.pk}

    @property
    def proposed(self) -> list[RowShown]:
        """The rows the rules propose."""
        return [row for row in self.rows if row.proposed]


def nomination_shown(
    rule: OutcomeRule, user: User, number: int, *, decisions: bool = True
) -> NominationShown | None:
    """A nomination of the season as this person may see it; None where there is no such number."""
    now = today(rule)
    nominations = nominations_seen(now.reading, user)
    nomination = next((one for one in nominations if one.number == number), None)
    if nomination is None:
        return None
    shown = NominationShown(nomination, nomination.competing, reading=now.reading)
    latest = latest_standings(rule).filter(nomination=nomination)
    for standing in latest.select_related("computed_by", "lock"):
        rows = standing.rows.filter(entry__in=seen_entries(user))
        found = list(rows.select_related("entry__organisation"))
        hiding = {one.number for one in nominations if one.hides}
        shown.standing = standing
        shown.sight = sight_of(standing, len(found), hiding)
        shown.changed = has_changed(standing, now, nomination, shown.sight, user)
        fill(shown, found, decided(rule, found) if decisions else {})
    return shown


def decided(rule: OutcomeRule, rows: list[StandingRow]) -> dict[int, Decision]:
    """What was decided for these rows, by the key of the entry."""
    decisions = rule.decisions.filter(entry__in=[row.entry_id for row in rows])
    return {decision.entry_id: decision for decision in decisions.select_related("confirmed_by")}


def fill(
    shown: NominationShown, rows: list[StandingRow], decisions: Mapping[int, Decision]
) -> None:
    """Fill in the table as the reader may see it, with what was decided."""
    ranks = [
        Rank(row.entry_id, row.entry.number, row.place, row.score, row.proposed, row.contested)
        for row in rows
    ]
    table = table_of(shown.standing, ranks, shown.reading.rule, shown.sight)

    def row_shown(row: StandingRow) -> RowShown:
        rank = table.ranks[row.entry_id]
        made = RowShown(
            entry=row.entry,
            place=rank.place,
            score=rank.score,
            parts=parts_shown(row, shown),
            proposed=rank.proposed,
            contested=rank.contested,
            below=row.entry_id in table.below,
            raw=row.raw,
            decision=decisions.get(row.entry_id),
        )
        if shown.whole:
            made.se, made.lo, made.hi, made.p_top = row.se, row.lo, row.hi, row.p_top
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
    shown.left_out = [row for row in shown.rows if row.entry.pk in table.left_out]


def parts_shown(row: StandingRow, shown: NominationShown) -> list[PartShown]:
    """What each part gave the entry; without strictness only for whom no score is withheld from."""
    return [
        PartShown(
            round=shown.names.get(slug, slug),
            mean=None if part["mean"] is None else Decimal(part["mean"]),
            score=None if shown.withheld or part.get("score") is None else Decimal(part["score"]),
            count=part["count"],
            quorum=part["quorum"],
            met=part["met"],
        )
        for slug, part in row.parts.items()
    ]


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


def current_release(rule: OutcomeRule) -> Any:
    """The release that stands, if any; `partly_public`, and `taken_back` if somebody asked for that."""
    return (
        rule.releases.exclude(state__in=ENDED)
        .select_related("armed_by", "confirmed_by", "rule__season", "rule__stage")
        .annotate(
            partly_public=Exists(PublishedResult.objects.filter(release=OuterRef("pk"))),
            taken_back=Exists(Retraction.objects.filter(release=OuterRef("pk"), decided_at=None)),
        )
        .first()
    )


def waiting_retraction(rule: OutcomeRule) -> Retraction | None:
    """The request to take the release back that nobody has decided."""
    return (
        Retraction.objects.filter(release__rule=rule, decided_at=None)
        .select_related("asked_by")
        .first()
    )
