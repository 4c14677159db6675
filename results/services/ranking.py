"""Computing standings and freezing them with everything they follow from."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.bulk import insert_rows
from common.errors import DomainError
from common.memory import circles_ignored
from judging.scoring import METHOD
from judging.scoring.composed import compute
from judging.scoring.tree import Json
from judging.scoring.types import ScoringError
from judging.scoring.verify import versions
from nominations.models import Nomination, Revision
from results.models import OutcomeRule, RulesLock, Standing, StandingBasis, StandingRow
from results.services.collecting import Collected, Pool, candidates, collect
from results.services.composing import rounds_of
from results.services.locking import current_lock

__all__ = [
    "METHOD",
    "candidates",
    "collect",
    "compute_all",
    "compute_standing",
    "latest_standing",
    "rounds_of",
]

# What a row of the table keeps of a row of the results, under the same name.
ROW_FIELDS = (
    "place", "score", "raw", "se", "lo", "hi", "p_top", "contested", "proposed",
)  # fmt: skip
Inputs = dict[str, Any]


def latest_standing(rule: OutcomeRule, nomination: Nomination) -> Standing | None:
    """The last standing of a nomination for an outcome."""
    return rule.standings.filter(nomination=nomination).order_by("-computed_at", "-pk").first()


@transaction.atomic
def compute_standing(rule: OutcomeRule, nomination: Nomination, *, by: User | None) -> Standing:
    """Rank a nomination and freeze what it was ranked from; nothing new returns the last standing."""
    rule = OutcomeRule.objects.select_for_update().get(pk=rule.pk)
    made, refused = freeze_pools(rule, [nomination], by=by)
    if refused:
        raise DomainError(refused[0][1])
    return made[0]


@transaction.atomic
def compute_all(rule: OutcomeRule, *, by: User | None) -> list[Standing]:
    """Rank every nomination of the season that has entries and can be ranked."""
    rule = OutcomeRule.objects.select_for_update().get(pk=rule.pk)
    made, _refused = freeze_pools(rule, None, by=by)
    return made


@circles_ignored()
def freeze_pools(
    rule: OutcomeRule,
    wanted: Iterable[Nomination] | None,
    *,
    by: User | None,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Standing], list[tuple[Nomination, str]]]:
    """Write the standings that follow; return them, and the nominations refused with the reason.

    Each standing is a transaction of its own, so that others see how far it is, and a worker that
    died goes on where it was: what stands already is found again.
    """
    now = collect(rule)
    if not now.rules["tree"]["children"]:
        raise DomainError(_("This outcome names no round to rank by."))
    with transaction.atomic():
        OutcomeRule.objects.select_for_update().get(pk=rule.pk)
        lock = current_lock(rule, now.rules, now.rules_sha256)
    numbers = None if wanted is None else {one.number for one in wanted}
    asked = [
        (pool, [one for one in pool.nominations if numbers is None or one in numbers])
        for pool in now.pools
    ]
    whole = sum(len(mine) for _pool, mine in asked)
    freezer = Freezer(rule, now, lock, by)

    def advance() -> None:
        if progress and whole:
            done = len(freezer.made) + len(freezer.refused)
            progress(10 + 90 * done // whole)

    advance()
    for pool, mine in asked:
        if mine:
            freezer.freeze_pool(pool, mine, advance)
    inside = {number for pool in now.pools for number in pool.nominations}
    for number in sorted((numbers or set()) - inside):
        empty = Pool((number,), {"entries": [], "scorecards": {}}, "", now.rules_sha256)
        nothing: Json = {"nomination": number, "stopped": None, "rows": []}
        with transaction.atomic():
            freezer.made.append(freezer.freeze(empty, number, nothing, None))
    return freezer.made, freezer.refused


def why_stopped(stopped: Json) -> str:
    """Say what keeps a nomination from being ranked, and what would help."""
    if stopped["code"] == "no-leaf":
        return _("No part of this outcome judges this nomination.")
    entries = list(dict.fromkeys(entry for entry, _judge in stopped["anchors"]))
    return _(
        "Groups of judges share no entry here, so nothing can tell a strict group from weaker "
        "entries. Let a few entries be read by both groups: %(entries)s. Then compute again, or "
        "choose the plain mean."
    ) % {"entries": ", ".join(entries)}


class Freezer:
    """Writes standings of one outcome from what was collected."""

    def __init__(self, rule: OutcomeRule, now: Collected, lock: RulesLock, by: User | None) -> None:
        self.rule, self.now, self.lock, self.by = rule, now, lock, by
        self.nominations = {
            one.number: one for one in Nomination.objects.filter(season=rule.season_id)
        }
        self.made: list[Standing] = []
        self.refused: list[tuple[Nomination, str]] = []
        self.latest = {
            standing.nomination_id: standing
            for standing in rule.standings.order_by("computed_at", "pk").defer("results")
        }

    def freeze_pool(self, pool: Pool, asked: list[int], advance: Callable[[], None]) -> None:
        """Compute what is new in one pool, and keep it."""
        waiting = []
        for number in asked:
            latest = self.latest.get(self.nominations[number].pk)
            if latest is not None and latest.inputs_sha256 == pool.digest(number):
                self.made.append(latest)
            else:
                waiting.append(number)
        if not waiting:
            return
        try:
            results = compute(self.now.rules, pool.inputs, waiting)
        except ScoringError as error:
            self.refused.extend((self.nominations[number], str(error)) for number in waiting)
            return
        basis = None
        for number in waiting:
            if stopped := results[number]["stopped"]:
                self.refused.append((self.nominations[number], why_stopped(stopped)))
                continue
            with transaction.atomic():
                OutcomeRule.objects.select_for_update().get(pk=self.rule.pk)
                basis = basis or basis_of(pool)
                self.made.append(self.freeze(pool, number, results[number], basis))
            advance()

    def freeze(
        self, pool: Pool, number: int, results: Json, basis: StandingBasis | None
    ) -> Standing:
        """Write one standing; the same inputs return the last one."""
        nomination, rule = self.nominations[number], self.rule
        inputs = pool.standing_inputs(number)
        sha256 = Revision.digest(inputs)
        # Somebody else may have computed it while we did.
        latest = latest_standing(rule, nomination)
        if latest is not None and latest.inputs_sha256 == sha256:
            return latest
        standing = Standing.objects.create(
            rule=rule,
            nomination=nomination,
            method=METHOD,
            inputs=inputs,
            inputs_sha256=sha256,
            basis=basis,
            lock=self.lock,
            versions=versions(),
            results=results,
            results_sha256=Revision.digest(results),
            previous=latest,
            changes=changes(latest, results, pool),
            computed_at=timezone.now(),
            computed_by=self.by,
        )
        insert_rows(
            StandingRow,
            ("standing", "entry", "parts", *ROW_FIELDS),
            (
                (
                    standing.pk,
                    self.now.entry_ids[row["entry"]],
                    json.dumps(row["parts"]),
                    *(row[name] for name in ROW_FIELDS),
                )
                for row in results["rows"]
            ),
        )
        record(
            "standing.computed",
            by=self.by,
            about=standing,
            season=rule.season.slug,
            data={
                "outcome": rule.kind,
                "nomination": number,
                "method": METHOD,
                "inputs_sha256": sha256,
                "rules_sha256": self.now.rules_sha256,
                "results_sha256": standing.results_sha256,
            },
        )
        return standing


def basis_of(pool: Pool) -> StandingBasis:
    """The scorecards of a pool as they are kept, once for all standings that rest on them."""
    found = StandingBasis.objects.filter(sha256=pool.sha256).first()
    return found or StandingBasis.objects.create(inputs=pool.inputs, sha256=pool.sha256)


def changes(before: Standing | None, results: Json, pool: Pool) -> Json:
    """What is different from the standing before: entries, scorecards, rules, places."""
    if before is None:
        return {}
    old_rows = {row.entry.number: row for row in before.rows.select_related("entry").order_by("pk")}
    new_rows = {row["entry"]: row for row in results["rows"]}
    old_cards, new_cards = cards_of(before), cards_in(pool.inputs)
    known = before.basis is not None
    return {
        "previous_sha256": before.inputs_sha256,
        "rules": before.inputs.get("rules_sha256") != pool.rules_sha256,
        "entered": sorted(new_rows.keys() - old_rows.keys()),
        "left": sorted(old_rows.keys() - new_rows.keys()),
        "scorecards": {
            "added": len(new_cards.keys() - old_cards.keys()),
            "left_out": len(old_cards.keys() - new_cards.keys()),
            "corrected": sum(
                old_cards[key] != new_cards[key] for key in old_cards.keys() & new_cards.keys()
            ),
        }
        if known
        else None,
        "moved": [
            {
                "entry": number,
                "from": old_rows[number].place,
                "to": row["place"],
                "was_proposed": old_rows[number].proposed,
                "proposed": row["proposed"],
            }
            for number, row in sorted(new_rows.items())
            if number in old_rows
            and (old_rows[number].place, old_rows[number].proposed)
            != (row["place"], row["proposed"])
        ],
    }


def cards_of(standing: Standing) -> dict[tuple[str, str, str], str]:
    """The totals a standing rests on."""
    return cards_in(standing.basis.inputs) if standing.basis else {}


def cards_in(inputs: Json) -> dict[tuple[str, str, str], str]:
    """Totals by leaf, entry and judge."""
    return {
        (slug, card[0], card[1]): card[2]
        for slug, cards in inputs["scorecards"].items()
        for card in cards
    }
