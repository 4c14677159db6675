"""Collecting scorecards and freezing standings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.models import (
    Advancement,
    Entrants,
    Round,
    Scorecard,
)
from judging.models.scorecards import ScorecardQuerySet
from nominations.models import Entry, Nomination, Revision
from nominations.models.entries import EntryQuerySet
from results.models import OutcomeRule, Standing, StandingRow
from results.standings import METHOD, Ranked, RoundShare, Total, rank, shown

Inputs = dict[str, Any]


def candidates(rule: OutcomeRule, rounds: Iterable[Round] | None = None) -> EntryQuerySet:
    """Entries the outcome is about: admitted, and advanced into each of its rounds for finalists."""
    entries = Entry.objects.filter(nomination__season=rule.season_id).admitted()
    for round_ in rounds_of(rule) if rounds is None else rounds:
        if round_.entrants == Entrants.FINALISTS:
            advanced = Advancement.objects.filter(round=round_).values("entry")
            entries = entries.filter(Q(pk__in=advanced) | ~round_.takes())
    return entries


def rounds_of(rule: OutcomeRule) -> list[Round]:
    """The rule's rounds, in the order of their stages."""
    return list(rule.rounds.order_by("stage__opens_at", "slug").prefetch_related("nominations"))


def judges(round_: Round, nomination: Nomination) -> bool:
    """Whether the round judges a nomination; one that names none judges them all."""
    return nomination in (list(round_.nominations.all()) or [nomination])


def submitted_scorecards(rounds: Iterable[Round]) -> ScorecardQuerySet:
    """Locked scorecards of judges who still judge, with a total (an abstention in all has none)."""
    return (
        Scorecard.objects.filter(assignment__round__in=rounds).counted().filter(total__isnull=False)
    )


def collect(
    rule: OutcomeRule,
    nominations: Collection[Nomination],
    rounds: Sequence[Round] | None = None,
) -> dict[int, Inputs]:
    """Everything a standing is computed from, by nomination; the number of queries is fixed."""
    rounds = rounds_of(rule) if rounds is None else rounds
    slugs = {round_.pk: round_.slug for round_ in rounds}
    entries = list(
        candidates(rule, rounds)
        .filter(nomination__in=nominations)
        .order_by("number")
        .values_list("pk", "number", "nomination_id")
    )
    numbers = {pk: number for pk, number, _of in entries}
    nomination_of = {pk: nomination for pk, _no, nomination in entries}
    competing: dict[int, list[str]] = defaultdict(list)
    for _pk, number, nomination in entries:
        competing[nomination].append(number)
    cards: dict[int, list[dict[str, Any]]] = defaultdict(list)
    counted: Any = submitted_scorecards(rounds).with_current()
    found = (
        counted.filter(assignment__entry__nomination__in=nominations)
        .order_by("pk")
        .values_list("pk", "assignment__round_id", "assignment__entry_id", "current_total")
    )
    for pk, round_id, entry_id, total in found:
        if entry_id in numbers:
            cards[nomination_of[entry_id]].append(
                {
                    "id": pk,
                    "round": slugs[round_id],
                    "entry": numbers[entry_id],
                    "total": f"{total:.6f}",
                }
            )
    shared = {
        "method": METHOD,
        "outcome": rule.kind,
        "quota": rule.quota,
    }
    return {
        nomination.pk: {
            **shared,
            "rounds": [
                {"slug": one.slug, "weight": f"{one.weight:.2f}", "quorum": one.quorum}
                for one in rounds
                if judges(one, nomination)
            ],
            "nomination": nomination.number,
            "entries": competing[nomination.pk],
            "scorecards": cards[nomination.pk],
        }
        for nomination in nominations
    }


def latest_standing(rule: OutcomeRule, nomination: Nomination) -> Standing | None:
    """The last standing of a nomination for an outcome."""
    return rule.standings.filter(nomination=nomination).order_by("-computed_at", "-pk").first()


@transaction.atomic
def compute_standing(rule: OutcomeRule, nomination: Nomination, *, by: User | None) -> Standing:
    """Rank a nomination and freeze what it was ranked from; nothing new returns the last standing."""
    rule = OutcomeRule.objects.select_for_update().get(pk=rule.pk)
    return freeze(rule, nomination, collect(rule, [nomination])[nomination.pk], by=by)


@transaction.atomic
def compute_all(rule: OutcomeRule, *, by: User | None) -> list[Standing]:
    """Rank every nomination of the season that has entries."""
    rule = OutcomeRule.objects.select_for_update().get(pk=rule.pk)
    nominations = list(Nomination.objects.filter(season=rule.season_id))
    inputs = collect(rule, nominations)
    return [
        freeze(rule, nomination, inputs[nomination.pk], by=by)
        for nomination in nominations
        if inputs[nomination.pk]["entries"]
    ]


def freeze(
    rule: OutcomeRule, nomination: Nomination, inputs: Inputs, *, by: User | None
) -> Standing:
    """Write the standing that follows from the inputs."""
    if not inputs["rounds"]:
        raise DomainError(_("This outcome names no round to rank by."))
    sha256 = Revision.digest(inputs)
    latest = latest_standing(rule, nomination)
    if latest is not None and latest.inputs_sha256 == sha256:
        return latest
    standing = Standing.objects.create(
        rule=rule,
        nomination=nomination,
        method=METHOD,
        inputs=inputs,
        inputs_sha256=sha256,
        computed_at=timezone.now(),
        computed_by=by,
    )
    ids = dict(Entry.objects.filter(number__in=inputs["entries"]).values_list("number", "pk"))
    StandingRow.objects.bulk_create(
        StandingRow(
            standing=standing,
            entry_id=ids[row.entry],
            place=row.place,
            score=shown(row.score),
            proposed=row.proposed,
            parts={
                slug: {
                    "mean": None if part.mean is None else f"{shown(part.mean):.6f}",
                    "count": part.count,
                    "quorum": part.quorum,
                    "met": part.met,
                }
                for slug, part in row.parts.items()
            },
        )
        for row in ranked(inputs)
    )
    record(
        "standing.computed",
        by=by,
        about=standing,
        season=rule.season.slug,
        data={
            "outcome": rule.kind,
            "nomination": nomination.number,
            "method": METHOD,
            "inputs_sha256": sha256,
        },
    )
    return standing


def ranked(inputs: Inputs) -> list[Ranked]:
    """The ranking that follows from frozen inputs, and from nothing else."""
    return rank(
        [
            RoundShare(one["slug"], Decimal(one["weight"]), one["quorum"])
            for one in inputs["rounds"]
        ],
        inputs["entries"],
        [
            Total(card["round"], card["entry"], Decimal(card["total"]))
            for card in inputs["scorecards"]
        ],
        inputs["quota"],
    )
