"""One question back: a nominee asks the organisers about its feedback, one of them answers."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.permissions import check_may_organise
from judging.services.mails import link, organisers_for
from outbox.services import post
from results.models import Feedback
from results.permissions import can_ask, can_read_feedback

LONGEST = 4000


@transaction.atomic
def ask_question(feedback: Feedback, *, text: str, by: User) -> Feedback:
    """Ask, once for an entry and from the feedback's date on; the organisers get a mail."""
    feedback = held(feedback)
    if not can_read_feedback(by, feedback) or not can_ask(by, feedback):
        raise DomainError(_("This feedback is not yours to ask about."))
    if feedback.asked_at is not None:
        raise DomainError(_("The one question about this entry is asked already."), field="text")
    feedback.question = worded(text)
    feedback.asked_by, feedback.asked_at = by, timezone.now()
    feedback.save(update_fields=["question", "asked_by", "asked_at"])
    log("feedback.asked", feedback, by)
    entry = feedback.entry
    write(
        "feedback-question",
        feedback,
        organisers_for(entry.nomination.season, entry),
        f"/admin/results/feedback/{feedback.pk}/question/",
        question=feedback.question,
    )
    return feedback


@transaction.atomic
def answer_question(feedback: Feedback, *, text: str, by: User) -> Feedback:
    """Answer, once; the entry's people get a mail."""
    feedback = held(feedback)
    entry = feedback.entry
    check_may_organise(by, entry.nomination.season, entry)
    if feedback.asked_at is None:
        raise DomainError(_("Nobody has asked anything about this entry."))
    if feedback.answered_at is not None:
        raise DomainError(_("The question is answered already."), field="text")
    feedback.answer = worded(text)
    feedback.answered_by, feedback.answered_at = by, timezone.now()
    feedback.save(update_fields=["answer", "answered_by", "answered_at"])
    log("feedback.answered", feedback, by)
    write(
        "feedback-answer",
        feedback,
        entry.contacts(),
        f"/entries/{entry.pk}/feedback/",
        question=feedback.question,
        answer=feedback.answer,
    )
    return feedback


def held(feedback: Feedback) -> Feedback:
    """The feedback as it is now, held until we commit."""
    Feedback.objects.select_for_update().get(pk=feedback.pk)
    return Feedback.objects.select_related(
        "stage", "entry__organisation", "entry__nomination__season"
    ).get(pk=feedback.pk)


def worded(text: str) -> str:
    """The text, if there is one and it is not too long."""
    text = text.strip()
    if not text:
        raise DomainError(_("Write something, please."), field="text")
    if len(text) > LONGEST:
        raise DomainError(_("Please keep to 4,000 characters."), field="text")
    return text


def log(verb: str, feedback: Feedback, by: User) -> None:
    """Write an act into the chain of the season."""
    season = feedback.entry.nomination.season.slug
    record(verb, by=by, about=feedback, season=season, data={"entry": feedback.entry.number})


def write(kind: str, feedback: Feedback, users: list[User], path: str, **more: Any) -> None:
    """One mail to each, in the reader's language."""
    entry = feedback.entry
    season = entry.nomination.season
    for user in users:
        with override(user.language):
            post(
                kind,
                effect_key=f"{kind}:{feedback.pk}:{user.pk}",
                to=user,
                about=f"nominations.entry:{entry.pk}",
                context={
                    "name": user.full_name,
                    "season": str(season.name),
                    "nomination": str(entry.nomination.name),
                    "number": entry.number,
                    "url": link(path),
                    **more,
                },
            )
