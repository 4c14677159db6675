"""Saving one answer, so that no save ever hides another."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from nominations.errors import AnswerConflict
from nominations.fields import cleaned, year_problem
from nominations.models import Answer, Entry, Prompt, PromptKind
from nominations.services.locks import lock_for_writing, touch
from nominations.services.ready import remember_if_ready

MAX_LENGTH = 60_000


@transaction.atomic
def save_answer(entry: Entry, prompt: Prompt, text: str, *, by: User, base_version: int) -> Answer:
    """Store an answer written upon `base_version`; a stale version raises AnswerConflict.

    Saving what is stored already (a repeated request, a save in another tab) changes nothing.
    """
    at = lock_for_writing(entry, by)
    if prompt.nomination_id != entry.nomination_id:
        raise DomainError(_("This question belongs to another nomination."), field=prompt.slug)
    if len(text) > MAX_LENGTH:
        raise too_long(prompt)
    text = cleaned(prompt, text)
    answer = Answer.objects.filter(entry=entry, prompt=prompt).first() or Answer(
        entry=entry, prompt=prompt
    )
    answer.prompt = prompt
    if answer.text == text:
        return answer
    if answer.version != base_version:
        raise AnswerConflict(_("This answer was changed in another place meanwhile."), answer)
    check_text(prompt, text)
    answer.text = text
    answer.version += 1
    answer.updated_by = by
    answer.save()
    touch(entry, at)
    remember_if_ready(entry, by)
    return answer


def too_long(prompt: Prompt) -> DomainError:
    """The error for a text no answer may have."""
    return DomainError(
        _("An answer has %(count)d characters at most.") % {"count": MAX_LENGTH},
        field=prompt.slug,
    )


def check_text(prompt: Prompt, text: str) -> None:
    """Refuse what could never be submitted; what may still become right is only told."""
    if prompt.kind == PromptKind.YEAR and text and (problem := year_problem(prompt, text)):
        raise DomainError(problem, field=prompt.slug)
