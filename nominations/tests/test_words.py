"""Counting words, in Python and in the browser alike."""

import pytest

from nominations.words import clean_text, count_words

CORPUS = {
    "": 0,
    "  \n\t ": 0,
    "one": 1,
    "one two\nthree": 3,
    "and — dashes – do not - count": 5,
    "cost-benefit, don’t, A/B": 3,
    "31% → 12%": 2,
    "Клиент — всегда прав.": 3,
    "客户体验": 4,
    "客户 CX 体验 2021": 6,
    "\u00a0two\u3000words\ufeff": 2,
    "ひらがな": 4,
    "naïve e\u0301te\u0301": 2,
    "🎉 party": 1,
    "①": 1,
}


@pytest.mark.parametrize(("text", "words"), CORPUS.items())
def test_words_are_counted_as_people_count_them(text, words):
    assert count_words(text) == words


@pytest.mark.browser
def test_the_browser_counts_the_same(page, live_server):
    page.goto(f"{live_server.url}/accounts/login/")

    counted = page.evaluate(
        """async (texts) => {
            const { countWords } = await import("/static/js/words.js");
            return texts.map(countWords);
        }""",
        list(CORPUS),
    )

    assert counted == list(CORPUS.values())


def test_typed_text_is_kept_as_it_is_but_for_line_ends():
    assert clean_text("  a \r\n b\rc ") == "  a \n b\nc "
