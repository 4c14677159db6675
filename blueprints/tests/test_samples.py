"""Calibration samples in season files."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from blueprints.faults import FaultyFileError
from blueprints.services import load_season
from judging.models import Calibration, Criterion, Round, Sample, Trial

SHIPPED = Path("seasons/data/cx-award-2022.yaml")
ROUND = "    stage: essay-judging\n    rubric: essay\n"


def words(text: str, indent: int) -> str:
    return "".join(f"\n{' ' * indent}{code}: {text}" for code in ("ru", "en"))


def sample(criteria: list[str], mark: str = "7", slug: str = "calm") -> str:
    references = "".join(
        f"          - criterion: {one}\n            mark: {mark}\n            reason:{words('Why', 14)}\n"
        for one in criteria
    )
    return (
        f"      - slug: {slug}\n        title:{words('Calm', 10)}\n        answers:\n"
        f"          - question:{words('What', 14)}\n            text:{words('Sooner', 14)}\n"
        f"        references:\n{references}"
    )


def loaded(*samples: str) -> Round:
    text = SHIPPED.read_text()
    assert ROUND in text
    more = f"    calibration: required\n    samples:\n{''.join(samples)}" if samples else ""
    season = load_season(text.replace(ROUND, ROUND + more, 1).encode()).season
    return season.rounds.get(slug="essay")


@pytest.fixture
def criteria(db: None) -> list[str]:
    rubric = loaded().rubric
    rows = Criterion.objects.filter(dimension__rubric=rubric)
    return list(rows.order_by("position").values_list("slug", flat=True))


def test_samples_of_a_file_are_given_to_judges_and_follow_it(criteria: list[str]) -> None:
    loaded(sample(criteria), sample(criteria, slug="loud"))
    round_ = loaded(sample(criteria, mark="5"))
    again = loaded(sample(criteria, mark="5"))

    (row,) = Sample.objects.given_to_judges()
    assert (round_.calibration, row.round, row.slug) == (Calibration.REQUIRED, round_, "calm")
    assert [str(one.text) for one in row.answers.all()] == ["Sooner"]
    assert {one.value for one in row.references.all()} == {Decimal(5)}
    assert again == round_


def test_a_sample_lacks_no_mark_and_names_no_criterion_there_is_not(criteria: list[str]) -> None:
    with pytest.raises(FaultyFileError) as caught:
        loaded(sample([*criteria[1:], "charm"]), sample(criteria, mark="7.3", slug="loud"))

    said = [f"{fault.path}: {fault.message}" for fault in caught.value.faults]
    unknown = f"rounds[0].samples[0].references[{len(criteria) - 1}].criterion"
    assert said[:2] == [
        f"rounds[0].samples[0].references: These criteria have no reference mark: {criteria[0]}.",
        f"{unknown}: The rubric of the round has no criterion “charm”.",
    ]
    assert {one.rpartition(": ")[2] for one in said[2:]} == {
        "Give a mark from 0 to 10 in steps of 1."
    }


def test_a_sample_that_judges_have_marked_stays_as_it_is(
    criteria: list[str], nominee: User
) -> None:
    loaded(sample(criteria))
    Trial.objects.create(sample=Sample.objects.get(), user=nominee, submitted_at=timezone.now())

    with pytest.raises(FaultyFileError) as caught:
        loaded(sample(criteria, mark="5"))
    loaded(sample(criteria), sample(criteria, slug="loud"))
    loaded(sample(criteria, slug="loud"))

    assert [str(one.message) for one in caught.value.faults] == [
        "Judges have marked this sample; it cannot change any more."
    ]
    assert [one.slug for one in Sample.objects.order_by("pk")] == ["calm", "loud"]
