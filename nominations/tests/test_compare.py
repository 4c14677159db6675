"""Comparing two contents: words put in and taken out, files that came and went, nothing lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.compare import GONE, NEW, SAME, compare, pieces


def joined(cut):
    return "".join(text for _kind, text in cut)


def test_a_word_put_in_is_new_on_the_later_side_alone():
    old, new = pieces("We did well.", "We did very well.")

    assert old == [(SAME, "We did well.")]
    assert new == [(SAME, "We did "), (NEW, "very "), (SAME, "well.")]


def test_a_word_replaced_is_gone_on_one_side_and_new_on_the_other():
    old, new = pieces("NPS is 72 now", "NPS is 68 now")

    assert old == [(SAME, "NPS is "), (GONE, "72 "), (SAME, "now")]
    assert new == [(SAME, "NPS is "), (NEW, "68 "), (SAME, "now")]


def test_chinese_is_compared_sign_by_sign():
    old, new = pieces("满意度是七十", "满意度是八十")

    assert old == [(SAME, "满意度是"), (GONE, "七"), (SAME, "十")]
    assert new == [(SAME, "满意度是"), (NEW, "八"), (SAME, "十")]


def test_lines_that_did_not_change_are_left_alone():
    old, new = pieces("One\nTwo\nThree", "One\nTwo and a half\nThree")

    assert old == [(SAME, "One\nTwo\nThree")]
    assert [(kind, text.strip()) for kind, text in new if kind == NEW] == [(NEW, "and a half")]


WORDS = st.text(alphabet="ab  \n\ufeff\u2028满意十,.", max_size=60)


@given(WORDS, WORDS)
def test_no_character_of_either_text_is_lost(before, after):
    old, new = pieces(before, after)

    assert (joined(old), joined(new)) == (before, after)
    assert {kind for kind, _text in old} <= {SAME, GONE}
    assert {kind for kind, _text in new} <= {SAME, NEW}


@pytest.mark.parametrize("unit", ["the a ", "x\n", "好", "\n"])
def test_texts_that_repeat_themselves_are_compared_in_no_time(unit):
    before, after = (unit * 20_000)[:60_000], ("b" + unit * 17_000)[:60_000] + " end"
    began = time.monotonic()

    old, new = pieces(before, after)

    assert time.monotonic() - began < 2
    assert (joined(old), joined(new)) == (before, after)


def content(**changes):
    return {
        "kind": "organisation",
        "title": "Listening first",
        "nominee_name": "",
        "organisation": "Camomile Ltd",
        "participants": [],
        "answers": [
            {"prompt": "approach", "kind": "text", "label": {"en": "Approach"}, "text": "Well."},
            {
                "prompt": "nps",
                "kind": "metric",
                "label": {"en": "NPS"},
                "unit": {"en": "points"},
                "text": '{"value":"72","period":"2024","source":"Survey"}',
                "jury": False,
            },
        ],
        "attachments": [file("one")],
        **changes,
    }


def file(name, prompt=""):
    kept = {"token": f"token-{name}", "name": f"{name}.pdf", "size": 1, "sha256": name}
    return {**kept, "prompt": prompt} if prompt else kept


def test_the_same_content_differs_in_nothing():
    found = compare(content(), content())

    assert found.is_same
    assert [one.label for one in found.unchanged] == [
        "Title",
        "Who competes",
        "Organisation",
        "Approach",
        "NPS",
    ]


def test_figures_are_compared_in_words_and_keep_their_mark():
    later = content()
    later["answers"][1]["text"] = '{"value":"68","period":"2024","source":"Survey"}'

    (changed,) = compare(content(), later).changed

    assert (changed.label, changed.hidden) == ("NPS", True)
    assert changed.before[0] == (GONE, "72 ")
    assert changed.after[0] == (NEW, "68 ")


def test_participants_and_who_competes_are_compared():
    later = content(
        kind="person",
        nominee_name="Ann",
        participants=[{"name": "Aster", "role": "client"}],
    )

    changed = compare(content(), later).changed

    assert [one.label for one in changed] == ["Who competes", "Participants"]
    assert joined(changed[1].after) == "Aster (client: uses the solution)"


def test_an_answer_only_one_of_them_has_is_all_new_or_all_gone():
    earlier = content()
    later = content(answers=earlier["answers"][:1])

    (gone,) = compare(earlier, later).changed
    (come,) = compare(later, earlier).changed

    assert [kind for kind, _text in gone.before] == [GONE]
    assert [kind for kind, _text in come.after] == [NEW]


def test_files_that_came_and_went_are_named_with_what_they_prove():
    later = content(attachments=[file("two", "nps")])

    found = compare(content(), later, {"token-two": "/two"})

    assert [(one.name, one.kind, one.about, one.url) for one in found.changed_files] == [
        ("one.pdf", GONE, "", ""),
        ("two.pdf", NEW, "NPS", "/two"),
    ]
