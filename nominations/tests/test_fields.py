"""What each kind of prompt takes, refuses, freezes and shows."""

import json
from typing import Any

import pytest
from django.utils.translation import override

from common.errors import DomainError
from nominations.fields import (
    answer_problem,
    as_lines,
    asked,
    cleaned,
    frozen,
    readable_answer,
)
from nominations.models import Nomination, Prompt, PromptKind
from tests.factories import make_form, make_prompt


@pytest.fixture
def form(nomination: Nomination) -> dict[str, Prompt]:
    return make_form(nomination)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with override("en"):
        yield


def metric(value: str = "93,5", period: str = "2024", source: str = "own survey") -> str:
    return json.dumps({"value": value, "period": period, "source": source})


def table(*rows: tuple[str, str]) -> str:
    return json.dumps([{"name": name, "post": post} for name, post in rows])


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("number", "1 200", ""),
        ("number", "-3", "The number is 0 or more."),
        ("number", "12.5", "Write a whole number."),
        ("number", "many", "Write a number, for example 72 or 4.5."),
        ("date", "2024-02-29", ""),
        ("date", "2023-02-29", "Write a date."),
        ("link", "https://example.org/report", ""),
        ("link", "example.org", "Write a whole address, beginning with https://"),
        ("link", "javascript:alert(1)", "Write a whole address, beginning with https://"),
        ("video", "https://www.bilibili.com/video/1", ""),
        ("table", table(("Li", "agent"), ("Wu", "coach")), ""),
        ("table", table(("Li", "agent")), "The table needs at least 2 rows."),
        ("table", table(("Li", "agent"), ("Wu", "")), "Fill every cell of the rows you began."),
        ("table", table(*[("Li", "agent")] * 3), "The table may have 2 rows at most."),
        ("choice", "bank", ""),
        ("year", "2019", "The year is 2020 or later."),
    ],
)
def test_an_answer_of_each_kind_is_held_to_its_rule(
    form: dict[str, Prompt], kind: str, text: str, problem: str
) -> None:
    assert answer_problem(form[kind], text) == problem


def test_a_video_is_on_a_video_service(form: dict[str, Prompt]) -> None:
    problem = answer_problem(form["video"], "https://evil-youtube.com/1")

    assert problem.startswith("Put the video on a video service")


@pytest.mark.parametrize(
    ("text", "files", "problem"),
    [
        (metric(), 1, ""),
        (metric(), 0, "Add a file that proves the value."),
        (metric(value=""), 1, "Write the value."),
        (metric(value="93.55"), 1, "Write 1 digit after the point at most."),
        (metric(value="101"), 1, "The number is 100 or less."),
        (metric(period=""), 1, "Say which period the value is for."),
        (metric(source=""), 1, "Say where the value comes from."),
    ],
)
def test_a_metric_needs_value_period_source_and_proof(
    form: dict[str, Prompt], text: str, files: int, problem: str
) -> None:
    assert answer_problem(form["metric"], text, files) == problem


def test_a_prompt_without_an_answer_is_a_problem_only_if_required(
    nomination: Nomination, form: dict[str, Prompt]
) -> None:
    assert answer_problem(form["link"], "") == ""
    assert answer_problem(form["choice"], "") == "This question has no answer yet."
    proof = make_prompt(nomination, PromptKind.FILE, slug="proof", minimum=2, maximum=3)
    assert [answer_problem(proof, "", files) for files in (1, 2, 4)] == [
        "Add 1 file.",
        "",
        "Keep 3 files at most.",
    ]


def test_only_known_options_are_taken(form: dict[str, Prompt]) -> None:
    assert cleaned(form["choices"], "mail\nphone") == "phone\nmail"
    with pytest.raises(DomainError):
        cleaned(form["choice"], "bank\nshop")
    with pytest.raises(DomainError):
        cleaned(form["choice"], "casino")


@pytest.mark.parametrize("text", ["{", "[1]", '{"value": 7}', '"x"', "[" * 100_000])
def test_what_no_page_sends_is_refused(form: dict[str, Prompt], text: str) -> None:
    with pytest.raises(DomainError):
        cleaned(form["metric"], text)


def test_what_is_blank_is_kept_as_nothing(form: dict[str, Prompt]) -> None:
    assert cleaned(form["metric"], metric("", " ", "")) == ""
    assert cleaned(form["table"], table(("", " "), ("", ""))) == ""
    assert json.loads(cleaned(form["table"], table(("Li ", "agent"), ("", "")))) == [
        {"name": "Li", "post": "agent"}
    ]


def test_a_condition_asks_only_after_its_answer(form: dict[str, Prompt]) -> None:
    prompts = list(form.values())
    why, choice = form["why"].pk, form["choice"].pk

    assert why not in asked(prompts, {})
    assert why not in asked(prompts, {choice: "bank"})
    assert why in asked(prompts, {choice: "other"})


def test_a_condition_on_a_prompt_that_is_not_asked_asks_nothing(
    nomination: Nomination, form: dict[str, Prompt]
) -> None:
    deeper = make_prompt(nomination, PromptKind.TEXT, slug="deeper", shown_if=form["why"])
    texts = {form["why"].pk: "Because", form["choice"].pk: "bank"}

    assert deeper.pk not in asked([*form.values(), deeper], texts)


def test_a_frozen_answer_reads_the_same_after_the_prompt_changed(
    form: dict[str, Prompt],
) -> None:
    kept = frozen(form["choices"], "phone\nmail")
    form["choices"].options.all().delete()

    assert readable_answer(kept)["chosen"] == ["Phone", "Mail"]


def test_numbers_are_written_as_the_reader_writes_them(form: dict[str, Prompt]) -> None:
    kept = frozen(form["metric"], metric("1234,5"))

    assert as_lines(kept) == ["1,234.5 %", "Period: 2024", "Source: own survey"]
    with override("ru"):
        assert as_lines(kept)[0] == "1\xa0234,5 %"


def test_what_the_jury_may_not_see_says_so(form: dict[str, Prompt]) -> None:
    assert frozen(form["video"], "https://youtu.be/1")["jury"] is False
    assert "jury" not in frozen(form["link"], "https://example.org")
