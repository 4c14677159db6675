"""What standings are computed from, as it stands now; nominations that share judges go together."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import FloatField, Q
from django.db.models.functions import Cast

from judging.corrections import corrected_values
from judging.models import Advancement, Entrants, JuryKind, Leaf, Mark, Purpose, Round, Scorecard
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
    for round_ in rounds_of(rule) if rounds is None else rounds:
        if round_.entrants == Entrants.FINALISTS:
            advanced = Advancement.objects.filter(round=round_).values("entry")
            entries = entries.filter(Q(pk__in=advanced) | ~round_.takes())
    return entries


def submitted_scorecards(rounds: Iterable[Round]) -> ScorecardQuerySet:
    """Locked scorecards of judges who still judge, with a total (an abstention in all has none)."""
    return (
        Scorecard.objects.filter(assignment__round__in=rounds).counted().filter(total__isnull=False)
    )


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
    slugs = {round_.pk: round_.slug for round_ in rounds}
    cards, appeals = read_scorecards(rule, rounds, slugs, leaves, entries)
    marks = read_marks(rounds, leaves, cards)
    priority = read_priority(rule, rounds, entries) if "priority" in rules["ties"] else None
    groups = share_judges({of for _number, of in entries.values()}, leaves, cards, entries)
    pools = []
    for group in groups:
        inputs: Json = {
            "format": FORMAT,
            "entries": [[number, of] for number, of in entries.values() if of in group],
            "scorecards": {
                leaf["slug"]: sorted(
                    card[1:] for card in cards[leaf["slug"]] if entries[card[0][1]][1] in group
                )
                for leaf in leaves
            },
        }
        asked = {
            slug: sorted([card[1], card[2]] for card in rows if entries[card[0][1]][1] in group)
            for slug, rows in appeals.items()
        }
        if any(asked.values()):
            inputs["appeals"] = {slug: rows for slug, rows in asked.items() if rows}
        if marks:
            inside = {number for number, of in entries.values() if of in group}
            inputs["marks"] = {
                slug: [row for row in rows if row[0] in inside] for slug, rows in marks.items()
            }
        if priority is not None:
            inputs["priority"] = {
                number: priority[number]
                for number, of in entries.values()
                if of in group and number in priority
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


# (scorecard, entry), entry's number, pseudonym of the judge, total, fingerprint
Card = tuple[tuple[int, int], str, str, str, str]


def read_scorecards(
    rule: OutcomeRule,
    rounds: list[Round],
    slugs: dict[int, str],
    leaves: list[Json],
    entries: dict[int, tuple[str, int]],
) -> tuple[dict[str, list[Card]], dict[str, list[Card]]]:
    """The scorecards that count, by leaf, and which of them an appeal asked for.

    A review panel is none of a round's juries: what it gives counts in every part of the round
    that experts judge.
    """
    public = {
        (round_.slug, jury.slug)
        for round_ in rounds
        for jury in round_.juries.all()
        if jury.kind == JuryKind.PUBLIC
    }
    where: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    reviewed: dict[str, list[str]] = defaultdict(list)
    for leaf in leaves:
        where[leaf["round"], leaf["jury"]].append(leaf["slug"])
        if (leaf["round"], leaf["jury"]) not in public:
            reviewed[leaf["round"]].append(leaf["slug"])
    fingerprints = dict(
        Leaf.objects.filter(scorecard__assignment__round__in=rounds)
        .order_by("pk")
        .values_list("scorecard_id", "sha256")
    )
    counted: Any = submitted_scorecards(rounds).with_current()
    rows = counted.values_list(
        "pk",
        "assignment__round_id",
        "assignment__judge__jury__slug",
        "assignment__judge__user_id",
        "assignment__entry_id",
        "assignment__purpose",
        # Six decimals of at most 100 points survive the way through a float, which is read quicker.
        Cast("current_total", FloatField()),
    )
    names: dict[int, str] = {}
    cards: dict[str, list[Card]] = {leaf["slug"]: [] for leaf in leaves}
    appeals: dict[str, list[Card]] = defaultdict(list)
    for pk, round_id, jury, user, entry, purpose, total in rows.order_by().iterator(
        chunk_size=5000
    ):
        if entry not in entries or total is None:
            continue
        name = names.get(user)
        if name is None:
            name = names.setdefault(user, pseudonym(rule.judge_salt, user))
        row: Card = (
            (pk, entry),
            entries[entry][0],
            name,
            f"{total:.6f}",
            fingerprints.get(pk, ""),
        )
        if purpose == Purpose.APPEAL:
            for slug in reviewed[slugs[round_id]]:
                cards[slug].append(row)
                appeals[slug].append(row)
            continue
        for slug in [*where[slugs[round_id], None], *where[slugs[round_id], jury]]:
            cards[slug].append(row)
    return cards, appeals


def read_marks(
    rounds: list[Round], leaves: list[Json], cards: dict[str, list[Card]]
) -> dict[str, list[list[str]]]:
    """Single marks as they stand now, for the leaves whose method needs them."""
    found: dict[str, list[list[str]]] = {}
    for leaf in leaves:
        if leaf["method"] != MFRM:
            continue
        of = {card[0][0]: card for card in cards[leaf["slug"]]}
        rows = Mark.objects.filter(
            scorecard__assignment__round__slug=leaf["round"],
            scorecard__assignment__round__in=rounds,
        ).values_list("scorecard_id", "criterion_id", "criterion__slug", "value")
        corrected = corrected_values(
            submitted_scorecards([one for one in rounds if one.slug == leaf["round"]]).values("pk")
        )
        found[leaf["slug"]] = sorted(
            [of[pk][1], of[pk][2], slug, f"{value:.2f}"]
            for pk, criterion, slug, given in rows
            if pk in of and (value := corrected.get((pk, criterion), given)) is not None
        )
    return found


def read_priority(
    rule: OutcomeRule, rounds: list[Round], entries: dict[int, tuple[str, int]]
) -> dict[str, str]:
    """The mean mark of the priority criterion, as it stands now, by the entry's number."""
    if rule.priority is None:
        return {}
    cards = submitted_scorecards(rounds).values("pk")
    rows = Mark.objects.filter(scorecard__in=cards, criterion__slug=rule.priority.slug)
    corrected = corrected_values(cards)
    given: dict[int, list[Decimal]] = defaultdict(list)
    for card, criterion, entry, submitted in rows.values_list(
        "scorecard_id", "criterion_id", "scorecard__assignment__entry_id", "value"
    ):
        value = corrected.get((card, criterion), submitted)
        if value is not None and entry in entries:
            given[entry].append(value)
    return {
        entries[pk][0]: f"{sum(values, Decimal(0)) / len(values):.6f}"
        for pk, values in given.items()
    }


def share_judges(
    nominations: Collection[int],
    leaves: list[Json],
    cards: dict[str, list[Card]],
    entries: dict[int, tuple[str, int]],
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
        seen = {(card[2], entries[card[0][1]][1]) for card in cards[leaf["slug"]]}
        for judge, of in sorted(seen):
            root[top(of)] = top(first.setdefault(judge, of))
    groups: dict[int, set[int]] = defaultdict(set)
    for one in sorted(nominations):
        groups[top(one)].add(one)
    return list(groups.values())
