"""The words of an essay as they are shown, and where a quote stands among them.

A place counts characters of the text as the page shows it, so that a browser and the portal mean
the same: what the answer's template renders, without its tags.
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import linebreaks

from judging.blind import shown_content
from judging.models import Round
from nominations.content import readable
from nominations.models import Revision

LONGEST_QUOTE = 1000


@dataclass(frozen=True)
class Place:
    """Where words stand: the answer, and the characters before them."""

    prompt: str
    start: int
    text: str


class Words(HTMLParser):
    """Everything between the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words_of(html: str) -> str:
    """What a browser calls the text content."""
    reader = Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def answer_words(answer: dict[str, Any]) -> str:
    """The text of one readable answer as the page shows it, without its files."""
    shown = render_to_string("nominations/_answer_read.html", {"answer": {**answer, "files": []}})
    return words_of(shown)


def essay_words(round_: Round, revision: Revision) -> dict[str, str]:
    """The shown text of each answer the jury may read, by its question."""
    content = readable(
        shown_content(round_, revision.content), lambda _token: "", lambda *_page: ""
    )
    words = {one["prompt"]: answer_words(one) for one in content["answers"]}
    pages = content["essay"]["pages"] if content["essay"] else []
    return words | {
        f"page-{page['number']}": words_of(linebreaks(page["text"], autoescape=True))
        for page in pages
    }


def tightened(text: str) -> tuple[str, list[int]]:
    """The text with each run of spaces as one, and where each character stood."""
    kept: list[str] = []
    places: list[int] = []
    for at, one in enumerate(text):
        if one.isspace():
            if kept and kept[-1] == " ":
                continue
            kept.append(" ")
        else:
            kept.append(one)
        places.append(at)
    return "".join(kept), places


def find_in(text: str, wanted: str, near: int) -> tuple[int, str] | None:
    """The occurrence nearest to a place; spaces and line ends count as the same."""
    tight, places = tightened(text)
    words = tightened(wanted)[0].strip()
    if not words:
        return None
    found = []
    at = tight.find(words)
    while at != -1:
        found.append(at)
        at = tight.find(words, at + 1)
    if not found:
        return None
    best = min(found, key=lambda one: (abs(places[one] - near), one))
    start, last = places[best], places[best + len(words) - 1]
    return start, text[start : last + 1]


def locate(essay: dict[str, str], wanted: str, *, prompt: str = "", near: int = 0) -> Place | None:
    """Where the words stand: in the answer they were taken from, else in the first that has them."""
    ordered = [prompt, *(one for one in essay if one != prompt)]
    for one in ordered:
        found = find_in(essay.get(one, ""), wanted, near if one == prompt else 0)
        if found is not None:
            return Place(one, *found)
    return None
