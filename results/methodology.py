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
        .select_related("stage")
        .prefetch_related(
            Prefetch(
                "rounds",
                Round.objects.select_related("rubric", "stage")
                .prefetch_related("juries")
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
    """The rounds of an outcome with their share of its result."""
    rounds = sorted(rule.rounds.all(), key=lambda one: (one.stage.opens_at, one.slug))
    whole = sum((one.weight for one in rounds), Decimal(0))
    return [
        RoundTold(
            round=one,
            share=(one.weight * 100 / whole).quantize(Decimal("0.1")) if whole else None,
            criteria=one.criteria,  # type: ignore[attr-defined]
            seal=seals.get(one.pk),
        )
        for one in rounds
    ]
