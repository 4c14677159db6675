"""How a season judges, read from what is really set: the trees of its results, rounds, rubrics, seals.

Rules that were fixed are told as they were fixed, for places come from those. Reasons of changes, seals
and counts are told once an outcome is public.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, prefetch_related_objects

from judging.models import (
    LIST_WAYS,
    Assignment,
    AssignmentStatus,
    Round,
    RoundSeal,
    SeeOthers,
    Shows,
    Way,
)
from results.composition import Node, tree_shown
from results.models import (
    Missing,
    OutcomeRule,
    PublishedResult,
    QuotaMode,
    RulesLock,
    Standing,
    TieOrder,
)
from results.protocols import standings_behind
from results.services.composing import leaf_names, rules_of
from seasons.models import Season


@dataclass
class OutcomeTold:
    """An outcome by its rules: the tree with its effective weights, and what else decides about places."""

    rule: OutcomeRule
    tree: list[Node]
    locks: list[RulesLock]
    quota: int
    least_score: float | None
    missing: str
    ties: str
    priority: str
    quota_mode: str
    seed: str
    standings: list[Standing] = field(default_factory=list)


@dataclass
class RoundTold:
    """A round: how its judges say what they think, by which rubric, what they see."""

    round: Round
    juries: str
    by_scorecard: bool
    lists: bool
    hides_applicant: bool
    sees_others: bool
    seal: RoundSeal | None = None


@dataclass
class Methodology:
    """Everything the page says; a fixed number of queries."""

    stages: list[Any]
    outcomes: list[OutcomeTold]
    rounds: list[RoundTold]
    released: bool
    recusals: int | None
    two_people: bool
    moderated: bool


def methodology(season: Season) -> Methodology:
    """Read the configuration; seals and counts are told once an outcome is public."""
    released = PublishedResult.objects.filter(season=season).exists()
    prefetch_related_objects(
        [season],
        "stages",
        "juries",
        Prefetch(
            "rounds",
            Round.objects.select_related("rubric", "stage")
            .prefetch_related("juries")
            .annotate(criteria=Count("rubric__dimensions__criteria", distinct=True))
            .order_by("stage__opens_at", "slug"),
        ),
    )
    rules = list(
        OutcomeRule.objects.filter(season=season)
        .select_related("stage", "priority")
        .prefetch_related("parts", "locks")
        .order_by("stage__opens_at")
    )
    for rule in rules:
        rule.season = season
    # The latest seal of a round comes last and stays.
    seals = {
        seal.round_id: seal
        for seal in RoundSeal.objects.filter(round__season=season).order_by("number")
        if released
    }
    recusals = (
        Assignment.objects.filter(round__season=season, status=AssignmentStatus.RECUSED).count()
        if released
        else None
    )
    numbers = list(season.nominations.values_list("number", flat=True))
    outcomes = [outcome_told(rule, numbers) for rule in rules]
    for standing in standings_behind(season) if released else ():
        next(one for one in outcomes if one.rule.pk == standing.rule_id).standings.append(standing)
    return Methodology(
        stages=sorted(season.stages.all(), key=lambda one: (one.opens_at, one.pk)),
        outcomes=outcomes,
        rounds=[round_told(one, seals) for one in season.rounds.all()],
        released=released,
        recusals=recusals,
        two_people=season.two_person_release,
        moderated=season.moderate_comments,
    )


def outcome_told(rule: OutcomeRule, nominations: list[int]) -> OutcomeTold:
    """The rules as they were fixed last, or as they stand while nobody has fixed them."""
    locks = sorted(rule.locks.all(), key=lambda one: one.number)
    content: Mapping[str, Any] = locks[-1].content if locks else rules_of(rule)
    rounds = {one.slug: str(one.name) for one in rule.season.rounds.all()}
    names = rounds | leaf_names(rule, content["tree"])
    priority = content["priority"] or ""
    if rule.priority is not None and rule.priority.slug == priority:
        priority = str(rule.priority.name)
    least = content.get("least_score")
    return OutcomeTold(
        rule=rule,
        tree=tree_shown(content["tree"], names, nominations),
        locks=locks,
        quota=content["quota"],
        least_score=None if least is None else float(least),
        missing=str(Missing(content["missing"]).label),
        ties=str(TieOrder(" ".join(content["ties"])).label),
        priority=priority,
        quota_mode=str(QuotaMode(content["quota_mode"]).label),
        seed=content["seed"],
    )


def round_told(round_: Round, seals: Mapping[int, RoundSeal]) -> RoundTold:
    """One round."""
    return RoundTold(
        round=round_,
        juries=", ".join(str(jury.name) for jury in round_.juries.all()),
        by_scorecard=round_.way == Way.SCORECARD,
        lists=round_.way in LIST_WAYS,
        hides_applicant=round_.shows != Shows.EVERYTHING,
        sees_others=round_.see_others != SeeOthers.NEVER,
        seal=seals.get(round_.pk),
    )
