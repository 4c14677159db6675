"""An entry as a document to keep or print: PDF by WeasyPrint, DOCX by python-docx, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nominations.clock import in_words
from nominations.content import readable
from nominations.drafts import Draft
from nominations.models import Entry, Revision
from nominations.paper import set_as_pdf
from nominations.wordfile import write_docx

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"pdf": PDF, "docx": DOCX}


@dataclass(frozen=True)
class Paper:
    """What a document says, ready to be set."""

    number: str
    season: str
    revision: int | None
    state: str
    """Which revision it is and when it was submitted, or that it is a draft."""
    sha256: str
    language: str
    content: dict[str, Any]

    @property
    def is_draft(self) -> bool:
        """Whether nothing of it is frozen."""
        return self.revision is None

    @property
    def head(self) -> str:
        """What every page says at its top."""
        return f"{self.number} · {self.season}"

    @property
    def title(self) -> str:
        """The name of the project, or of the nomination."""
        return str(self.content["title"] or self.content["nomination"])

    def file_name(self, ending: str) -> str:
        """What the file is called."""
        part = "draft" if self.is_draft else f"revision-{self.revision}"
        return f"{self.number}-{part}.{ending}"


def paper_of(entry: Entry, revision: Revision | None) -> Paper:
    """A revision, or the draft as it is now."""
    content = Draft(entry).content() if revision is None else revision.content
    return Paper(
        number=entry.number,
        season=str(entry.season.name),
        revision=revision.number if revision else None,
        state=state_in_words(entry, revision, timezone.now()),
        sha256=revision.sha256 if revision else "",
        language=get_language() or "en",
        content=readable(content, lambda token: ""),
    )


def state_in_words(entry: Entry, revision: Revision | None, now: datetime) -> str:
    """Revision and moment, or that it is a draft and of when."""
    zone = entry.season.zone
    if revision is None:
        moment = in_words(now, zone)
        return _("Draft, not submitted. As of %(moment)s") % {"moment": moment}
    moment = in_words(revision.submitted_at, zone, seconds=True)
    words = {"number": revision.number, "moment": moment}
    return _("Revision %(number)d, submitted %(moment)s") % words


def as_file(paper: Paper, ending: str) -> bytes:
    """The document in one of its forms."""
    return as_pdf(paper) if ending == "pdf" else write_docx(paper)


def as_pdf(paper: Paper) -> bytes:
    """Set the document in the portal's own faces; nothing else is loaded."""
    return set_as_pdf(render_to_string("nominations/document.html", {"paper": paper}))
