"""Rubrics as rows: storing those of a file, and saying in the same words what is stored."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from blueprints.ledger import Ledger
from blueprints.schema import Criterion, Dimension, Item, Rubric
from judging import models as judging
from seasons.models import Season


def store_rubric(rubric: Rubric, season: Season, ledger: Ledger) -> judging.Rubric:
    """A scoring scheme; parts without marks that the file no longer names go."""
    row = ledger.put(
        judging.Rubric,
        {"season": season, "slug": rubric.slug, "version": rubric.version},
        {
            "name": rubric.name,
            "comment_at_or_below": rubric.comment_at_or_below,
            "comment_at_or_above": rubric.comment_at_or_above,
            "total": rubric.total,
            "valid_from": rubric.valid_from,
            "valid_until": rubric.valid_until,
        },
        name=f"{rubric.slug} {rubric.version}",
    )
    phases = store_phases(rubric, row, ledger)
    splits: list[int] = []
    for position, dimension in enumerate(rubric.dimensions, start=1):
        part = ledger.put(
            judging.Dimension,
            {"rubric": row, "position": position},
            {"name": dimension.name},
            name=f"{rubric.slug} {position}",
        )
        made = store_splits(dimension, part, ledger)
        splits += [split.pk for split in made.values()]
        for place, (item, split) in enumerate(dimension.marked(), start=1):
            store_item(
                item,
                {
                    "dimension": part,
                    "position": place,
                    "part_of": made[split.slug] if split else None,
                    "phase": phases.get(item.phase),
                },
                row,
                ledger,
            )
    slugs = [item.slug for item in rubric.criteria()]
    ledger.remove(judging.Criterion.objects.filter(dimension__rubric=row).exclude(slug__in=slugs))
    ledger.remove(
        judging.SplitCriterion.objects.filter(dimension__rubric=row).exclude(pk__in=splits)
    )
    ledger.remove(row.dimensions.filter(position__gt=len(rubric.dimensions)))
    ledger.remove(row.phases.exclude(slug__in=list(phases)))
    return row


def store_phases(rubric: Rubric, row: judging.Rubric, ledger: Ledger) -> dict[str, judging.Phase]:
    """The phases in the order of the file, by short name."""
    return {
        phase.slug: ledger.put(
            judging.Phase,
            {"rubric": row, "slug": phase.slug},
            {
                "position": position,
                "name": phase.name,
                "description": phase.description,
                "reached_at": phase.reached_at,
            },
            name=f"{rubric.slug} {phase.slug}",
        )
        for position, phase in enumerate(rubric.phases, start=1)
    }


def store_splits(
    dimension: Dimension, part: judging.Dimension, ledger: Ledger
) -> dict[str, judging.SplitCriterion]:
    """The criteria that are split, by short name."""
    return {
        criterion.slug: ledger.put(
            judging.SplitCriterion,
            {"dimension": part, "slug": criterion.slug},
            {"name": criterion.name, "description": criterion.description},
            name=criterion.slug,
        )
        for criterion in dimension.criteria
        if criterion.items
    }


def store_item(item: Item, where: dict[str, Any], row: judging.Rubric, ledger: Ledger) -> None:
    """What is marked, with its bands and its guidance."""
    guidance = item.guidance
    values = {
        **where,
        "name": item.name,
        "description": item.description,
        "maximum": item.max,
        "weight": item.weight,
        "step": item.step,
        "measure": guidance.measure if guidance else {},
        "measure_prompt": guidance.prompt if guidance else "",
    }
    mark = ledger.put(
        judging.Criterion, {"dimension__rubric": row, "slug": item.slug}, values, name=item.slug
    )
    for band in item.bands:
        ledger.put(
            judging.Band,
            {"criterion": mark, "low": band.low},
            {"high": band.high, "name": band.name, "descriptor": band.descriptor},
            name=f"{item.slug} {band.low}",
        )
    lows = [band.low for band in item.bands if band.low is not None]
    ledger.remove(mark.bands.exclude(low__in=lows))
    kept = []
    for line in guidance.marks if guidance else []:
        stored = ledger.put(
            judging.Guidance,
            {"criterion": mark, "at_least": line.at_least, "below": line.below},
            {"low": line.low, "high": line.high},
            name=f"{item.slug} {line.low}",
        )
        kept.append(stored.pk)
    ledger.remove(mark.guidance.exclude(pk__in=kept))


def rubric_in_words(rubric: Rubric) -> list[Any]:
    """Everything a rubric of the file says, to compare with what is stored."""
    return [
        rubric.name,
        rubric.comment_at_or_below,
        rubric.comment_at_or_above,
        rubric.total,
        rubric.valid_from,
        rubric.valid_until,
        [[phase.slug, phase.name, phase.description, phase.reached_at] for phase in rubric.phases],
        [
            [dimension.name, [item_in_words(item, split) for item, split in dimension.marked()]]
            for dimension in rubric.dimensions
        ],
    ]


def item_in_words(item: Item, split: Criterion | None) -> list[Any]:
    guidance = item.guidance
    return [
        item.slug,
        item.name,
        item.description,
        item.max,
        item.weight,
        item.step,
        [split.slug, split.name, split.description] if split else None,
        item.phase,
        in_order([band.low, band.high, band.name, band.descriptor] for band in item.bands),
        [guidance.measure if guidance else {}, guidance.prompt if guidance else ""],
        in_order(
            [line.low, line.high, line.at_least, line.below]
            for line in (guidance.marks if guidance else [])
        ),
    ]


def in_order(rows: Iterable[list[Any]]) -> list[list[Any]]:
    """Rows by their numbers, whatever order they were written in."""
    return sorted(rows, key=lambda row: [cell for cell in row if isinstance(cell, Decimal)])


def stored_in_words(rubric: judging.Rubric) -> list[Any]:
    """The same of a stored rubric."""
    dimensions = rubric.dimensions.order_by("position").prefetch_related(
        "criteria__bands", "criteria__guidance", "criteria__part_of", "criteria__phase"
    )
    return [
        rubric.name,
        rubric.comment_at_or_below,
        rubric.comment_at_or_above,
        rubric.total,
        rubric.valid_from,
        rubric.valid_until,
        [
            [phase.slug, phase.name, phase.description, phase.reached_at]
            for phase in rubric.phases.order_by("position")
        ],
        [
            [
                dimension.name,
                [
                    stored_item(one)
                    for one in sorted(dimension.criteria.all(), key=lambda one: one.position)
                ],
            ]
            for dimension in dimensions
        ],
    ]


def stored_item(one: judging.Criterion) -> list[Any]:
    split = one.part_of
    return [
        one.slug,
        one.name,
        one.description,
        one.maximum,
        one.weight,
        one.step,
        [split.slug, split.name, split.description] if split else None,
        one.phase.slug if one.phase else "",
        in_order([band.low, band.high, band.name, band.descriptor] for band in one.bands.all()),
        [one.measure, one.measure_prompt],
        in_order([row.low, row.high, row.at_least, row.below] for row in one.guidance.all()),
    ]
