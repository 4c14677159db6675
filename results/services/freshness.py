"""Whether a standing would still come out of what counts today, without collecting it all on every page.

What a standing would be known by is kept between requests under a fingerprint of everything it follows
from: rules, entries, judges, interests, and which scorecards count with what total. The fingerprint is
read afresh each time; one that is not known is answered by collecting.
"""

import hashlib
import json
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.core.cache import cache
from django.db.models import BigIntegerField, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Cast

from judging.barriers import barred_by_keys
from judging.models import Assignment, Correction, Judge, Leaf, Round
from judging.scoring.tree import Json
from nominations.models import Nomination, Revision
from results.models import OutcomeRule, Standing
from results.services.collecting import Collected, candidates, collect, given_scorecards
from results.services.composing import Composer, leaf_names, rounds_of, rules_of

DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Seat:
    """A judge who has work in a round of the outcome, or could be given some."""

    pk: int
    user: int
    email: str
    jury: str


@dataclass(frozen=True, eq=False)
class Reading:
    """What standings follow from besides scorecards: rules, entries, and whom an interest keeps from which.

    `entries`: number and nomination by key; `closed`: entries by the person they are closed to;
    `last`: keys of the last leaf of the ledger and the last correction, by round.
    """

    rule: OutcomeRule
    rounds: list[Round]
    rules_sha256: str
    names: dict[str, str]
    entries: dict[int, tuple[str, int]]
    seats: list[Seat]
    closed: dict[int, set[int]]
    last: list[tuple[int | None, int | None]]


@dataclass(frozen=True, eq=False)
class Today:
    """What counts today; `digests`: by nomination, what a standing of it would be known by."""

    reading: Reading
    digests: Mapping[int, str]

    def is_fresh(self, standing: Standing, nomination: Nomination) -> bool:
        """Whether the standing would come out of the same rules, entries and scorecards today."""
        digest = self.digests.get(nomination.number)
        if digest is None:
            return not standing.inputs["entries"]
        return digest == standing.inputs_sha256

    def collected(self) -> Collected:
        """Everything, scorecard by scorecard; slow in a large season."""
        return collect(self.reading.rule)


def today(rule: OutcomeRule) -> Today:
    """Look at what counts; collect it only if that was never seen before."""
    reading = read(rule)
    seen = fingerprint(reading)
    key = f"standings:{rule.pk}:{seen}"
    digests: dict[int, str] | None = cache.get(key)
    if digests is None:
        pools = collect(rule).pools
        digests = {number: pool.digest(number) for pool in pools for number in pool.nominations}
        # What came or went while it was collected belongs to neither moment.
        if fingerprint(read(rule)) == seen:
            cache.set(key, digests, DAY)
    return Today(reading, digests)


def read(rule: OutcomeRule) -> Reading:
    """Read everything but scorecards; quick, since a season has few rounds and judges."""
    rounds = rounds_of(rule, last_leaf=last_of(Leaf), last_correction=last_of(Correction))
    composer = Composer(rule, rounds)
    rules: Json = rules_of(rule, composer)
    found = candidates(rule, rounds).order_by("number")
    rows = found.values_list("pk", "number", "nomination__number")
    entries = {pk: (number, of) for pk, number, of in rows}
    work = Assignment.objects.filter(judge=OuterRef("pk"), round__in=rounds)
    juries = {jury.pk for jury in composer.juries()}
    judges = Judge.objects.filter(Exists(work) | Q(jury__in=juries)).order_by("pk")
    seats = [Seat(*row) for row in judges.values_list("pk", "user", "user__email", "jury__slug")]
    return Reading(
        rule=rule,
        rounds=rounds,
        rules_sha256=Revision.digest(rules),
        names=leaf_names(rule, rules["tree"], composer),
        entries=entries,
        seats=seats,
        closed=barred_by_keys({seat.user: seat.email for seat in seats}, set(entries)),
        last=[(round_.last_leaf, round_.last_correction) for round_ in rounds],
    )


def last_of(model: type[Leaf] | type[Correction]) -> Subquery:
    """The key of a round's last row of a table about scorecards that only grows."""
    where = "scorecard__assignment__round"
    rows: Any = model._default_manager.filter(**{where: OuterRef("pk")})
    return Subquery(rows.order_by().values(where).annotate(last=Max("pk")).values("last"))


def fingerprint(reading: Reading) -> str:
    """What tells this moment from any other in which a standing could be different."""
    given: Any = given_scorecards(reading.rounds).order_by()
    cards = given.values_list(
        "pk",
        "assignment__entry_id",
        "assignment__judge_id",
        Cast(F("total") * 1_000_000, BigIntegerField()),
    )
    juries = [(jury.slug, jury.kind) for one in reading.rounds for jury in one.juries.all()]
    about = [
        reading.rule.judge_salt,
        reading.rules_sha256,
        list(reading.entries.items()),
        [(seat.pk, seat.user, seat.jury) for seat in reading.seats],
        sorted((user, sorted(entries)) for user, entries in reading.closed.items() if entries),
        sorted(juries),
        reading.last,
    ]
    whole = hashlib.sha256(json.dumps(about).encode())
    whole.update(array("q", chain.from_iterable(sorted(cards))).tobytes())
    return whole.hexdigest()
