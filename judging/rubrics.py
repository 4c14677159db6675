"""Whether a rubric may still change, and copying it when it may not."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from audit.services import record
from judging.models import Band, Criterion, Dimension, Mark, Rubric


def rubric_of(part: Rubric | Dimension | Criterion) -> Rubric:
    """The rubric a part belongs to."""
    if isinstance(part, Rubric):
        return part
    return part.rubric if isinstance(part, Dimension) else part.dimension.rubric


def is_locked(rubric: Rubric) -> bool:
    """Whether somebody has marked by it."""
    return Mark.objects.filter(criterion__dimension__rubric=rubric).exists()


def with_lock(rubrics: QuerySet[Rubric]) -> QuerySet[Any]:
    """Say for each rubric whether it has marks."""
    marks = Mark.objects.filter(criterion__dimension__rubric=OuterRef("pk"))
    return rubrics.annotate(has_marks=Exists(marks))


@transaction.atomic
def copy_rubric(rubric: Rubric, *, by: User) -> Rubric:
    """Make the next version, equal in everything, free to be changed."""
    siblings = Rubric.objects.select_for_update().filter(season=rubric.season_id, slug=rubric.slug)
    latest = max(siblings.values_list("version", flat=True))
    made = Rubric.objects.create(
        season=rubric.season,
        slug=rubric.slug,
        version=latest + 1,
        name=rubric.name,
        comment_at_or_below=rubric.comment_at_or_below,
        comment_at_or_above=rubric.comment_at_or_above,
    )
    for dimension in Dimension.objects.filter(rubric=rubric):
        new_dimension = Dimension.objects.create(
            rubric=made, position=dimension.position, name=dimension.name
        )
        for criterion in Criterion.objects.filter(dimension=dimension):
            new_criterion = Criterion.objects.create(
                dimension=new_dimension,
                position=criterion.position,
                slug=criterion.slug,
                name=criterion.name,
                description=criterion.description,
                maximum=criterion.maximum,
                weight=criterion.weight,
                step=criterion.step,
            )
            Band.objects.bulk_create(
                Band(
                    criterion=new_criterion,
                    low=band.low,
                    high=band.high,
                    name=band.name,
                    descriptor=band.descriptor,
                )
                for band in Band.objects.filter(criterion=criterion)
            )
    record(
        "rubric.copied",
        by=by,
        about=made,
        season=rubric.season.slug,
        data={"from": rubric.version, "to": made.version},
    )
    return made
