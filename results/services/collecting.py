"""What standings are computed from, as it stands now; nominations that share judges go together."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from common.keys import among
from judging.barriers import barred_by_keys
from judging.corrections import corrected_totals, corrected_values
from judging.models import (
    Advancement,
    Entrants,
    Judge,
    JuryKind,
    Mark,
    Purpose,
    Round,
    Scorecard,
)
from judging.models.scorecards import ScorecardQuerySet
from judging.scoring.tree import ALONE, FORMAT, MFRM, Json, leaves_of
from nominations.models import Entry, Nomination, Revision
from nominations.models.entries import EntryQuerySet
from results.models import OutcomeRule
from results.services.composing import Composer, leaf_names, rounds_of, rules_of


@dataclass(frozen=True, eq=False)
class Pool:
    """Nominations whose standings rest on the same scorecards, and those scorecards."""

    nominations: tuple[int, ...]
    inputs: Json
    sha256: str
    rules_sha256: str

    def entries_of(self, nomination: int) -> list[str]:
        """The numbers of the entries of one nomination."""
        return [number for number, of in self.inputs["entries"] if of == nomination]

    def digest(self, nomination: int) -> str:
        """What a standing of the nomination would be known by."""
        return Revision.digest(self.standing_inputs(nomination))

    def standing_inputs(self, nomination: int) -> Json:
        """What a standing keeps of its inputs itself; the scorecards are in the basis."""
        return {
            "format": FORMAT,
            "nomination": nomination,
            "nominations": list(self.nominations),
            "entries": self.entries_of(nomination),
            "rules_sha256": self.rules_sha256,
            "basis_sha256": self.sha256,
        }


def candidates(rule: OutcomeRule, rounds: Iterable[Round] | None = None) -> EntryQuerySet:
    """Entries the outcome is about: admitted, and advanced into each of its rounds for finalists."""
    entries = Entry.objects.filter(nomination__season=rule.season_id).admitted()
    for round_ in rule.rounds.all() if rounds is None else rounds:
        if round_.entrants == Entrants.FINALISTS:
            advanced = Advancement.objects.filter(round=round_).values("entry")
            entries = entries.filter(Q(pk__in=advanced) | ~round_.takes())
    return entries


def submitted_scorecards(rounds: Iterable[Round]) -> ScorecardQuerySet:
    """Locked scorecards of judges who still judge, with a total (an abstention in all has none)."""
    return given_scorecards(rounds).counted()


def given_scorecards(rounds: Iterable[Round]) -> ScorecardQuerySet:
    """The same, with those of judges who have an interest in the entry now."""
    given = Scorecard.objects.filter(assignment__round__in=rounds, total__isnull=False)
    return given.of_sitting_judges()


def pseudonym(salt: str, user: int) -> str:
    """What a protocol calls a judge: the same person everywhere in an outcome, nobody by name."""
    return hmac.new(salt.encode(), str(user).encode(), hashlib.sha256).hexdigest()[:12]


@dataclass(frozen=True)
class Collected:
    """The rules and every pool of an outcome."""

    rules: Json
    rules_sha256: str
    pools: tuple[Pool, ...]
    entry_ids: dict[str, int]
    names: dict[str, str]

    def pool_of(self, nomination: Nomination) -> Pool | None:
        """The pool a nomination belongs to; None without a competing entry."""
        return next((pool for pool in self.pools if nomination.number in pool.nominations), None)


def collect(rule: OutcomeRule) -> Collected:
    """Everything standings of an outcome are computed from; the number of queries is fixed."""
    rounds = rounds_of(rule)
    composer = Composer(rule, rounds)
    rules = rules_of(rule, composer)
    rules_sha256 = Revision.digest(rules)
    leaves = leaves_of(rules["tree"])
    found = list(
        candidates(rule, rounds)
        .order_by("number")
        .values_list("pk", "number", "nomination__number")
    )
    entries = {pk: (number, of) for pk, number, of in found}
    cards, counted = read_scorecards(rule, rounds, leaves, entries)
    marks = read_marks(rounds, leaves, cards)
    priority = read_priority(rule, rounds, counted) if "priority" in rules["ties"] else None
    of = dict(entries.values())
    groups = share_judges(set(of.values()), leaves, cards, of)
    split = Split(groups, of)
    parted = {leaf["slug"]: split.parts(cards[leaf["slug"]].cards) for leaf in leaves}
    asked = {slug: split.parts(one.asked) for slug, one in cards.items() if one.asked}
    found_marks = {slug: split.parts(rows) for slug, rows in marks.items()}
    pools = []
    for at, group in enumerate(groups):
        inputs: Json = {
            "format": FORMAT,
            "entries": [[number, nomination] for number, nomination in split.entries[at]],
            "scorecards": {slug: sorted(parts[at]) for slug, parts in parted.items()},
        }
        appeals = {slug: sorted(card[:2] for card in parts[at]) for slug, parts in asked.items()}
        if any(appeals.values()):
            inputs["appeals"] = {slug: rows for slug, rows in appeals.items() if rows}
        if marks:
            inputs["marks"] = {slug: parts[at] for slug, parts in found_marks.items()}
        if priority is not None:
            inputs["priority"] = {
                number: priority[number] for number, _of in split.entries[at] if number in priority
            }
        sha256 = Revision.digest(inputs)
        pools.append(Pool(tuple(sorted(group)), inputs, sha256, rules_sha256))
    return Collected(
        rules,
        rules_sha256,
        tuple(pools),
        entry_ids={number: pk for pk, (number, _of) in entries.items()},
        names=leaf_names(rule, rules["tree"], composer),
    )


# Entry's number, pseudonym of the judge, total, fingerprint
Card = tuple[str, str, str, str]
Row = TypeVar("Row", bound=Sequence[str])


@dataclass(frozen=True)
class LeafCards:
    """The scorecards that count in one leaf with their keys, and which of them an appeal asked for."""

    cards: list[Card] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    asked: list[Card] = field(default_factory=list)


class Split:
    """What belongs to which group of nominations; rows begin with the number of their entry."""

    def __init__(self, groups: list[set[int]], of: Mapping[str, int]) -> None:
        """Take the groups, and the nomination of each entry."""
        group_of = {nomination: at for at, group in enumerate(groups) for nomination in group}
        self.at = {number: group_of[nomination] for number, nomination in of.items()}
        self.entries: list[list[tuple[str, int]]] = [[] for _group in groups]
        for number, nomination in of.items():
            self.entries[group_of[nomination]].append((number, nomination))

    def parts(self, rows: list[Row]) -> list[list[Row]]:
        """The rows of each group, in their order."""
        if len(self.entries) == 1:
            return [rows]
        found: list[list[Row]] = [[] for _group in self.entries]
        for row in rows:
            found[self.at[row[0]]].append(row)
        return found


@dataclass(frozen=True)
class Seat:
    """A judge: whose, what the protocol calls them, and what is closed to them now."""

    jury: str
    name: str
    closed: set[int]


def seats_of(rule: OutcomeRule, judges: set[int], entries: set[int]) -> dict[int, Seat]:
    """The judges by their keys."""
    rows = [
        row
        for row in Judge.objects.filter(among("pk", judges))
        .order_by()
        .values_list("pk", "jury__slug", "user", "user__email")
        if row[0] in judges
    ]
    closed = barred_by_keys({user: email for _pk, _jury, user, email in rows}, entries)
    return {
        pk: Seat(jury, pseudonym(rule.judge_salt, user), closed[user])
        for pk, jury, user, _email in rows
    }


# Keys of scorecard, round, judge and entry; purpose, total as given, key of the leaf, fingerprint
Read = tuple[int, int, int, int, str, str, int | None, str | None]


def given_rows(rounds: Iterable[Round]) -> dict[int, Read]:
    """The scorecards that were given, by key, each with its last leaf."""
    rows = (
        given_scorecards(rounds)
        .order_by()
        .values_list(
            "pk",
            "assignment__round_id",
            "assignment__judge_id",
            "assignment__entry_id",
            "assignment__purpose",
            # Text passes as it is; any other kind of number would be converted one by one.
            Cast("total", TextField()),
            "leaves__pk",
            "leaves__sha256",
        )
    )
    found: dict[int, Read] = {}
    for row in rows.iterator(chunk_size=5000):
        # Each correction adds a leaf.
        before = found.setdefault(row[0], row)
        if before is not row and (before[6] or 0) < (row[6] or 0):
            found[row[0]] = row
    return found


def read_scorecards(
    rule: OutcomeRule,
    rounds: list[Round],
    leaves: list[Json],
    entries: dict[int, tuple[str, int]],
) -> tuple[dict[str, LeafCards], dict[int, str]]:
    """The scorecards that count, by leaf, and all of them with their entry's number.

    They are those of `submitted_scorecards`, read once.

    A review panel is none of a round's juries: what it gives counts in every part of the round
    that experts judge.
    """
    slugs = {round_.pk: round_.slug for round_ in rounds}
    public = {
        (round_.slug, jury.slug)
        for round_ in rounds
        for jury in round_.juries.all()
        if jury.kind == JuryKind.PUBLIC
    }
    found = {leaf["slug"]: LeafCards() for leaf in leaves}
    where: dict[tuple[str, str | None], list[LeafCards]] = defaultdict(list)
    reviewed: dict[str, list[LeafCards]] = defaultdict(list)
    for leaf in leaves:
        where[leaf["round"], leaf["jury"]].append(found[leaf["slug"]])
        if (leaf["round"], leaf["jury"]) not in public:
            reviewed[leaf["round"]].append(found[leaf["slug"]])
    given = given_rows(rounds)
    corrected = corrected_totals(given.keys())
    counted: dict[int, str] = {}
    places: dict[tuple[int, int], list[LeafCards]] = {}
    rows = given.values()
    seats = seats_of(rule, {row[2] for row in rows}, {row[3] for row in rows} & entries.keys())
    for pk, round_id, judge, entry, purpose, first, _leaf, sha256 in rows:
        seat, total = seats[judge], corrected.get(pk, first)
        if entry not in entries or entry in seat.closed or total is None:
            continue
        number = counted[pk] = entries[entry][0]
        # Six decimals of at most 100 points survive the way through a float.
        card = (number, seat.name, f"{float(total):.6f}", sha256 or "")
        if purpose == Purpose.APPEAL:
            goals = reviewed[slugs[round_id]]
            for goal in goals:
                goal.asked.append(card)
        else:
            if (round_id, judge) not in places:
                slug = slugs[round_id]
                places[round_id, judge] = where[slug, None] + where[slug, seat.jury]
            goals = places[round_id, judge]
        for goal in goals:
            goal.cards.append(card)
            goal.keys.append(pk)
    return found, counted


def read_marks(
    rounds: list[Round], leaves: list[Json], cards: dict[str, LeafCards]
) -> dict[str, list[list[str]]]:
    """Single marks as they stand now, for the leaves whose method needs them."""
    found: dict[str, list[list[str]]] = {}
    for leaf in leaves:
        if leaf["method"] != MFRM:
            continue
        own = cards[leaf["slug"]]
        of = dict(zip(own.keys, own.cards, strict=True))
        rows = Mark.objects.filter(
            scorecard__assignment__round__slug=leaf["round"],
            scorecard__assignment__round__in=rounds,
        ).values_list("scorecard_id", "criterion_id", "criterion__slug", "value")
        corrected = corrected_values(
            given_scorecards([one for one in rounds if one.slug == leaf["round"]]).values("pk")
        )
        found[leaf["slug"]] = sorted(
            [of[pk][0], of[pk][1], slug, f"{value:.2f}"]
            for pk, criterion, slug, given in rows
            if pk in of and (value := corrected.get((pk, criterion), given)) is not None
        )
    return found


def read_priority(
    rule: OutcomeRule,
    rounds: list[Round],
    counted: Mapping[int, str],
) -> dict[str, str]:
    """The mean mark of the priority criterion, as it stands now, by the entry's number."""
    if rule.priority is None:
        return {}
    cards = given_scorecards(rounds).values("pk")
    rows = Mark.objects.filter(scorecard__in=cards, criterion__slug=rule.priority.slug)
    corrected = corrected_values(cards)
    given: dict[str, list[Decimal]] = defaultdict(list)
    for card, criterion, submitted in rows.values_list("scorecard_id", "criterion_id", "value"):
        value = corrected.get((card, criterion), submitted)
        if value is not None and card in counted:
            given[counted[card]].append(value)
    return {
        number: f"{sum(values, Decimal(0)) / len(values):.6f}" for number, values in given.items()
    }


def share_judges(
    nominations: Collection[int],
    leaves: list[Json],
    cards: dict[str, LeafCards],
    of: Mapping[str, int],
) -> list[set[int]]:
    """Nominations that share a judge in a leaf where strictness is taken out belong together."""
    root = {one: one for one in nominations}

    def top(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for leaf in leaves:
        if leaf["method"] in ALONE:
            continue
        first: dict[str, int] = {}
        seen = {(card[1], of[card[0]]) for card in cards[leaf["slug"]].cards}
        for judge, nomination in sorted(seen):
            root[top(nomination)] = top(first.setdefault(judge, nomination))
    groups: dict[int, set[int]] = defaultdict(set)
    for one in sorted(nominations):
        groups[top(one)].add(one)
    return list(groups.values())
