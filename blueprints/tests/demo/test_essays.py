"""Composed answers fit their prompts, whatever the nomination asks."""

from random import Random

import pytest
import yaml

from blueprints.demo import essays
from blueprints.demo.essays import Essay
from blueprints.tests.broken import SHIPPED
from nominations.words import count_words


class Prompt:
    def __init__(self, data):
        self.slug, self.kind = data["slug"], data["kind"]
        self.min_words, self.max_words = data.get("min_words"), data.get("max_words")


NOMINATIONS = [
    nomination
    for category in yaml.safe_load(SHIPPED.read_text())["categories"]
    for nomination in category["nominations"]
]


@pytest.fixture(autouse=True)
def _quick_and_private():
    """No database and no files are used here."""


@pytest.mark.parametrize("nomination", NOMINATIONS, ids=lambda one: one["slug"])
def test_every_answer_has_the_length_its_prompt_asks_for(nomination):
    for seed in range(12):
        essay = Essay(nomination["slug"], Random(seed), who="Иван Шестаков")
        for data in nomination["prompts"]:
            prompt = Prompt(data)
            text = essay.answer(prompt)
            if prompt.kind == "year":
                assert int(text) >= 2020
            else:
                least, most = prompt.min_words or 0, prompt.max_words or 1000
                assert least <= count_words(text) <= most, (data["slug"], seed)
                assert "{" not in text


@pytest.mark.parametrize("nomination", NOMINATIONS, ids=lambda one: one["slug"])
def test_no_essay_says_a_sentence_twice(nomination):
    essay = Essay(nomination["slug"], Random(7))
    texts = [essay.answer(Prompt(data)) for data in nomination["prompts"]]
    sentences = [one for text in texts for one in text.replace("\n\n", " ").split(". ")]

    assert len(set(sentences)) == len(sentences)


def test_the_same_seed_writes_the_same_answer():
    prompt = Prompt(NOMINATIONS[0]["prompts"][0])

    def written(seed: str) -> str:
        return Essay("human-to-human", Random(seed)).answer(prompt)

    assert written("a") == written("a")
    assert written("a") != written("b")


def test_every_prompt_of_the_award_has_a_theme_of_its_own():
    named = {
        data["slug"] for one in NOMINATIONS for data in one["prompts"] if data["kind"] == "text"
    }

    assert named - set(essays.THEME_OF_PROMPT) == set()
