"""Tests for sub-items, phases, guidance beside the marks, and what a version changes."""

from decimal import Decimal

import pytest

from judging.canonical import rubric_digest
from judging.differences import differences
from judging.figures import figures_of
from judging.models import Band, Criterion, Guidance, Phase, SplitCriterion
from judging.rubrics import copy_rubric
from judging.sheets import build_sheet
from judging.totals import scored_of, total_of


@pytest.fixture
def phased(rubric):
    """One criterion split into intent, implementation and integration, ten points each, half to pass."""
    dimension = rubric.dimensions.get()
    dimension.criteria.all().delete()
    split = SplitCriterion.objects.create(dimension=dimension, slug="voice", name={"en": "Voice"})
    for position, slug in enumerate(["intent", "implementation", "integration"], start=1):
        phase = Phase.objects.create(
            rubric=rubric, position=position, slug=slug, name={"en": slug.title()}, reached_at=50
        )
        Criterion.objects.create(
            dimension=dimension,
            position=position,
            slug=slug,
            name={"en": slug.title()},
            part_of=split,
            phase=phase,
            maximum=10,
        )
    return list(
        Criterion.objects.filter(part_of=split).select_related("phase").order_by("position")
    )


@pytest.mark.parametrize(
    ("marks", "total"),
    [
        ([10, 10, 10], "100.000000"),
        ([5, 5, 9], "63.333333"),
        ([4, 10, 10], "13.333333"),  # intent is not reached: nothing later counts
        ([10, 4, 10], "46.666667"),
        ([None, 8, 7], "75.000000"),  # an abstention bars nothing
        ([5, None, 10], "75.000000"),
    ],
)
def test_a_later_phase_counts_once_the_earlier_are_reached(phased, marks, total):
    values = {
        one.pk: None if mark is None else Decimal(mark)
        for one, mark in zip(phased, marks, strict=True)
    }

    assert total_of(scored_of(phased, values)) == Decimal(total)


def test_sub_items_stand_under_the_name_and_the_sum_of_their_criterion(phased, essay_round):
    lines = build_sheet(essay_round, None).lines

    assert [(str(line.split or ""), line.split_maximum) for line in lines] == [
        ("Voice", "30"),
        ("", ""),
        ("", ""),
    ]


@pytest.mark.parametrize(
    ("written", "suggested"), [("71.5", "8–10"), ("70", "8–10"), ("69,9", "5–7"), ("about 70", "")]
)
def test_guidance_suggests_marks_for_the_entrants_own_figure(
    essay_round, criteria, written, suggested
):
    criterion = criteria[0]
    criterion.measure_prompt = "nps"
    criterion.save()
    Guidance.objects.create(criterion=criterion, at_least=70, low=8, high=10)
    Guidance.objects.create(criterion=criterion, at_least=50, below=70, low=5, high=7)
    answer = {"prompt": "nps", "kind": "number", "label": {"en": "NPS"}, "text": written}

    line = build_sheet(essay_round, None, figures=figures_of({"answers": [answer]})).lines[0]

    assert (line.suggested, [one.range for one in line.advice]) == (
        suggested,
        ["70 and over", "50 to under 70"],
    )


def test_a_copy_says_the_same_and_then_what_it_changes(phased, rubric, organiser):
    Guidance.objects.create(criterion=phased[0], at_least=70, low=8, high=10)
    Band.objects.create(criterion=phased[0], low=0, high=10, name={"en": "Any"})
    copy = copy_rubric(rubric, by=organiser)
    assert differences(rubric, copy) == []

    first, second, third = Criterion.objects.filter(dimension__rubric=copy).order_by("position")
    first.weight, first.description = Decimal(2), {"en": "Asked"}
    first.save()
    first.guidance.update(at_least=75)
    first.bands.update(name={"en": "Some"})
    second.delete()
    third.slug = "whole"
    third.save()
    copy.dimensions.update(name={"en": "Matter"})

    found = differences(rubric, copy)

    assert [(one.kind, one.part, one.name) for one in found] == [
        ("changed", "Dimension", "Matter"),
        ("changed", "Criterion", "Intent"),
        ("added", "Criterion", "Integration"),
        ("removed", "Criterion", "Implementation"),
        ("removed", "Criterion", "Integration"),
    ]
    assert [(note.what, note.before, note.after) for note in found[1].notes] == [
        ("Dimension", "Substance", "Matter"),
        ("Description", "", "Asked"),
        ("Weight", "1", "2"),
        ("Band 1", "0–10 Any", "0–10 Some"),
        ("Guidance 1", "70 and over: 8–10", "75 and over: 8–10"),
    ]


def test_the_digest_of_a_rubric_covers_guidance_and_phases(phased, rubric):
    before = rubric_digest(rubric)

    Phase.objects.filter(slug="intent").update(reached_at=60)
    after = rubric_digest(rubric)
    Guidance.objects.create(criterion=phased[0], at_least=70, low=8, high=10)

    assert len({before, after, rubric_digest(rubric)}) == 3
