"""What the keys of a rubric must mean together: sums, bands, guidance, sub-items, phases, dates."""

from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from blueprints.faults import Faults
from blueprints.schema import Blueprint, Criterion, Guidance, Item, Round, Rubric, Stage
from judging.bands import Advice, band_faults, guidance_faults
from judging.soundness import sum_fault
from nominations.fields import NUMERIC

NOT_WITH_ITEMS = ("max", "weight", "step", "bands", "guidance", "phase")


def check_rubric(rubric: Rubric, blueprint: Blueprint, faults: Faults) -> None:
    """Look at each criterion alone, then at the whole."""
    figures = {
        prompt.slug
        for nomination in blueprint.nominations()
        for prompt in nomination.prompts
        if prompt.kind in NUMERIC
    }
    phases = {phase.slug for phase in rubric.phases}
    for dimension in rubric.dimensions:
        for criterion in dimension.criteria:
            check_split(criterion, faults)
        for item, split in dimension.marked():
            check_bands(item, faults)
            check_phase(item, split, phases, faults)
            if item.guidance is not None:
                check_guidance(item, item.guidance, figures, faults)
    if rubric.valid_from and rubric.valid_until and rubric.valid_until < rubric.valid_from:
        faults.add(
            f"{rubric.path}.valid_until", _("The last day in force is not before the first.")
        )
    check_sum(rubric, faults)


def check_sum(rubric: Rubric, faults: Faults) -> None:
    """The best marks times their weights add up to the total declared."""
    items = [item for dimension in rubric.dimensions for item, _split in dimension.marked()]
    if any(item.max is None or item.weight is None for item in items) or faults.spoilt(
        f"{rubric.path}.total"
    ):
        return
    sums = [
        (
            str(dimension.name),
            sum(
                (
                    (item.max or Decimal(0)) * (item.weight or Decimal(0))
                    for item, _split in dimension.marked()
                ),
                Decimal(0),
            ),
        )
        for dimension in rubric.dimensions
    ]
    if fault := sum_fault(rubric.total, sums):
        faults.add(f"{rubric.path}.total", fault)


def check_split(criterion: Criterion, faults: Faults) -> None:
    """A criterion is marked itself, with a maximum and bands, or is split into sub-items that are."""
    if f"{criterion.path}.items" in faults.places:
        for key in NOT_WITH_ITEMS:
            if f"{criterion.path}.{key}" in faults.places:
                message = _("This key does not go with “items”: each sub-item has its own.")
                faults.add(f"{criterion.path}.{key}", message)
        return
    for key in ("max", "bands"):
        if f"{criterion.path}.{key}" not in faults.places:
            faults.add(f"{criterion.path}.{key}", _("This key is missing."))


def check_bands(item: Item, faults: Faults) -> None:
    if item.max is None or item.step is None or not item.bands:
        return
    if faults.spoilt(f"{item.path}.bands"):
        return
    pairs = [(band.low or Decimal(0), band.high or Decimal(0)) for band in item.bands]
    for fault in band_faults(pairs, maximum=item.max, step=item.step):
        where = "" if fault.band is None else f"[{fault.band}]"
        faults.add(f"{item.path}.bands{where}", fault.message)


def check_phase(
    item: Item, split: Criterion | None, phases: Collection[str], faults: Faults
) -> None:
    """A phase is one of the rubric's, and stands in a criterion that is split."""
    if not item.phase:
        return
    if item.phase not in phases:
        message = _("The rubric has no phase “%(value)s”.")
        faults.add(f"{item.path}.phase", message % {"value": item.phase})
    elif split is None:
        faults.add(
            f"{item.path}.phase", _("Only a sub-item of a split criterion stands for a phase.")
        )


def check_guidance(
    item: Item, guidance: Guidance, figures: Collection[str], faults: Faults
) -> None:
    """Ranges that meet, marks that the criterion has, and a prompt that asks for a figure."""
    if guidance.prompt and guidance.prompt not in figures:
        message = _("No nomination has a prompt “%(value)s” of kind number or metric.")
        faults.add(f"{guidance.path}.prompt", message % {"value": guidance.prompt})
    if item.max is None or item.step is None or faults.spoilt(f"{guidance.path}.marks"):
        return
    rows = [
        Advice(row.at_least, row.below, row.low or Decimal(0), row.high or Decimal(0))
        for row in guidance.marks
    ]
    for fault in guidance_faults(rows, maximum=item.max, step=item.step):
        where = "" if fault.band is None else f"[{fault.band}]"
        faults.add(f"{guidance.path}.marks{where}", fault.message)


def check_in_force(part: Round, rubric: Rubric | None, stage: Stage | None, faults: Faults) -> None:
    """A round is judged by a rubric that is in force all the while."""
    if rubric is None or stage is None or stage.opens is None or stage.closes is None:
        return
    last_day = (stage.closes - timedelta(minutes=1)).date()
    early = rubric.valid_from and stage.opens.date() < rubric.valid_from
    late = rubric.valid_until and last_day > rubric.valid_until
    if early or late:
        faults.add(
            f"{part.path}.rubric", _("The rubric is not in force on all days of the round's stage.")
        )
