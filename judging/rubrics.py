"""Whether a rubric may still change, and copying it when it may not."""

from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from audit.services import record
from judging.models import (
    Band,
    Consultation,
    Criterion,
    Dimension,
    Guidance,
    Mark,
    Phase,
    ReferenceMark,
    Rubric,
    SplitCriterion,
)

Row = TypeVar("Row", bound=models.Model)
Part = Rubric | Dimension | Phase | SplitCriterion | Criterion


def rubric_of(part: Part) -> Rubric:
    """The rubric a part belongs to."""
    if isinstance(part, Rubric):
        return part
    return part.rubric if isinstance(part, Dimension | Phase) else part.dimension.rubric


def is_marked(rubric: Rubric) -> bool:
    """Whether somebody has marked by it, a sample too: from then on it never changes."""
    return (
        Mark.objects.filter(criterion__dimension__rubric=rubric).exists()
        or ReferenceMark.objects.filter(criterion__dimension__rubric=rubric).exists()
    )


def is_consulted(rubric: Rubric) -> bool:
    """Whether people are being asked about it: it stands still until that closes."""
    return Consultation.objects.running().filter(rubric=rubric).exists()


def is_locked(rubric: Rubric) -> bool:
    """Whether it may not be changed now."""
    return is_marked(rubric) or is_consulted(rubric)


def previous_of(rubric: Rubric) -> Rubric | None:
    """The version before this one."""
    earlier = Rubric.objects.filter(season=rubric.season_id, slug=rubric.slug)
    return earlier.filter(version__lt=rubric.version).order_by("-version").first()


def with_lock(rubrics: QuerySet[Rubric]) -> QuerySet[Any]:
    """Say for each rubric whether it has marks."""
    marks = Mark.objects.filter(criterion__dimension__rubric=OuterRef("pk"))
    samples = ReferenceMark.objects.filter(criterion__dimension__rubric=OuterRef("pk"))
    asked = Consultation.objects.running().filter(rubric=OuterRef("pk"))
    return rubrics.annotate(has_marks=Exists(marks) | Exists(samples), is_asked=Exists(asked))


@transaction.atomic
def copy_rubric(rubric: Rubric, *, by: User) -> Rubric:
    """Make the next version, equal in everything, free to be changed."""
    siblings = Rubric.objects.select_for_update().filter(season=rubric.season_id, slug=rubric.slug)
    latest = max(siblings.values_list("version", flat=True))
    made = renewed(rubric, version=latest + 1, valid_from=None, valid_until=None)
    phases = {one.pk: renewed(one, rubric=made) for one in Phase.objects.filter(rubric=rubric)}
    for dimension in Dimension.objects.filter(rubric=rubric):
        group = renewed(dimension, rubric=made)
        splits = {
            one.pk: renewed(one, dimension=group)
            for one in SplitCriterion.objects.filter(dimension=dimension)
        }
        for criterion in Criterion.objects.filter(dimension=dimension):
            copied = renewed(
                criterion,
                dimension=group,
                part_of=splits.get(criterion.part_of_id or 0),
                phase=phases.get(criterion.phase_id or 0),
            )
            for band in Band.objects.filter(criterion=criterion):
                renewed(band, criterion=copied)
            for row in Guidance.objects.filter(criterion=criterion):
                renewed(row, criterion=copied)
    record(
        "rubric.copied",
        by=by,
        about=made,
        season=rubric.season.slug,
        data={"from": rubric.version, "to": made.version},
    )
    return made


def renewed(row: Row, **changes: Any) -> Row:
    """A new row that says the same, but for the changes."""
    values = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in changes
    }
    rows: models.Manager[Row] = type(row)._default_manager
    return rows.create(**values, **changes)
