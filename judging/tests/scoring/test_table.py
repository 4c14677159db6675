import json

import pytest

from judging.scoring import calibrate
from judging.scoring.table import TableError, parse, rank_table
from judging.scoring.types import ScoringError

TABLE = """entry,judge,criterion,mark,nomination
Oak,Ann,depth,8,Trees
Oak,Ann,style,6,Trees
Oak,Bob,depth,9,Trees
Oak,Bob,style,9,Trees
Elm,Ann,depth,5,Trees
Elm,Ann,style,5,Trees
Elm,Cid,depth,7,Trees
Elm,Cid,style,6,Trees
Ivy,Bob,depth,7,Vines
Ivy,Bob,style,8,Vines
Ivy,Cid,depth,4,Vines
Ivy,Cid,style,5,Vines
"""


def refused(text):
    with pytest.raises(TableError) as caught:
        parse(text)
    return caught.value.line, caught.value.problem


def test_a_score_is_the_mean_of_the_marks_of_a_card():
    table = parse(TABLE)

    assert table.entries == ("Elm", "Ivy", "Oak")
    assert table.judges == ("Ann", "Bob", "Cid")
    assert table.nominations == ("Trees", "Vines")
    assert table.ratings.raw_means().tolist() == [5.75, 6.0, 8.0]
    assert table.findings == ()


def test_columns_may_stand_in_any_order_and_nominations_may_be_left_out():
    table = parse(
        "\ufeffMark, judge ,criterion,entry\r\n8,Ann,depth,Oak\r\n\r\n6,Bob,depth,Oak\r\n"
    )

    assert table.ratings.raw_means().tolist() == [7.0]
    assert rank_table(table)["entries"][0]["nomination"] is None


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_spreadsheets_part_cells_by_semicolons_or_tabs_and_write_decimal_commas(delimiter):
    text = TABLE.replace(",", delimiter).replace(
        f"{delimiter}9{delimiter}", f"{delimiter}9,5{delimiter}"
    )

    assert parse(text).ratings.raw_means().tolist() == [5.75, 6.0, 8.25]


@pytest.mark.parametrize("method", ["judges_eb", "robust", "mfrm"])
def test_no_order_of_rows_or_columns_changes_a_digit(method):
    head, *rows = (line.split(",") for line in TABLE.splitlines())
    turned = [row[::-1] for row in (head, *rows[5:], *rows[4::-1])]

    result = rank_table(parse("\n".join(map(",".join, turned))), method)

    assert result == rank_table(parse(TABLE), method)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Oak,Cid,depth,much,Trees", "'much' is not a number"),
        ("Oak,Cid,depth,nan,Trees", "'nan' is not a finite number"),
        ("Oak,Cid,depth,inf,Trees", "'inf' is not a finite number"),
        ('Oak,Cid,depth,"7,5",Trees', "'7,5' is not a number"),
        ("Oak,Cid,depth,1_0,Trees", "'1_0' is not a number"),
        ("Oak,Cid,depth,８,Trees", "'８' is not a number"),
        ("Oak,Cid,depth,2e12,Trees", "'2e12' is too large a number"),
        ("Oak,Cid,depth,1e999,Trees", "'1e999' is too large a number"),
        ("Oak,Cid,depth,,Trees", "mark is empty"),
        (" ,Cid,depth,7,Trees", "entry is empty"),
        ("Oak,Cid,depth,7", "5 cells are expected, 4 found"),
        ("Oak,Cid,depth,7,Trees,x", "5 cells are expected, 6 found"),
        ("Oak,Ann,depth,7,Trees", "judge Ann already marked depth of entry Oak on line 2"),
        ("Oak,Cid,depth,7,Vines", "entry Oak stood in another nomination on line 2"),
    ],
)
def test_a_malformed_row_is_refused_with_its_line(row, problem):
    assert refused(TABLE + row + "\n") == (14, problem)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "the table is empty"),
        ("entry,judge,criterion,mark\n", 2, "the table has a header but no marks"),
        ("entry,judge,mark\nOak,Ann,7\n", 1, "there is no column criterion"),
        ("entry,judge,criterion,mark,x\n", 1, "the column x is not known"),
        ("entry,judge,criterion,mark,mark\n", 1, "the column mark stands twice"),
    ],
)
def test_a_table_without_a_proper_head_is_refused(text, line, problem):
    assert refused(text) == (line, problem)


def test_an_open_quotation_is_refused_with_its_line():
    line, problem = refused(TABLE + 'Oak,"Cid,depth,7,Trees\n')

    assert line == 14
    assert "comma-separated" in problem


