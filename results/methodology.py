"""How a season judges, read from what is really set: stages, rounds, weights, juries, rubrics, seals."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch

from judging.models import Assignment, AssignmentStatus, Round, RoundSeal
from results.models import OutcomeRule, PublishedResult
from results.services.ranking import METHOD
from seasons.models import Season


@dataclass
class RoundTold:
    """A round; what was judged by, once something is public."""

    round: Round
    share: Decimal | None
    criteria: int
    seal: RoundSeal | None = None


@dataclass
class OutcomeTold:
    """An outcome with the shares of its rounds."""

    rule: OutcomeRule
    rounds: list[RoundTold]


@dataclass
class Methodology:
    """Everything the page says; a fixed number of queries."""

    stages: list[Any]
    outcomes: list[OutcomeTold]
    method: str
    released: bool
    recusals: int | None
    two_people: bool


def methodology(season: Season) -> Methodology:
    """Read the configuration; rubrics, seals and counts are told once an outcome is public."""
    released = PublishedResult.objects.filter(season=season).exists()
    rules = list(
        OutcomeRule.objects.filter(season=season)
        .select_related("stage", "priority")
        .prefetch_related(
            Prefetch(
                "rounds",
                Round.objects.select_related("rubric", "stage")
                .prefetch_related("juries", "nominations")
                .annotate(criteria=Count("rubric__dimensions__criteria", distinct=True)),
            )
        )
        .order_by("stage__opens_at")
    )
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
    return Methodology(
        stages=list(season.stages.order_by("opens_at", "pk")),
        outcomes=[OutcomeTold(rule, rounds_of(rule, seals)) for rule in rules],
        method=METHOD,
        released=released,
        recusals=recusals,
        two_people=season.two_person_release,
    )


def rounds_of(rule: OutcomeRule, seals: dict[int, RoundSeal]) -> list[RoundTold]:
    """The rounds of an outcome with their share of the result of the nominations they judge."""
    judged = {
        one: {nomination.number for nomination in one.nominations.all()}
        for one in rule.rounds.all()
    }
    rounds = sorted(
        judged, key=lambda one: (one.stage.opens_at, min(judged[one], default=0), one.slug)
    )
    return [
        RoundTold(
            round=one,
            share=share_of(one, judged),
            criteria=one.criteria,  # type: ignore[attr-defined]
            seal=seals.get(one.pk),
        )
        for one in rounds
    ]


def share_of(round_: Round, judged: dict[Round, set[int]]) -> Decimal | None:
    """What the round weighs, in per cent; None where that differs between its nominations.

    A round that names no nomination judges all of them.
    """
    shares = set()
    for number in judged[round_] or set().union(*judged.values()) or {0}:
        whole = sum(
            one.weight for one, numbers in judged.items() if not numbers or number in numbers
        )
        shares.add((round_.weight * 100 / whole).quantize(Decimal("0.1")) if whole else None)
    return shares.pop() if len(shares) == 1 else None
