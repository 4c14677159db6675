"""One answer in the essay editor: what stands in its inputs, and what is said beside them."""

from dataclasses import dataclass
from itertools import count

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import DomainError
from nominations.drafts import Draft, Written
from nominations.errors import AnswerConflict, Closed
from nominations.fields import as_lines, frozen, in_figures
from nominations.inputs import Inputs
from nominations.models import Answer, Option, Prompt, PromptKind
from nominations.words import count_words

# Kinds whose question labels a group of inputs instead of one.
GROUPED = {
    PromptKind.CHOICE,
    PromptKind.CHOICES,
    PromptKind.TABLE,
    PromptKind.FILE,
    PromptKind.METRIC,
}


@dataclass(frozen=True)
class Refused:
    """What was typed for an answer and could not be saved, and why."""

    typed: str
    error: DomainError


@dataclass(frozen=True)
class Field:
    """One answer in the editor: what is stored, or what was typed and refused."""

    written: Written
    refused: Refused | None = None
    number: int | None = None
    """Its number on the page; none while it is not asked."""
    options: tuple[Option, ...] | None = None
    """Its choices or columns, where they are not kept yet."""

    @property
    def prompt(self) -> Prompt:
        """The question."""
        return self.written.prompt

    @property
    def key(self) -> str:
        """What tells its inputs from others on the page."""
        return str(self.prompt.pk)

    @property
    def asked(self) -> bool:
        """Whether it is asked, given the answers before it."""
        return self.written.asked

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.refused.typed if self.refused else self.written.text

    @property
    def inputs(self) -> Inputs:
        """Its inputs, filled."""
        return Inputs(self.prompt, self.text, self.options)

    @property
    def has_one_input(self) -> bool:
        """Whether the question labels one input."""
        return self.prompt.kind not in GROUPED

    @property
    def words(self) -> int:
        """Words in the field."""
        return count_words(self.text)

    @property
    def described(self) -> str:
        """The ids of what explains the inputs."""
        ids = [
            f"help-{self.key}" if self.prompt.help else "",
            f"limits-{self.key}" if self.limits else "",
            f"problem-{self.key}",
        ]
        return " ".join(one for one in ids if one)

    @property
    def limits(self) -> str:
        """What the inputs take, where the page does not show it otherwise."""
        return limits_in_words(self.prompt)

    @property
    def message(self) -> str:
        """Why it was refused, unless by another save or the clock, which say so in their own place."""
        if self.refused is None or isinstance(self.refused.error, AnswerConflict | Closed):
            return ""
        return str(self.refused.error)

    @property
    def warning(self) -> str:
        """What is wrong with a stored answer of few words, said at once; a text counts its words."""
        if self.prompt.kind in {PromptKind.TEXT, PromptKind.FILE} or not self.written.text:
            return ""
        return self.written.problem

    @property
    def theirs(self) -> Answer | None:
        """What another save has stored meanwhile."""
        error = self.refused.error if self.refused else None
        return error.answer if isinstance(error, AnswerConflict) else None

    @property
    def theirs_shown(self) -> str:
        """The same, as people read it."""
        return in_words(self.prompt, self.theirs.text) if self.theirs else ""


def fields_of(draft: Draft, refused: dict[int, Refused]) -> list[Field]:
    """Every answer of an entry for the editor, numbered as it is asked."""
    numbers = count(1)
    return [
        Field(one, refused.get(one.prompt.pk), next(numbers) if one.asked else None)
        for one in draft.written
    ]


def in_words(prompt: Prompt, text: str) -> str:
    """An answer of any kind as lines to read."""
    return "\n".join(as_lines(frozen(prompt, text)))


def limits_in_words(prompt: Prompt) -> str:
    """The range of a number, the rows of a table; a text shows its own."""
    least, most = prompt.minimum, prompt.maximum
    if prompt.kind in {PromptKind.NUMBER, PromptKind.METRIC}:
        if least is not None and most is not None:
            return _("From %(least)s to %(most)s.") % {
                "least": in_figures(least),
                "most": in_figures(most),
            }
        return ""
    if prompt.kind == PromptKind.TABLE and least is not None and least == most:
        rows = int(least)
        return ngettext("Exactly %(count)d row.", "Exactly %(count)d rows.", rows) % {"count": rows}
    if prompt.kind == PromptKind.CHOICES:
        return _("You may choose several.")
    return ""
