"""The total is the share of the weighted points that could be had on the criteria answered."""

from decimal import Decimal

import pytest

from judging.models import Mark
from judging.totals import Scored, marks_digest, total_of


def scored(value, weight=1, maximum=10):
    return Scored(None if value is None else Decimal(value), Decimal(weight), Decimal(maximum))


@pytest.mark.parametrize(
    ("marks", "total"),
    [
        ([scored(10), scored(10)], Decimal("100.000000")),
        ([scored(0), scored(0)], Decimal("0.000000")),
        ([scored(8), scored(6)], Decimal("70.000000")),
        ([scored(10, weight=3), scored(0)], Decimal("75.000000")),
        ([scored(15, maximum=15), scored(0, maximum=5)], Decimal("75.000000")),
        ([scored("7.5"), scored("2.25")], Decimal("48.750000")),
        ([scored(1, maximum=3)], Decimal("33.333333")),
    ],
)
def test_the_total_is_in_points_of_100(marks, total):
    assert total_of(marks) == total


def test_an_abstention_neither_helps_nor_harms():
    assert total_of([scored(8), scored(None, weight=5)]) == total_of([scored(8)])


def test_a_card_of_abstentions_has_no_total():
    assert total_of([scored(None), scored(None)]) is None


def test_the_digest_changes_with_any_mark(marked):
    marks = list(marked.marks.all())
    before = marks_digest(marked, marks)

    marks[0].value = Decimal(9)

    assert marks_digest(marked, marks) != before
    assert marks_digest(marked, Mark.objects.filter(scorecard=marked)) == before
