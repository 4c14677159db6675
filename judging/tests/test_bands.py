"""Tests for the covers of bands and guidance, and for the soundness of whole rubrics."""

from decimal import Decimal

import pytest

from judging.bands import Advice, guidance_faults
from judging.models import Guidance
from judging.soundness import rubric_faults


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([(70, None, 8, 10), (50, 70, 5, 7), (None, 50, 0, 4)], []),
        ([(70, None, 8, 10)], []),
        (
            [(70, None, 8, 10), (50, 69, 5, 7)],
            ["The figures from 69 to under 70 have no guidance."],
        ),
        (
            [(70, None, 8, 10), (50, 75, 5, 7)],
            ["The figures from 70 to under 75 have two lines of guidance."],
        ),
        ([(70, None, 8, 11)], ["The marks suggested stay between 0 and 10."]),
        ([(70, 60, 8, 10)], ["A range of figures ends above where it starts."]),
    ],
)
def test_ranges_of_figures_meet_without_gap_or_overlap(rows, faults):
    advice = [Advice(*(None if one is None else Decimal(one) for one in row)) for row in rows]

    found = guidance_faults(advice, maximum=Decimal(10), step=Decimal(1))

    assert [str(fault.message) for fault in found] == faults


def test_a_rubric_with_another_sum_is_named_with_the_sum_of_each_dimension(rubric):
    rubric.total = Decimal(100)
    rubric.save()

    assert [str(fault) for fault in rubric_faults(rubric)] == [
        "The rubric declares 100 points, but its criteria add up to 20: Substance 20."
    ]


def test_a_gap_is_named_with_its_criterion_and_its_place(rubric):
    criterion = rubric.dimensions.get().criteria.order_by("position")[0]
    criterion.bands.filter(low=5).delete()
    Guidance.objects.create(criterion=criterion, at_least=90, low=9, high=10)
    Guidance.objects.create(criterion=criterion, at_least=80, below=85, low=7, high=8)

    assert [str(fault) for fault in rubric_faults(rubric)] == [
        f"{criterion.name}: The marks from 5 to 7 have no band.",
        f"{criterion.name}: The figures from 85 to under 90 have no guidance.",
    ]
