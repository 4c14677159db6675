"""Names of judges are found however they are written, and ordinary words stay."""

import pytest

from results.names import Names
from results.traces import REMOVED

PEOPLE = [
    ("Мария Петровна Иванова", "Maria@jury.example.org"),
    ("Павел Стрелец", ""),
    ("Дмитрий Ли", ""),
    ("Вера Ким", ""),
    ("Ann Lee", "ann@jury.example.org"),
    ("José Núñez", ""),
    ("Will Mark", ""),
    ("王伟", ""),
    ("山田 太郎", ""),
]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Спросите у Марии Ивановой, она знает", "Спросите у […], она знает"),
        ("согласна, М. П. Иванова", "согласна, […]"),
        ("Ивановой М.П. виднее", "[…] виднее"),
        ("вместе с Павлом Стрельцом", "вместе с […]"),
        ("мнение дмитрия", "мнение […]"),
        ("спросите Веру Ким", "спросите […]"),
        ("yours, ann lee", "yours, […]"),
        ("LEE’S view", "[…] view"),
        ("so said Nunez", "so said […]"),
        ("write to MARIA@jury.example.org.", "write to […]."),
        ("我是王伟,同意", "我是[…],同意"),
        ("山田太郎です", "[…]です"),
        ("by Will Mark", "by […]"),
    ],
)
def test_a_name_is_taken_out_in_every_spelling(text, left):
    assert Names(PEOPLE).without(text, REMOVED) == left


@pytest.mark.parametrize(
    "text",
    [
        "a good mark, and it will last",
        "вера в успех и павильон",
        "Хорошая анкета, ли не так",
        "Анна Перлина, М. К.",
        "伟大的项目",
        "write to nobody@example.org",
    ],
)
def test_ordinary_words_and_other_people_stay(text):
    assert Names(PEOPLE).without(text, REMOVED) == text


def test_what_may_be_a_name_is_pointed_out_though_it_stays():
    found = Names(PEOPLE).found_in("a good mark")

    assert [(one.start, one.end, one.sure) for one in found] == [(7, 11, False)]
