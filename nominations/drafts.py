"""Reading an entry's draft: progress, what is missing, and the content a submission freezes."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nominations.models import (
    Answer,
    Attachment,
    Entry,
    EntryKind,
    Nomination,
    Participant,
    ParticipantRole,
    Prompt,
    PromptKind,
    Revision,
)
from nominations.words import count_words

NAMED_KINDS = {EntryKind.PERSON, EntryKind.TEAM}
LEAST_OF_JOINT = 2
YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class Problem:
    """Something that keeps an entry from being submitted, and the place where it is mended."""

    message: str
    page: str
    anchor: str
    label: str = ""

    def url(self, entry: Entry) -> str:
        """Lead to the field."""
        return f"{reverse(f'nominations:{self.page}', args=[entry.pk])}#{self.anchor}"


@dataclass(frozen=True)
class Written:
    """A prompt with what was written to it so far."""

    prompt: Prompt
    answer: Answer | None

    @property
    def text(self) -> str:
        """The saved text."""
        return self.answer.text if self.answer else ""

    @property
    def version(self) -> int:
        """The version a save must name; zero before the first."""
        return self.answer.version if self.answer else 0

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return count_words(self.text)

    @property
    def problem(self) -> str:
        """Say what is wrong with it as a part of a submission, or nothing."""
        return answer_problem(self.prompt, self.text)

    @property
    def state(self) -> str:
        """Return done, started, todo or optional."""
        if not self.text:
            return "todo" if self.prompt.required else "optional"
        return "started" if self.problem else "done"


def year_problem(prompt: Prompt, text: str) -> str:
    """Say why a year is refused, or nothing."""
    if not YEAR.fullmatch(text.strip()):
        return _("Write the year with four digits, for example %(year)d.") % {
            "year": timezone.now().year - 1
        }
    year = int(text)
    if prompt.minimum is not None and year < prompt.minimum:
        return str(prompt.minimum_message) or _("The year is %(year)d or later.") % {
            "year": prompt.minimum
        }
    if year > timezone.now().year:
        return _("This year has not come yet.")
    return ""


def answer_problem(prompt: Prompt, text: str) -> str:
    """Say what keeps an answer from being submitted, or nothing."""
    if not text.strip():
        return _("This question has no answer yet.") if prompt.required else ""
    if prompt.kind == PromptKind.YEAR:
        return year_problem(prompt, text)
    words = count_words(text)
    if prompt.min_words and words < prompt.min_words:
        least = ngettext(
            "The answer needs at least %(count)d word.",
            "The answer needs at least %(count)d words.",
            prompt.min_words,
        ) % {"count": prompt.min_words}
        return f"{least} {_('It has %(words)d now.') % {'words': words}}"
    if prompt.max_words and words > prompt.max_words:
        most = ngettext(
            "The answer may have %(count)d word at most.",
            "The answer may have %(count)d words at most.",
            prompt.max_words,
        ) % {"count": prompt.max_words}
        return f"{most} {_('It has %(words)d now.') % {'words': words}}"
    return ""


def asks_for_participants(nomination: Nomination, kind: str) -> bool:
    """Whether an entry says which organisations take part, in which roles."""
    return kind == EntryKind.JOINT or bool(nomination.requires_roles)


def required_role_problem(nomination: Nomination, roles: set[str]) -> str:
    """Name the roles a nomination demands and nobody has, or say nothing."""
    missing = [role for role in nomination.requires_roles if role not in roles]
    if not missing:
        return ""
    if missing == [ParticipantRole.CLIENT]:
        return _(
            "Name the client that uses the solution. "
            "In this nomination a vendor enters only together with its client."
        )
    labels = ", ".join(str(ParticipantRole(role).label) for role in missing)
    return _("Name a participant with this role: %(roles)s.") % {"roles": labels}


class Draft:
    """Everything of an entry that its nominee may still change, read once."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        answers = {
            answer.prompt_id: answer for answer in entry.answers.select_related("updated_by")
        }
        self.prompts = list(entry.nomination.prompts.all())
        self.written = [Written(prompt, answers.get(prompt.pk)) for prompt in self.prompts]
        self.participants: list[Participant] = list(entry.participants.all())
        self.attachments: list[Attachment] = list(entry.attachments.filter(removed_at=None))

    @property
    def counted(self) -> list[Written]:
        """The answers that progress counts: the required ones, or all when none is."""
        return [one for one in self.written if one.prompt.required] or self.written

    @property
    def answered(self) -> int:
        """How many of the counted prompts have an answer."""
        return sum(bool(one.text) for one in self.counted)

    @property
    def total(self) -> int:
        """How many prompts are counted."""
        return len(self.counted)

    @property
    def asks_for_participants(self) -> bool:
        """Whether the entry says who takes part."""
        return asks_for_participants(self.entry.nomination, self.entry.kind)

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that keeps the entry from being submitted."""
        return [*self.detail_problems(), *self.essay_problems()]

    def detail_problems(self) -> list[Problem]:
        """What is missing beside the essay."""
        entry = self.entry
        found: list[Problem] = []
        if entry.kind not in entry.nomination.kinds:
            found.append(
                Problem(
                    _("This nomination does not take this kind of entry. Choose another."),
                    "entry_details",
                    "kind",
                )
            )
        if entry.kind in NAMED_KINDS and not entry.nominee_name:
            message = (
                _("Name the person who is nominated.")
                if entry.kind == EntryKind.PERSON
                else _("Name the team that is nominated.")
            )
            found.append(Problem(message, "entry_details", "nominee"))
        if self.asks_for_participants:
            found += [
                Problem(message, "entry_details", "participants")
                for message in self.participant_problems()
            ]
        return found

    def participant_problems(self) -> list[str]:
        """What the list of participants lacks."""
        found = []
        if self.entry.kind == EntryKind.JOINT and len(self.participants) < LEAST_OF_JOINT:
            found.append(_("A joint entry names two organisations or more, each with its role."))
        roles = {participant.role for participant in self.participants}
        if message := required_role_problem(self.entry.nomination, roles):
            found.append(message)
        return found

    def essay_problems(self) -> list[Problem]:
        """Which answers are missing, too short or too long."""
        return [
            Problem(one.problem, "essay", f"answer-{one.prompt.pk}", str(one.prompt.label))
            for one in self.written
            if one.problem
        ]

    def content(self) -> dict[str, Any]:
        """What a submission freezes and the jury reads, as plain JSON."""
        entry = self.entry
        nomination = entry.nomination
        participants = self.participants if self.asks_for_participants else []
        return {
            "season": nomination.season.slug,
            "nomination": {"number": nomination.number, "name": dict(nomination.name)},
            "number": entry.number,
            "organisation": entry.organisation.name,
            "kind": entry.kind,
            "title": entry.title,
            "nominee_name": entry.nominee_name,
            "participants": [{"name": one.name, "role": one.role} for one in participants],
            "answers": [
                {
                    "prompt": one.prompt.slug,
                    "kind": one.prompt.kind,
                    "label": dict(one.prompt.label),
                    "text": one.text,
                    "words": one.words,
                }
                for one in self.written
            ],
            "attachments": [
                {
                    "token": str(one.token),
                    "name": one.name,
                    "size": one.size,
                    "sha256": one.sha256,
                    "content_type": one.content_type,
                }
                for one in self.attachments
            ],
        }

    def differs_from(self, revision: Revision | None) -> bool:
        """Whether the nominee changed anything since the revision."""
        return revision is None or nominees_part(self.content()) != nominees_part(revision.content)


def nominees_part(content: dict[str, Any]) -> dict[str, Any]:
    """Leave out what organisers may reword (labels, names), so that only the nominee's words count."""
    return {
        **{key: content.get(key) for key in ("kind", "title", "nominee_name", "participants")},
        "answers": {
            answer["prompt"]: answer["text"] for answer in content["answers"] if answer["text"]
        },
        "attachments": [file["token"] for file in content["attachments"]],
    }
