"""Whether a rubric as a whole can be judged by: its sum, its bands, its guidance, its phases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from common.errors import DomainError
from judging.bands import Advice, band_faults, guidance_faults, shown
from judging.models import Criterion, Dimension, Guidance, Rubric


@dataclass(frozen=True)
class Place:
    """A fault and the criterion it is in; no criterion means the rubric as a whole."""

    message: str
    criterion: Criterion | None = None

    def __str__(self) -> str:
        return self.message if self.criterion is None else f"{self.criterion}: {self.message}"


def sum_fault(total: Decimal | None, sums: Sequence[tuple[str, Decimal]]) -> str:
    """Say that a rubric adds up to another sum than it declares, naming each dimension's; or nothing."""
    found = sum((points for _name, points in sums), Decimal(0))
    if total is None or found == total:
        return ""
    return _(
        "The rubric declares %(total)s points, but its criteria add up to %(sum)s: %(parts)s."
    ) % {
        "total": shown(total),
        "sum": shown(found),
        "parts": ", ".join(f"{name} {shown(points)}" for name, points in sums) or "0",
    }


def points_of(criteria: Iterable[Criterion]) -> Decimal:
    """The best marks times their weights."""
    return sum((one.maximum * one.weight for one in criteria), Decimal(0))


def advice_of(rows: Iterable[Guidance]) -> list[Advice]:
    """Guidance as judging.bands looks at it."""
    return [Advice(row.at_least, row.below, row.low, row.high) for row in rows]


def rubric_faults(rubric: Rubric) -> list[Place]:
    """Everything that keeps a rubric from being judged by, each with its place."""
    dimensions = list(
        Dimension.objects.filter(rubric=rubric)
        .order_by("position", "pk")
        .prefetch_related("criteria__bands", "criteria__guidance")
    )
    criteria = [one for dimension in dimensions for one in dimension.criteria.all()]
    if not criteria:
        return [Place(_("The rubric has no criteria."))]
    faults = []
    sums = [(str(one.name), points_of(one.criteria.all())) for one in dimensions]
    if message := sum_fault(rubric.total, sums):
        faults.append(Place(message))
    for one in criteria:
        faults += criterion_faults(one)
    return faults


def criterion_faults(one: Criterion) -> list[Place]:
    """What is wrong with the bands, the guidance and the phase of one criterion."""
    bands = [(band.low, band.high) for band in one.bands.all()]
    found = [
        *(band_faults(bands, maximum=one.maximum, step=one.step) if bands else []),
        *guidance_faults(advice_of(one.guidance.all()), maximum=one.maximum, step=one.step),
    ]
    faults = [Place(str(fault.message), one) for fault in found]
    if one.phase_id is not None and one.part_of_id is None:
        faults.append(Place(_("Only a sub-item of a split criterion stands for a phase."), one))
    return faults


def check_sound(rubric: Rubric) -> None:
    """Refuse to judge by a rubric that is not whole."""
    faults = rubric_faults(rubric)
    if faults:
        raise DomainError(
            _("The rubric “%(rubric)s” cannot be used yet. %(faults)s")
            % {"rubric": rubric.name, "faults": " ".join(str(fault) for fault in faults[:5])}
        )
