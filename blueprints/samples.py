"""Calibration samples of a round: their keys, what they must mean together, and the rows they make."""

# ruff: noqa: RUF009 - `has` and `may_have` make dataclass fields

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from blueprints.faults import Faults
from blueprints.kinds import SLUG, Many, Number, One, Part, Texts, has, may_have
from blueprints.ledger import Ledger
from common.localized import Localized
from judging import models as judging


@dataclass(kw_only=True)
class SampleAnswer(Part):
    """A question of a sample with its answer."""

    question: Localized = has(Texts())
    text: Localized = has(Texts())


@dataclass(kw_only=True)
class Reference(Part):
    """What the sample deserves on one criterion of the round's rubric, and why."""

    criterion: str = has(SLUG)
    mark: Decimal | None = has(Number(9999, 2, zero=True))
    reason: Localized = may_have(Texts())


@dataclass(kw_only=True)
class Sample(Part):
    """A made-up entry that judges score before the round's own."""

    slug: str = has(SLUG)
    title: Localized = has(Texts())
    answers: list[SampleAnswer] = has(Many(One(SampleAnswer)))
    references: list[Reference] = has(Many(One(Reference)))


def check_references(
    sample: Sample, marked: Mapping[str, tuple[Decimal | None, Decimal | None]], faults: Faults
) -> None:
    """Each criterion of the rubric has one reference mark, on its scale; `marked` gives maximum and step."""
    given: set[str] = set()
    for one in sample.references:
        if not one.criterion:
            continue
        place = f"{one.path}.criterion"
        if one.criterion not in marked:
            message = _("The rubric of the round has no criterion “%(value)s”.")
            faults.add(place, message % {"value": one.criterion})
        elif one.criterion in given:
            faults.add(place, _("This criterion has a reference mark already."))
        else:
            check_mark(one, *marked[one.criterion], faults)
        given.add(one.criterion)
    if left := [slug for slug in marked if slug not in given]:
        message = _("These criteria have no reference mark: %(criteria)s.")
        faults.add(f"{sample.path}.references", message % {"criteria": ", ".join(left)})


def check_mark(
    one: Reference, maximum: Decimal | None, step: Decimal | None, faults: Faults
) -> None:
    """A reference mark is one that a judge could give."""
    if one.mark is None or maximum is None or not step:
        return
    if one.mark < 0 or one.mark > maximum or one.mark % step:
        message = _("Give a mark from 0 to %(maximum)s in steps of %(step)s.")
        faults.add(f"{one.path}.mark", message % {"maximum": f"{maximum:f}", "step": f"{step:f}"})


def store_samples(parts: list[Sample], row: judging.Round, ledger: Ledger) -> None:
    """The samples of a round; those the file no longer names go, unless somebody has begun with them."""
    if not parts:
        return
    criteria = {
        one.slug: one for one in judging.Criterion.objects.filter(dimension__rubric=row.rubric_id)
    }
    for position, part in enumerate(parts, start=1):
        stored = row.samples.filter(slug=part.slug).first()
        if stored is not None and is_answered(stored):
            continue  # locked, and said by blueprints.locks to be the same
        sample = ledger.put(
            judging.Sample,
            {"round": row, "slug": part.slug},
            {"position": position, "title": part.title},
            name=f"{row.slug} {part.slug}",
        )
        for place, answer in enumerate(part.answers, start=1):
            ledger.put(
                judging.SampleAnswer,
                {"sample": sample, "position": place},
                {"question": answer.question, "text": answer.text},
                name=f"{part.slug} {place}",
            )
        ledger.remove(sample.answers.filter(position__gt=len(part.answers)))
        for one in part.references:
            ledger.put(
                judging.ReferenceMark,
                {"sample": sample, "criterion": criteria[one.criterion]},
                {"value": one.mark, "reason": one.reason},
                name=f"{part.slug} {one.criterion}",
            )
        ledger.remove(sample.references.exclude(criterion__in=criteria.values()))
    gone = row.samples.exclude(slug__in=[part.slug for part in parts])
    begun = judging.Trial.objects.values("sample")
    ledger.keep(gone.filter(pk__in=begun), _("judges have begun with it"))
    ledger.remove(gone.exclude(pk__in=begun))


def check_locked(parts: list[Sample], row: judging.Round, faults: Faults) -> None:
    """Refuse to change a sample that a judge has marked."""
    for part in parts:
        stored = row.samples.filter(slug=part.slug).first()
        if stored is not None and is_answered(stored) and differs(part, stored):
            faults.add(part.path, _("Judges have marked this sample; it cannot change any more."))


def is_answered(sample: judging.Sample) -> bool:
    """Whether a judge has submitted marks of it: then it is locked."""
    return sample.trials.filter(submitted_at__isnull=False).exists()


def differs(part: Sample, row: judging.Sample) -> bool:
    """Whether the file says something else of a sample than what is stored."""
    answers = [(one.question, one.text) for one in row.answers.order_by("position", "pk")]
    references: dict[str, tuple[Any, Any]] = {
        one.criterion.slug: (one.value, one.reason)
        for one in row.references.select_related("criterion")
    }
    return (
        row.title != part.title
        or answers != [(one.question, one.text) for one in part.answers]
        or references != {one.criterion: (one.mark, one.reason) for one in part.references}
    )