def test_lines_are_counted_through_quoted_line_breaks():
    text = 'entry,judge,criterion,mark\n"Oak\nof York",Ann,depth,7\nElm,Ann,depth,x\n'

    assert refused(text)[0] == 4


def test_an_incomplete_card_is_averaged_but_not_silently():
    table = parse(TABLE + "Ash,Ann,depth,7,Trees\n")

    (finding,) = table.findings
    assert finding.code == "incomplete"
    assert [table.entries[entry] for entry in finding.subjects] == ["Ash"]


def test_the_result_has_places_inside_each_nomination():
    table = parse(TABLE)
    result = rank_table(table, top=1)

    assert [(row["nomination"], row["entry"], row["rank"]) for row in result["entries"]] == [
        ("Trees", "Oak", 1),
        ("Trees", "Elm", 2),
        ("Vines", "Ivy", 1),
    ]
    fit = calibrate.judges_eb(table.ratings)
    by_name = {row["entry"]: row for row in result["entries"]}
    assert by_name["Elm"]["score"] == fit.entry[0]
    assert by_name["Elm"]["se"] == fit.se[0]
    assert by_name["Elm"]["raw"] == 5.75
    assert by_name["Elm"]["n"] == 2
    assert by_name["Ivy"]["p_top"] == 1.0
    assert [row["leniency"] for row in result["judges"]] == fit.leniency.tolist()
    assert result["variance"]["judge"] == fit.var_judge
    assert result["variance"]["residual"] == fit.var_resid


@pytest.mark.parametrize(
    "method", ["mean", "olympic", "additive", "judges_eb", "robust", "mixed", "mfrm", "standard"]
)
def test_every_method_gives_json(method):
    result = rank_table(parse(TABLE), method)

    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert result["entries"][0]["entry"] == "Oak"


def test_an_unknown_method_is_refused():
    with pytest.raises(ScoringError, match="no method median"):
        rank_table(parse(TABLE), "median")


def test_groups_that_share_no_entry_are_reported():
    text = "entry,judge,criterion,mark\nOak,Ann,depth,7\nElm,Bob,depth,6\n"
    result = rank_table(parse(text))

    codes = [warning["code"] for warning in result["warnings"]]
    assert codes == ["single-scores", "disconnected"]
    assert [row["p_top"] for row in result["entries"]] == [None, None]


def test_groups_of_different_nominations_need_no_common_entry():
    text = "entry,judge,criterion,mark,nomination\n" + "".join(
        f"{entry},{judge},depth,{mark},{unit}\n"
        for unit, entries, judges in (("Trees", "ab", "xy"), ("Vines", "cd", "vw"))
        for entry in entries
        for judge, mark in zip(judges, (5, 7), strict=True)
    )

    assert rank_table(parse(text))["warnings"] == []


def sparse(mark):
    """Nine entries, three of six judges each, two criteria."""
    rows = (
        f"e{entry},j{(entry + more) % 6},c{criterion},{mark(entry, more, criterion)}\n"
        for entry in range(9)
        for more in range(3)
        for criterion in range(2)
    )
    return parse("entry,judge,criterion,mark\n" + "".join(rows))


@pytest.mark.parametrize(
    "method", ["mean", "olympic", "additive", "judges_eb", "robust", "mixed", "standard"]
)
def test_equal_marks_share_the_first_place_without_an_error(method):
    result = rank_table(sparse(lambda *_: 7), method, top=20)

    assert {(row["score"], row["rank"], row["se"]) for row in result["entries"]} == {(7.0, 1, 0.0)}
    assert {row["leniency"] for row in result["judges"]} == {0.0}


def test_where_the_rasch_model_has_no_answer_the_standard_goes_on_and_says_so():
    result = rank_table(sparse(lambda *_: 7), "standard")

    codes = [warning["code"] for warning in result["warnings"]]
    assert (result["switch"], codes) == ("no-severity", ["no-rasch", "ceiling"])
    with pytest.raises(ScoringError, match="all marks are equal"):
        rank_table(sparse(lambda *_: 7), "mfrm")


def test_marks_below_zero_are_ranked_and_only_the_rasch_model_refuses_them():
    below = sparse(lambda entry, more, criterion: entry - 2 * more + criterion - 20)

    for method in ("standard", "judges_eb"):
        assert rank_table(below, method)["entries"][0]["entry"] == "e8"
    with pytest.raises(ScoringError, match="whole marks"):
        rank_table(below, "mfrm")
