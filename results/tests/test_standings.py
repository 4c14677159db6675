"""The arithmetic of standings."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from results.standings import RoundShare, Total, place, rank, shown

ESSAY = RoundShare("essay", Decimal(50), 1)
DEFENCE = RoundShare("defence", Decimal(50), 1)


def totals(round_: str, **given_to: list[float]) -> list[Total]:
    return [
        Total(round_, entry, Decimal(str(points)))
        for entry, all_points in given_to.items()
        for points in all_points
    ]


def summary(rows):
    return [(row.entry, row.place, shown(row.score), row.proposed) for row in rows]


def test_entries_are_ranked_by_the_mean_of_their_scorecards():
    rows = rank([ESSAY], ["a", "b"], totals("essay", a=[80, 60], b=[90, 70]), quota=1)

    assert summary(rows) == [
        ("b", 1, Decimal("80.000000"), True),
        ("a", 2, Decimal("70.000000"), False),
    ]


def test_rounds_count_by_their_weights_normalised_over_the_rule():
    light = RoundShare("essay", Decimal(20), 1)
    heavy = RoundShare("defence", Decimal(60), 1)
    scores = totals("essay", a=[100], b=[60]) + totals("defence", a=[60], b=[80])

    rows = rank([light, heavy], ["a", "b"], scores, quota=1)

    assert summary(rows) == [
        ("b", 1, Decimal("75.000000"), True),
        ("a", 2, Decimal("70.000000"), False),
    ]


def test_equal_scores_share_a_place_and_the_next_place_is_left_free():
    rows = rank([ESSAY], ["a", "b", "c"], totals("essay", a=[70], b=[90], c=[70]), quota=3)

    assert [(row.entry, row.place) for row in rows] == [("b", 1), ("a", 2), ("c", 2)]


def test_scores_that_differ_below_the_ninth_decimal_share_a_place():
    third = Fraction(200, 3)

    placing = place({"a": third, "b": third + Fraction(1, 10**11)}, quota=2)

    assert placing.places == {"a": 1, "b": 1}


def test_a_tied_group_at_the_limit_is_left_out_whole_and_named():
    placing = place({"a": Fraction(9), "b": Fraction(8), "c": Fraction(8)}, quota=2)

    assert placing.proposed == {"a"}
    assert placing.left_out == ("b", "c")


def test_a_tied_group_that_fits_the_quota_is_proposed_whole():
    placing = place({"a": Fraction(9), "b": Fraction(8), "c": Fraction(8)}, quota=3)

    assert placing.proposed == {"a", "b", "c"}
    assert placing.left_out == ()


def test_nobody_below_a_tied_group_that_was_left_out_is_proposed():
    placing = place(
        {"a": Fraction(9), "b": Fraction(9), "c": Fraction(9), "d": Fraction(1)}, quota=2
    )

    assert placing.proposed == frozenset()
    assert placing.left_out == ("a", "b", "c")


def test_a_tie_beyond_a_full_quota_is_no_tie_at_the_limit():
    placing = place({"a": Fraction(9), "b": Fraction(8), "c": Fraction(8)}, quota=1)

    assert placing.proposed == {"a"}
    assert placing.left_out == ()


def test_an_entry_below_the_quorum_has_a_score_but_no_place():
    strict = RoundShare("essay", Decimal(50), 2)

    rows = rank([strict], ["a", "b"], totals("essay", a=[99], b=[50, 60]), quota=5)

    assert summary(rows) == [
        ("b", 1, Decimal("55.000000"), True),
        ("a", None, Decimal("99.000000"), False),
    ]


def test_an_entry_without_a_mean_in_one_round_has_neither_score_nor_place():
    scores = totals("essay", a=[99], b=[50]) + totals("defence", b=[60])

    rows = rank([ESSAY, DEFENCE], ["a", "b"], scores, quota=5)

    assert summary(rows) == [
        ("b", 1, Decimal("55.000000"), True),
        ("a", None, None, False),
    ]


def test_an_entry_nobody_scored_is_listed_without_a_place():
    rows = rank([ESSAY], ["a"], [], quota=5)

    assert summary(rows) == [("a", None, None, False)]


def test_another_scorecard_at_the_mean_changes_nothing():
    before = rank([ESSAY], ["a", "b"], totals("essay", a=[70, 80], b=[74]), quota=1)
    after = rank([ESSAY], ["a", "b"], totals("essay", a=[70, 80, 75], b=[74]), quota=1)

    assert summary(before) == summary(after)


@given(
    st.dictionaries(
        st.sampled_from(list("abcdefgh")),
        st.lists(st.integers(0, 100), min_size=1, max_size=4),
        min_size=1,
    ),
    st.integers(1, 5),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_rows_changes_no_place(scores, quota, random):
    entries, cards = sorted(scores), totals("essay", **scores)
    shuffled_entries, shuffled_cards = entries[:], cards[:]
    random.shuffle(shuffled_entries)
    random.shuffle(shuffled_cards)

    assert rank([ESSAY], entries, cards, quota) == rank(
        [ESSAY], shuffled_entries, shuffled_cards, quota
    )


@given(
    st.dictionaries(st.sampled_from(list("abcdefgh")), st.integers(0, 5), min_size=1),
    st.integers(1, 6),
)
def test_the_proposal_never_exceeds_the_quota_nor_splits_a_tie(scores, quota):
    placing = place({entry: Fraction(score) for entry, score in scores.items()}, quota)

    assert len(placing.proposed) <= quota
    for entry, score in scores.items():
        tied = {other for other, points in scores.items() if points == score}
        assert (entry in placing.proposed) == tied.issubset(placing.proposed)


@given(st.integers(1, 1000))
def test_only_the_ratio_of_the_weights_matters(factor):
    scores = totals("essay", a=[90], b=[60]) + totals("defence", a=[50], b=[85])
    scaled = [RoundShare(one.slug, one.weight * factor, one.quorum) for one in (ESSAY, DEFENCE)]

    assert rank([ESSAY, DEFENCE], ["a", "b"], scores, 1) == rank(scaled, ["a", "b"], scores, 1)
