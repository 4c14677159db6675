"""Where files go in an entry: each place says how many it takes and of which types."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.uploads import TYPES
from nominations.models import (
    Attachment,
    Credential,
    Entry,
    Prerequisite,
    Prompt,
    PromptKind,
    Purpose,
)

SUPPORTING = 10
PROOFS = 3
ESSAY_TYPES = (".docx", ".pdf")
WITH_FILES = (PromptKind.FILE, PromptKind.METRIC)


@dataclass(frozen=True)
class Slot:
    """A place for files: what they are for, and the prompt or prerequisite they belong to."""

    purpose: Purpose = Purpose.SUPPORT
    prompt: Prompt | None = None
    prerequisite: Prerequisite | None = None

    @cached_property
    def key(self) -> str:
        """Its short name in forms and addresses."""
        about = self.prompt or self.prerequisite
        return f"{self.purpose.value}-{about.pk}" if about else self.purpose.value

    @property
    def most(self) -> int:
        """How many files it holds."""
        if self.purpose == Purpose.SUPPORT:
            return SUPPORTING
        if self.prompt is None:
            return 1
        if self.prompt.kind == PromptKind.FILE and self.prompt.maximum is not None:
            return max(1, int(self.prompt.maximum))
        return PROOFS

    @property
    def replaces(self) -> bool:
        """Whether a new file takes the place of the one that is there."""
        return self.purpose in {Purpose.ESSAY, Purpose.CREDENTIAL}

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of the names it takes."""
        return ESSAY_TYPES if self.purpose == Purpose.ESSAY else tuple(TYPES)

    @property
    def accept(self) -> str:
        """The endings for an `accept` attribute."""
        return ",".join(self.endings)

    @property
    def types(self) -> str:
        """The types in words."""
        if self.purpose == Purpose.ESSAY:
            return _("DOCX or PDF")
        return _("PDF, DOCX, XLSX, PPTX, PNG or JPEG")

    def files(self, entry: Entry) -> QuerySet[Attachment]:
        """What it holds now."""
        live = entry.attachments.filter(removed_at=None, purpose=self.purpose, prompt=self.prompt)
        if self.prerequisite is None:
            return live
        proofs = Credential.objects.filter(entry=entry, prerequisite=self.prerequisite)
        return live.filter(pk__in=proofs.values("proof"))


def slot_of(entry: Entry, key: str) -> Slot | None:
    """The place of an entry by its key, if the entry has it."""
    name, _dash, about = key.partition("-")
    nomination = entry.nomination
    if key == Purpose.SUPPORT:
        return Slot()
    if key == Purpose.ESSAY:
        return Slot(Purpose.ESSAY) if nomination.essay_upload else None
    if not about.isdecimal() or len(about) > 18:
        return None
    if name == Purpose.ANSWER:
        prompt = nomination.prompts.filter(pk=about, kind__in=WITH_FILES).first()
        return Slot(Purpose.ANSWER, prompt) if prompt else None
    if name == Purpose.CREDENTIAL:
        asked = Prerequisite.objects.filter(season=nomination.season_id, pk=about)
        for one in asked:
            chosen = one.nominations.all()
            if not chosen or nomination in chosen:
                return Slot(Purpose.CREDENTIAL, prerequisite=one)
    return None


def slot_holding(attachment: Attachment) -> Slot:
    """The place a file is kept in."""
    credential = Credential.objects.filter(proof=attachment).select_related("prerequisite").first()
    return Slot(
        Purpose(attachment.purpose),
        attachment.prompt,
        credential.prerequisite if credential else None,
    )
