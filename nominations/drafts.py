"""Reading an entry's draft: progress, what is missing, and the content a submission freezes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from nominations.conditions import Condition, conditions_of
from nominations.conditions import frozen as frozen_conditions
from nominations.conditions import problems as missing_conditions
from nominations.fields import answer_problem, asked, frozen
from nominations.models import (
    Answer,
    Attachment,
    Entry,
    EntryKind,
    Nomination,
    PagesState,
    Participant,
    ParticipantRole,
    Prompt,
    PromptKind,
    Purpose,
    Revision,
)
from nominations.words import count_words

NAMED_KINDS = {EntryKind.PERSON, EntryKind.TEAM, EntryKind.BRAND}
LEAST_OF_JOINT = 2


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
    files: tuple[Attachment, ...] = ()
    asked: bool = True
    """Whether it is asked at all, given the answers before it."""
    needed: bool = True
    """Whether a submission needs it; a typed answer is not needed where a file is the essay."""

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
        if not self.asked or (not self.needed and not self.text):
            return ""
        return answer_problem(self.prompt, self.text, len(self.files))

    @property
    def required(self) -> bool:
        """Whether a submission needs an answer, as things stand."""
        return self.prompt.required and self.asked and self.needed

    @property
    def is_filled(self) -> bool:
        """Whether there is an answer, whole or not."""
        return bool(self.text or self.files)

    @property
    def state(self) -> str:
        """Return done, started, todo or optional."""
        if not self.is_filled:
            return "todo" if self.required else "optional"
        return "started" if self.problem else "done"


def asks_for_participants(nomination: Nomination, kind: str) -> bool:
    """Whether an entry says which organisations take part, in which roles."""
    return kind == EntryKind.JOINT or bool(nomination.requires_roles)


def missing_name(kind: str) -> str:
    """Say whom an entry of this kind must name."""
    return {
        EntryKind.PERSON: _("Name the person who is nominated."),
        EntryKind.TEAM: _("Name the team that is nominated."),
        EntryKind.BRAND: _("Name the brand that is nominated."),
    }[EntryKind(kind)]


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
        self.prompts = list(entry.nomination.prompts.prefetch_related("options"))
        self.attachments: list[Attachment] = list(entry.attachments.filter(removed_at=None))
        self.participants: list[Participant] = list(entry.participants.all())
        active = asked(self.prompts, {pk: answer.text for pk, answer in answers.items()})
        self.written = [
            Written(
                prompt,
                answers.get(prompt.pk),
                files=tuple(one for one in self.attachments if one.prompt_id == prompt.pk),
                asked=prompt.pk in active,
                needed=prompt.kind != PromptKind.TEXT or self.essay_file is None,
            )
            for prompt in self.prompts
        ]

    @property
    def essay_file(self) -> Attachment | None:
        """The file that is the essay, where one was uploaded instead of typing."""
        return next((one for one in self.attachments if one.purpose == Purpose.ESSAY), None)

    @property
    def supporting(self) -> list[Attachment]:
        """The files that support the essay as a whole."""
        return [one for one in self.attachments if one.purpose == Purpose.SUPPORT]

    @property
    def counted(self) -> list[Written]:
        """The answers that progress counts: the required ones, or all when none is."""
        asked_now = [one for one in self.written if one.asked]
        return [one for one in asked_now if one.required] or asked_now

    @property
    def answered(self) -> int:
        """How many of the counted prompts have an answer."""
        return sum(one.is_filled for one in self.counted)

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
        return [*self.detail_problems(), *self.condition_problems(), *self.essay_problems()]

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
            found.append(Problem(missing_name(entry.kind), "entry_details", "nominee"))
        if self.asks_for_participants:
            found += [
                Problem(message, "entry_details", "participants")
                for message in self.participant_problems()
            ]
        return found

    @cached_property
    def conditions(self) -> list[Condition]:
        """What the applicant must hold, with what the entry shows for it."""
        return conditions_of(self.entry)

    def condition_problems(self) -> list[Problem]:
        """Which documents are missing."""
        return [
            Problem(one.message, "conditions", one.anchor, one.label)
            for one in missing_conditions(self.conditions)
        ]

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
        """Which answers are missing, too short or too long; an essay file the jury could not read."""
        found = [
            Problem(one.problem, "essay", f"answer-{one.prompt.pk}", str(one.prompt.label))
            for one in self.written
            if one.problem
        ]
        file = self.essay_file
        if file is not None and file.pages_state == PagesState.FAILED:
            message = _("“%(name)s” cannot be shown to the jury as pages.") % {"name": file.name}
            message = f"{message} {file.get_pages_fault_display()} {_('Upload another file.')}"
            found.append(Problem(message, "essay", "upload-essay"))
        return found

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
            # Where a file is the essay, typed texts stay in the draft and the jury reads the file.
            "answers": [
                frozen(one.prompt, one.text) for one in self.written if one.asked and one.needed
            ],
            "attachments": [self.frozen_file(one) for one in self.attachments],
            **({"credentials": frozen_conditions(self.conditions)} if self.conditions else {}),
        }

    def frozen_file(self, attachment: Attachment) -> dict[str, Any]:
        """What a revision keeps of a file: to what it belongs, and whether the jury sees it."""
        kept: dict[str, Any] = {
            "token": str(attachment.token),
            "name": attachment.name,
            "size": attachment.size,
            "sha256": attachment.sha256,
            "content_type": attachment.content_type,
        }
        if attachment.purpose != Purpose.SUPPORT:
            kept["purpose"] = attachment.purpose
        prompt = next((one for one in self.prompts if one.pk == attachment.prompt_id), None)
        if prompt is not None:
            kept["prompt"] = prompt.slug
        if attachment.purpose == Purpose.CREDENTIAL or (prompt and not prompt.jury_sees):
            kept["jury"] = False
        return kept

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
        "credentials": [
            {key: value for key, value in one.items() if key != "label"}
            for one in content.get("credentials", [])
        ],
    }
