"""Two revisions of an entry side by side: what was put in and taken out, word by word."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from common.localized import Localized
from nominations.fields import as_lines
from nominations.models import EntryKind, ParticipantRole
from nominations.words import IDEOGRAPHS, SPACES

GAPS = SPACES.replace("\n", "")
TOKEN = re.compile(f"\n|(?:[{IDEOGRAPHS}]|[^{SPACES}{IDEOGRAPHS}]+)[{GAPS}]*|[{GAPS}]+")
MOST_PAIRS = 60_000
"""Texts that repeat themselves beyond this are shown as a whole: pairing each word would take too long."""

SAME, GONE, NEW = "same", "gone", "new"
Piece = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """One thing that both revisions may say, with the pieces of each text."""

    label: str
    before: list[Piece]
    after: list[Piece]
    hidden: bool = False
    """Whether it is kept from the jury."""

    @property
    def is_changed(self) -> bool:
        """Whether the two say different things."""
        return any(kind != SAME for kind, _text in (*self.before, *self.after))

    @property
    def text(self) -> str:
        """What both say, where nothing changed."""
        return "".join(text for _kind, text in self.after)


@dataclass(frozen=True)
class FileChange:
    """A file that was added, removed or kept, and what it belongs to."""

    name: str
    kind: str
    about: str
    url: str = ""


@dataclass(frozen=True)
class Comparison:
    """Everything of two contents."""

    fields: list[Field]
    files: list[FileChange]

    @property
    def changed(self) -> list[Field]:
        """The fields that differ."""
        return [field for field in self.fields if field.is_changed]

    @property
    def unchanged(self) -> list[Field]:
        """The fields that do not, where they say anything at all."""
        return [field for field in self.fields if not field.is_changed and field.text]

    @property
    def changed_files(self) -> list[FileChange]:
        """Files that came or went."""
        return [file for file in self.files if file.kind != SAME]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs at all."""
        return not self.changed and not self.changed_files


def compare(
    before: dict[str, Any], after: dict[str, Any], urls: dict[str, str] | None = None
) -> Comparison:
    """Compare two contents as submissions freeze them; `urls` leads to files by their token."""
    return Comparison(
        fields=[*details(before, after), *answers(before, after)],
        files=files(before, after, urls or {}),
    )


def details(before: dict[str, Any], after: dict[str, Any]) -> list[Field]:
    """Title, who competes, and who takes part."""
    return [
        field(_("Title"), before.get("title", ""), after.get("title", "")),
        field(_("Who competes"), who(before), who(after)),
        field(_("Organisation"), before.get("organisation", ""), after.get("organisation", "")),
        field(_("Participants"), participants(before), participants(after)),
    ]


def who(content: dict[str, Any]) -> str:
    """The kind of the entry, with the person, team or brand."""
    kind = str(EntryKind(content["kind"]).label) if content.get("kind") else ""
    return f"{kind}: {content['nominee_name']}" if content.get("nominee_name") else kind


def participants(content: dict[str, Any]) -> str:
    """Who takes part, a line each."""
    return "\n".join(
        f"{one['name']} ({ParticipantRole(one['role']).label})"
        for one in content.get("participants", [])
    )


def answers(before: dict[str, Any], after: dict[str, Any]) -> list[Field]:
    """Every answer of either, in the order of the later one; what was only in the earlier comes last."""
    old = {answer["prompt"]: answer for answer in before.get("answers", [])}
    new = {answer["prompt"]: answer for answer in after.get("answers", [])}
    found = []
    for slug in [*new, *(slug for slug in old if slug not in new)]:
        asked = new.get(slug) or old[slug]
        found.append(
            field(
                str(Localized(asked.get("label", {}))),
                answer_text(old.get(slug)),
                answer_text(new.get(slug)),
                hidden=asked.get("jury") is False,
            )
        )
    return found


def answer_text(answer: dict[str, Any] | None) -> str:
    """An answer as plain lines, whatever its kind."""
    return "\n".join(as_lines(answer)) if answer else ""


def files(before: dict[str, Any], after: dict[str, Any], urls: dict[str, str]) -> list[FileChange]:
    """Files of either, each once: the same content under the same name is the same file."""
    labels = {
        answer["prompt"]: str(Localized(answer.get("label", {})))
        for content in (before, after)
        for answer in content.get("answers", [])
    }
    old = {identity(file): file for file in before.get("attachments", [])}
    new = {identity(file): file for file in after.get("attachments", [])}
    found = []
    for key, file in (old | new).items():
        kind = SAME if key in old and key in new else NEW if key in new else GONE
        about = labels.get(file.get("prompt", ""), "")
        found.append(FileChange(file["name"], kind, about, urls.get(file["token"], "")))
    return found


def identity(file: dict[str, Any]) -> tuple[str, str, str]:
    """What makes a file the same one."""
    return file["sha256"], file["name"], file.get("prompt", "")


def field(label: str, before: str, after: str, *, hidden: bool = False) -> Field:
    """Compare two texts word by word."""
    old, new = pieces(before, after)
    return Field(label, old, new, hidden)


def pieces(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Cut two texts into what is the same, what is gone and what is new.

    Lines first, then words within the lines that differ: so a long essay is compared in no time.
    """
    old: list[Piece] = []
    new: list[Piece] = []
    old_lines, new_lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for act, a, b, c, d in matched(old_lines, new_lines):
        gone, come = "".join(old_lines[a:b]), "".join(new_lines[c:d])
        if act == "equal":
            old.append((SAME, gone))
            new.append((SAME, come))
        else:
            by_words(gone, come, old, new)
    return merged(old), merged(new)


def by_words(gone: str, come: str, old: list[Piece], new: list[Piece]) -> None:
    """Compare what replaced what, word by word; a Chinese character is a word."""
    words, others = TOKEN.findall(gone), TOKEN.findall(come)
    for act, a, b, c, d in matched([key(one) for one in words], [key(one) for one in others]):
        same = act == "equal"
        old.append((SAME if same else GONE, "".join(words[a:b])))
        new.append((SAME if same else NEW, "".join(others[c:d])))


def key(token: str) -> str:
    """What counts of a word: the space behind it does not."""
    return token.strip() or token


def matched(one: list[str], other: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """How to make one list of the other: what both begin and end with, and the least between."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    ends, others_end = len(one) - tail, len(other) - tail
    if head:
        yield "equal", 0, head, 0, head
    left, right = one[head:ends], other[head:others_end]
    if pairs(left, right) > MOST_PAIRS:
        yield "replace", head, ends, head, others_end
    else:
        for act, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            yield act, head + a, head + b, head + c, head + d
    if tail:
        yield "equal", ends, len(one), others_end, len(other)


def pairs(one: list[str], other: list[str]) -> int:
    """How many equal pairs two lists have: so much work their comparison is."""
    seen = Counter(other)
    return sum(count * seen[token] for token, count in Counter(one).items())


def merged(cut: list[Piece]) -> list[Piece]:
    """Join neighbours of one kind, and drop what is empty."""
    found: list[Piece] = []
    for kind, text in cut:
        if not text:
            continue
        if found and found[-1][0] == kind:
            found[-1] = (kind, found[-1][1] + text)
        else:
            found.append((kind, text))
    return found
