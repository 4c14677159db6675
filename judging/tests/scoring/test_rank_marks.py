"""``manage.py rank_marks``: the command around ``judging.scoring.table``."""

import json

import pytest
from django.core.management import CommandError, call_command

from judging.scoring.table import parse, rank_table
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
