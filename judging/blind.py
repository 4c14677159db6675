"""What the jury of a round is shown of an entry, built from a list of what it may see."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from accounts.names import name_key
from judging.models import Round, Shows
from nominations.barriers import barred
from nominations.content import for_jury
from nominations.models import Entry, PromptKind, Revision

Content = dict[str, Any]

# Answers in words and figures; links, videos and files lead to the applicant.
PLAIN_KINDS = {
    PromptKind.TEXT,
    PromptKind.YEAR,
    PromptKind.NUMBER,
    PromptKind.METRIC,
    PromptKind.DATE,
    PromptKind.CHOICE,
    PromptKind.CHOICES,
    PromptKind.TABLE,
}
ANSWER_KEYS = (
    "prompt",
    "kind",
    "label",
    "text",
    "words",
    "unit",
    "options",
    "jury",
)
FILE_KEYS = ("token", "size", "content_type", "purpose", "prompt", "pages")
LEAST_LETTERS = 3


def shown_content(round_: Round, content: Content) -> Content:
    """A revision's content as the jury of the round may read it; nothing else leaves here."""
    content = for_jury(content)
    if not round_.hides_applicant:
        return content
    plain = round_.shows == Shows.ANSWERS
    return {
        "number": content["number"],
        "nomination": content["nomination"],
        "kind": content["kind"],
        "title": "" if plain else content["title"],
        "organisation": "",
        "nominee_name": "",
        "participants": [],
        "answers": [
            {key: answer[key] for key in ANSWER_KEYS if key in answer}
            for answer in content["answers"]
            if not plain or answer.get("kind", PromptKind.TEXT) in PLAIN_KINDS
        ],
        "attachments": []
        if plain
        else [
            {key: file[key] for key in FILE_KEYS if key in file}
            | {"name": plain_name(number, file["name"])}
            for number, file in enumerate(content["attachments"], start=1)
        ],
    }


def plain_name(number: int, name: str) -> str:
    """A file's name without what the applicant wrote there; the kind stays."""
    ending = PurePath(name).suffix.lower()
    return f"{number}{ending}" if re.fullmatch(r"\.[a-z0-9]{1,5}", ending) else str(number)


def file_shown(round_: Round, revision: Revision | None, token: str) -> Content | None:
    """A file of a revision as the jury may have it, if it may."""
    listed = shown_content(round_, revision.content)["attachments"] if revision else []
    return next((one for one in listed if one["token"] == token), None)


def texts_of(content: Content) -> Iterator[str]:
    """The words of an entry that a blind jury reads."""
    yield content["title"]
    for answer in content["answers"]:
        yield answer.get("text", "")


def entries_that_name_the_applicant(round_: Round, user: Any) -> list[Entry]:
    """Entries of a blind round whose shown text holds the applicant's name, for an organiser."""
    entries = round_.entries().exclude(pk__in=Entry.objects.filter(barred(user)).values("pk"))
    rows = list(entries.select_related("organisation", "nomination").order_by("number"))
    latest = latest_contents(rows)
    return [
        entry
        for entry in rows
        if entry.pk in latest
        and names_in(texts_of(shown_content(round_, latest[entry.pk])), latest[entry.pk])
    ]


def latest_contents(entries: Iterable[Entry]) -> dict[int, Content]:
    """The content that was submitted last, by entry."""
    rows = Revision.objects.filter(entry__in=list(entries)).order_by("number")
    return dict(rows.values_list("entry", "content"))


def names_in(texts: Iterable[str], content: Content) -> bool:
    """Whether the organisation, the nominee or a participant is named in the texts."""
    people = [one["name"] for one in content.get("participants", [])]
    names = [content["organisation"], content["nominee_name"], *people]
    wanted = {key for name in names if len(key := f" {name_key(name)} ") >= LEAST_LETTERS + 2}
    said = f" {' '.join(words(' '.join(texts)))} "
    return any(f" {' '.join(words(key))} " in said for key in wanted)


def words(text: str) -> list[str]:
    """The words of a text, to be compared."""
    return re.findall(r"\w+", text.casefold())
