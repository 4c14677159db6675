"""A season file is read with its lines, and every fault is named at once."""

from datetime import datetime

import pytest

from blueprints.faults import FaultyFileError
from blueprints.reading import read_blueprint
from blueprints.tests.broken import CASES, SHIPPED, Case
from blueprints.yaml_nodes import MOST_BYTES


def faults_of(text: str | bytes):
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(FaultyFileError) as caught:
        read_blueprint(content)
    return caught.value.faults


def broken(*pairs: tuple[str, str]) -> str:
    text = SHIPPED.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_the_shipped_file_has_27_nominations_in_4_categories():
    blueprint = read_blueprint(SHIPPED.read_bytes()).blueprint

    assert len(blueprint.categories) == 4
    assert [part.number for part in blueprint.nominations()] == list(range(1, 28))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_reported_with_its_line_and_path(case: Case):
    faults = faults_of(case.text())

    expected = [fault for fault in faults if fault.path not in case.others]
    assert [(fault.line, fault.path) for fault in expected] == [(case.line(), case.path)]
    assert expected[0].message.startswith(case.message)
    assert {fault.path for fault in faults} == {case.path, *case.others}


def test_all_faults_are_reported_at_once_in_the_order_of_the_file():
    faults = faults_of(
        broken(
            ("time_zone: Europe/Moscow", "time_zone: Europe/Moskau"),
            ("quorum: 3", "quorum: many"),
            ("- nomination: 16", "- nomination: 96"),
            ("accent: ", "accept: "),
        )
    )

    assert [fault.path for fault in faults] == [
        "season.time_zone",
        "season.accept",
        "rounds[0].quorum",
        "categories[0].nominations[1].hints[0].nomination",
    ]


@pytest.mark.parametrize(
    ("moment", "message"),
    [
        ("2022-03-27T02:30", "This time does not exist"),
        ("2021-10-31T02:30", "This time comes twice"),
    ],
)
def test_a_time_the_clocks_skip_or_repeat_is_refused(moment, message):
    text = broken(
        ("time_zone: Europe/Moscow", "time_zone: Europe/Berlin"),
        ("opens: 2022-04-20T00:00", f"opens: {moment}")
        if moment > "2022"
        else ("opens: 2021-10-01T00:00", f"opens: {moment}"),
    )

    faults = [fault for fault in faults_of(text) if fault.message.startswith(message)]

    assert [fault.path for fault in faults] == [
        "stages[4].opens" if moment > "2022" else "stages[0].opens"
    ]


def test_an_hour_that_exists_once_is_taken_on_the_day_the_clocks_change():
    text = broken(
        ("time_zone: Europe/Moscow", "time_zone: Europe/Berlin"),
        ("opens: 2021-10-01T00:00", "opens: 2021-10-31T03:00"),
    )

    stage = read_blueprint(text.encode()).blueprint.stages[0]

    assert stage.opens == datetime(2021, 10, 31, 3)  # noqa: DTZ001 - a local time


def test_a_minimum_needs_its_message():
    text = SHIPPED.read_text()
    start = text.index("            minimum_message:")
    end = text.index("\n\n", start)

    faults = faults_of(text[:start] + text[end:])

    assert [(fault.path, fault.message) for fault in faults] == [
        (
            "categories[1].nominations[1].prompts[0].minimum_message",
            "This key is missing: with “minimum”, say why an earlier year is refused.",
        )
    ]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "The file is empty."),
        (b"# nothing\n", 1, "The file is empty."),
        (b"- 1\n", 1, "Keys with values are expected here"),
        (b"format: 1\nname: \xff\n", 2, "The file is not UTF-8"),
        (b"format: 1\nname: \x07\n", 2, "A character that text files do not hold"),
        (b"x" * (MOST_BYTES + 1), 1, "The file is larger than 2 MB."),
        (b"[" * 100_000, 1, "The file is nested too deeply."),
        (b"format: 1\n---\nformat: 1\n", 2, "This is not valid YAML"),
    ],
)
def test_what_is_no_season_file_at_all_is_refused_in_words(content, line, message):
    faults = faults_of(content)

    assert faults[0].line == line
    assert faults[0].message.startswith(message)
