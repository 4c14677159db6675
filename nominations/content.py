"""A frozen (or about to be frozen) content made readable: labels in the reader's language, files with links."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from common.localized import Localized
from nominations.fields import readable_answer
from nominations.models import Entry, EntryKind, ParticipantRole, Purpose, Revision
from nominations.sheets import PageUrl, sheets

FileUrl = Callable[[str], str]


def readable(
    content: dict[str, Any], file_url: FileUrl, page_url: PageUrl | None = None
) -> dict[str, Any]:
    """Return what `nominations/_content.html` shows; the caller says where a reader gets a file.

    With `page_url` an essay that is a file brings its pages.
    """
    files = [{**file, "url": file_url(file["token"])} for file in content.get("attachments", [])]
    essay = next((one for one in files if one.get("purpose") == Purpose.ESSAY), None)
    if essay is not None and page_url is not None:
        essay |= sheets(essay["token"], page_url)
    return {
        "number": content["number"],
        "nomination_number": content["nomination"]["number"],
        "nomination": str(Localized(content["nomination"]["name"])),
        "organisation": content["organisation"],
        "kind": str(EntryKind(content["kind"]).label),
        "title": content["title"],
        "nominee_name": content["nominee_name"],
        "participants": [
            {"name": one["name"], "role": str(ParticipantRole(one["role"]).label)}
            for one in content["participants"]
        ],
        "answers": [
            {
                **readable_answer(answer),
                "files": [one for one in files if one.get("prompt") == answer["prompt"]],
            }
            for answer in content["answers"]
        ],
        "essay": essay,
        "files": [one for one in files if one.get("purpose", Purpose.SUPPORT) == Purpose.SUPPORT],
        "credentials": [
            {
                **one,
                "label": str(Localized(one["label"])),
                "expires_on": date.fromisoformat(one["expires_on"]) if one["expires_on"] else None,
                "file": next((file for file in files if file["token"] == one["proof"]), None),
            }
            for one in content.get("credentials", [])
        ],
    }


def for_jury(content: dict[str, Any]) -> dict[str, Any]:
    """A content without the answers, files and documents that are kept from the jury."""
    return {
        **{key: value for key, value in content.items() if key != "credentials"},
        "answers": [one for one in content.get("answers", []) if one.get("jury", True)],
        "attachments": [one for one in content.get("attachments", []) if one.get("jury", True)],
    }


def submitted_names(entry: Entry) -> tuple[str, str]:
    """The person or team and the title as last submitted; the entry's own columns are its draft."""
    revision = entry.latest_revision()
    content = revision.content if revision is not None else {}
    return content.get("nominee_name", entry.nominee_name), content.get("title", entry.title)


def as_submitted(entries: Iterable[Entry]) -> None:
    """Let entries show, in memory, the names that were last submitted: later drafts are the nominee's.

    One query however many entries; an entry without a revision keeps its own.
    """
    shown: dict[int, list[Entry]] = {}
    for entry in entries:
        shown.setdefault(entry.pk, []).append(entry)
    latest = (
        Revision.objects.filter(entry__in=shown)
        .order_by("entry", "number")
        .values_list("entry", "content__nominee_name", "content__title")
    )
    for pk, nominee_name, title in latest:
        for entry in shown[pk]:
            entry.nominee_name, entry.title = nominee_name or "", title or ""
