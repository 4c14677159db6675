"""What the judge's desk has beside scorecards: paper, comparison, samples."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from judging.models import Calibration, Criterion, ReferenceMark, Round, Sample, SampleAnswer
from judging.services.calibration import save_trial, submit_trial
from judging.totals import Given

if TYPE_CHECKING:
    from tests.world import World


def add_samples(world: "World") -> None:
    """A sample of the essays that the judge has answered and the chair has not."""
    round_, judge = world.rounds["essay"], world.person("judge")
    Round.objects.filter(pk=round_.pk).update(calibration=Calibration.OFFERED)
    sample = Sample.objects.create(round=round_, slug="calm", title={"en": "A calm line"})
    SampleAnswer.objects.create(
        sample=sample, question={"en": "What did you do?"}, text={"en": "We answered sooner."}
    )
    criteria = list(Criterion.objects.filter(dimension__rubric=round_.rubric_id))
    for criterion in criteria:
        ReferenceMark.objects.create(
            sample=sample, criterion=criterion, value=Decimal(7), reason={"en": "Measured."}
        )
    given = {one.pk: Given(Decimal(6), abstained=False, comment="", version=0) for one in criteria}
    save_trial(sample, given, by=judge)
    submit_trial(sample, by=judge)


def of_desk(world: "World") -> Iterator[tuple[str, str, list[Any]]]:
    """Pages of a scorecard and of a round that only its judge opens."""
    for name in ("submitted", "open", "conflicted"):
        yield "judging:scorecard_print", name, [world.assignments[name].pk]
    for name in ("essay", "defence"):
        yield "judging:comparison", name, [world.rounds[name].pk]
    yield "judging:calibration", "essay", [world.rounds["essay"].pk]
    yield "judging:calibration_judges", "essay", [world.rounds["essay"].pk]
    yield "judging:sample", "essay", [Sample.objects.get(slug="calm").pk]
