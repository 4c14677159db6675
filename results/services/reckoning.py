"""What feedback says of an entry beside the others: its quarter, its places, its calibrated score.

Nothing here tells how strict a single judge is: a correction is the mean over at least three judges.
Nor what one judge gave: where one alone scored a round, neither mean nor score is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from judging.scoring.tree import leaves_of
from results.models import OutcomeRule, Standing
from results.services.ranking import METHOD
from results.weighing import Weighed, weighed

LEAST_COHORT = 5
LEAST_JUDGES = 3
MOST_NAMED = 3
HIGH, LOW = 4, 2
CENT = Decimal("0.01")
Means = dict[int, Decimal]


class Cohorts:
    """The means of every criterion in every nomination."""

    def __init__(self) -> None:
        self.means: dict[tuple[int, int], list[Decimal]] = defaultdict(list)

    def add(self, nomination: int, means: Mapping[int, Decimal]) -> None:
        """Count one more entry of a nomination in."""
        for criterion, mean in means.items():
            self.means[nomination, criterion].append(mean)

    def quartile(self, nomination: int, criterion: int, mean: Decimal) -> dict[str, int] | None:
        """Which quarter of the nomination the mean is in, 1 being the best; None among too few."""
        others = self.means[nomination, criterion]
        if len(others) < LEAST_COHORT:
            return None
        better = sum(one > mean for one in others)
        level = sum(one == mean for one in others) - 1
        # An entry stands in the middle of those it is level with.
        return {"quarter": 1 + (2 * (2 * better + level)) // len(others), "of": len(others)}


def strengths_and_gaps(criteria: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The criteria that stand out: by quarter where there is one, else by band; three of each at most."""
    strong: list[tuple[float, str]] = []
    weak: list[tuple[float, str]] = []
    for one in criteria:
        if one["average"] is None:
            continue
        share = float(one["average"]) / float(one["maximum"])
        quarter = one["quartile"] and one["quartile"]["quarter"]
        level = one["band"] and one["band"]["level"]
        if quarter == 1 or (quarter is None and level and level >= HIGH):
            strong.append((-share, one["slug"]))
        elif quarter == 4 or (quarter is None and level and level <= LOW):
            weak.append((share, one["slug"]))
    return {
        "strengths": [slug for _share, slug in sorted(strong)[:MOST_NAMED]],
        "gaps": [slug for _share, slug in sorted(weak)[:MOST_NAMED]],
    }


def places_of(rules: QuerySet[OutcomeRule]) -> dict[int, list[dict[str, Any]]]:
    """By entry: what each of these outcomes' frozen standings said, in the order of their stages."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for rule in rules.order_by("stage__opens_at", "pk"):
        for standing in standings_used(rule):
            rows = list(standing.rows.all())
            placed = sum(row.place is not None for row in rows)
            rounds = rounds_by_leaf(standing)
            weighing = weighed(standing, standing.nomination.number)
            for row in rows:
                # In the order of the tree; a database may keep the parts in any.
                leaves = [
                    leaf_content(slug, row.parts[slug], rounds)
                    for slug in rounds or row.parts
                    if slug in row.parts
                ]
                tells = may_tell(leaves)
                parts = weighing.get(row.entry_id, [])
                alone = row.raw is not None and one_alone(leaves)
                found[row.entry_id].append(
                    {
                        "outcome": rule.kind,
                        "place": row.place,
                        "of": placed,
                        "lo": row.lo,
                        "hi": row.hi,
                        "raw": None if alone else cents(row.raw),
                        "score": cents(row.score) if tells and not alone else None,
                        "kept_back": row.score is not None and not tells,
                        "alone": alone,
                        "leaves": leaves,
                        "standardised": any(one.standardised for one in parts),
                        "sum": None
                        if alone
                        or not all(row.parts[one.slug]["count"] >= LEAST_JUDGES for one in parts)
                        else sum_content(parts, rounds),
                    }
                )
    return found


def standings_used(rule: OutcomeRule) -> list[Standing]:
    """The standing the decisions of each nomination rest on; the last one where nobody was chosen."""
    rows = rule.standings.filter(method=METHOD).order_by("computed_at", "pk")
    last = dict(rows.values_list("nomination", "pk"))
    decided = rule.decisions.filter(standing__method=METHOD).order_by("pk")
    last.update(decided.values_list("standing__nomination", "standing"))
    return list(
        Standing.objects.filter(pk__in=last.values())
        .select_related("lock", "nomination")
        .defer("inputs", "results", "changes")
        .prefetch_related("rows")
        .order_by("nomination__number")
    )


def rounds_by_leaf(standing: Standing) -> dict[str, str]:
    """The slug of the round each leaf of the tree stands for."""
    if standing.lock is None:
        return {}
    return {leaf["slug"]: leaf["round"] for leaf in leaves_of(standing.lock.content["tree"])}


def leaf_content(slug: str, part: Mapping[str, Any], rounds: Mapping[str, str]) -> dict[str, Any]:
    """Mean, shift and result, so that the sum comes out to the cent; only from three judges on."""
    mean, score = cents(part["mean"]), cents(part["score"])
    shift = None
    if mean is not None and score is not None:
        shift = f"{Decimal(score) - Decimal(mean):f}"
    tells = part["count"] >= LEAST_JUDGES
    leniency = part["leniency"]
    strictness = (
        shift is not None
        and leniency is not None
        and abs(Decimal(shift) + Decimal(leniency)) <= 2 * CENT
    )
    return {
        "round": rounds.get(slug, slug),
        "count": part["count"],
        "mean": mean if tells else None,
        "shift": shift if tells else None,
        "score": score if tells else None,
        "strictness": strictness if tells else None,
        "plain": shift is None or Decimal(shift) == 0,
    }


def sum_content(parts: list[Weighed], rounds: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """The parts and what each weighs; nothing where one part in points is the score already."""
    if not any(one.standardised for one in parts) and len(parts) < 2:
        return None
    return [
        {
            "round": rounds.get(one.slug, one.slug),
            "weight": f"{one.weight:f}",
            "part": f"{one.part:f}",
        }
        for one in parts
    ]


def may_tell(leaves: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the whole score gives away no correction of one or two judges."""
    return all(leaf["plain"] or leaf["count"] >= LEAST_JUDGES for leaf in leaves)


def one_alone(leaves: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a round was scored by one judge: mean and score would tell that judge's total."""
    return any(leaf["count"] == 1 for leaf in leaves)


def cents(value: Decimal | str | None) -> str | None:
    """Two decimals, as JSON keeps them."""
    return None if value is None else f"{Decimal(value).quantize(CENT):f}"
