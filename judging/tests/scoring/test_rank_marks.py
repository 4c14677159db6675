"""``manage.py rank_marks``: the command around ``judging.scoring.table``."""

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from judging.scoring.table import parse, rank_table
from judging.tests.scoring.external import SCORES, Reference, needs_reference, read
from judging.tests.scoring.test_table import TABLE


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_json_is_the_whole_result(file, capsys):
    call_command("rank_marks", file, "--method", "additive", "--top", "1", "--json")

    assert json.loads(capsys.readouterr().out) == rank_table(parse(TABLE), "additive", 1)


def test_the_list_is_read_by_people(file, capsys):
    call_command("rank_marks", file)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Method: judges_eb"
    assert [line.split()[:2] for line in lines if line.startswith("   ")] == [
        ["1", "Oak"],
        ["2", "Elm"],
        ["1", "Ivy"],
    ]


def test_a_malformed_row_is_refused_with_its_line(file):
    file.write_text(TABLE + "Oak,Cid,depth,much,Trees\n", encoding="utf-8")

    with pytest.raises(CommandError, match=r"^Line 14: 'much' is not a number$"):
        call_command("rank_marks", file)


def test_text_in_another_encoding_is_refused_with_its_line(file):
    file.write_bytes(TABLE.encode() + "Ель,Cid,depth,7,Trees\n".encode("cp1251"))

    with pytest.raises(CommandError, match=r"^Line 14: this is not UTF-8 text\.$"):
        call_command("rank_marks", file)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("rank_marks", tmp_path / "none.csv")


def test_there_is_at_least_one_place(file):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("rank_marks", file, "--top", "0")


def test_z_scores_are_not_offered(file):
    with pytest.raises(CommandError, match="invalid choice: 'z'"):
        call_command("rank_marks", file, "--method", "z")


def test_closed_panels_cannot_be_ranked_by_the_standard(tmp_path):
    path = tmp_path / "panels.csv"
    path.write_text("entry,judge,criterion,mark\nOak,Ann,d,7\nElm,Bob,d,6\n", encoding="utf-8")

    with pytest.raises(CommandError, match="anchor"):
        call_command("rank_marks", path, "--method", "standard")


def test_what_is_not_known_is_null_so_that_the_json_is_strict(tmp_path, capsys):
    path = tmp_path / "one.csv"
    path.write_text("entry,judge,criterion,mark\n金耳唛,Ёлка,c,-3\n", encoding="utf-8")

    call_command("rank_marks", path, "--top", "1000", "--json")

    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert told["entries"] == [
        {
            "entry": "金耳唛", "nomination": None, "n": 1, "raw": -3.0, "score": -3.0, "se": None,
            "rank": 1, "p_top": None,
        }
    ]  # fmt: skip
    assert told["variance"] == {"judge": 0.0, "residual": None, "entry": None}
    assert [warning["code"] for warning in told["warnings"]] == ["single-scores"]


@needs_reference
@pytest.mark.parametrize("name", SCORES)
def test_the_command_finds_the_scores_and_leniencies_of_the_reference(name, tmp_path, capsys):
    path = tmp_path / "marks.csv"
    rows = [
        f"{row['entry']},{row['judge']},{row['criterion']},{row['score']}\n"
        for row in read(SCORES[name])
    ]
    path.write_text("entry,judge,criterion,mark\n" + "".join(rows), encoding="utf-8")

    call_command("rank_marks", path, "--method", "judges_eb", "--json")

    told, reference = json.loads(capsys.readouterr().out), Reference(name)
    for table, key, value, own in (
        ("JEB_entries", "entry", "calibrated", "score"),
        ("JEB_entries", "entry", "raw_mean", "raw"),
        ("JEB_entries", "entry", "se", "se"),
        ("JEB_judges", "judge", "leniency", "leniency"),
    ):
        found = told["entries" if key == "entry" else "judges"]
        wanted = reference.column(table, key, value, [row[key] for row in found])
        np.testing.assert_allclose([row[own] for row in found], wanted, atol=1e-4)
