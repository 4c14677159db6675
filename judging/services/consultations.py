"""Consulting people on a draft version of a rubric."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import ConflictError, DomainError
from common.localized import Localized
from common.moments import in_both_zones
from judging.models import Consultation, Criterion, Invitee, Opinion, Rubric
from judging.permissions import check_may_organise
from judging.rubrics import is_marked
from judging.services.mails import link
from judging.soundness import check_sound
from outbox.services import post

LONGEST = 10_000


class OpinionConflict(ConflictError):  # noqa: N818 - the name says what happened
    """The comment was changed in another window."""

    def __init__(self, stored: Opinion) -> None:
        super().__init__(
            _("This comment was changed in another window, which holds: %(text)s")
            % {"text": stored.text}
        )
        self.stored = stored


def check_consultable(rubric: Rubric) -> None:
    """Refuse to ask about what has marks already, or cannot be judged by."""
    if is_marked(rubric):
        raise DomainError(_("Marks have been given by this rubric; ask about a new version."))
    if rubric.rounds.exists():
        raise DomainError(_("A round judges by this rubric already; ask about a new version."))
    check_sound(rubric)


@transaction.atomic
def start_consultation(consultation: Consultation, *, by: User) -> Consultation:
    """Keep a new consultation; until it closes the draft stands still."""
    rubric = Rubric.objects.select_for_update(of=("self",)).get(pk=consultation.rubric_id)
    check_may_organise(by, rubric.season)
    check_consultable(rubric)
    consultation.save()
    note("consultation.started", consultation, by=by)
    return consultation


@transaction.atomic
def invite(
    consultation: Consultation, emails: Iterable[str], role: str, *, by: User
) -> list[Invitee]:
    """Ask people by their addresses; who is asked already stays as they are."""
    check_may_organise(by, consultation.rubric.season)
    if timezone.now() >= consultation.closes_at:
        raise DomainError(_("The consultation is closed."))
    made = []
    for email in dict.fromkeys(one.strip().lower() for one in emails):
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        invitee, created = Invitee.objects.get_or_create(
            consultation=consultation, email=email, defaults={"user": user, "role": role}
        )
        if created:
            made.append(invitee)
            write("consultation-invitation", invitee, consultation)
    if made:
        note("consultation.invited", consultation, by=by, count=len(made))
    return made


def write(kind: str, invitee: Invitee, consultation: Consultation) -> None:
    """Mail one invited person; an invitation waits for the opening."""
    season, zone = consultation.rubric.season, consultation.rubric.season.time_zone
    language = invitee.user.language if invitee.user else season.language
    with translation.override(language):
        context = {
            "name": invitee.user.full_name if invitee.user else "",
            "season": str(Localized(season.name)),
            "rubric": str(consultation.rubric.name),
            "version": str(consultation.rubric.version),
            "opens_at": in_both_zones(consultation.opens_at, zone),
            "deadline": in_both_zones(consultation.closes_at, zone, until=True),
            "url": link(consultation.get_absolute_url()),
        }
    post(
        kind,
        effect_key=f"{kind}:{invitee.pk}",
        to=invitee.user or invitee.email,
        language=language,
        due_at=max(consultation.opens_at, timezone.now()),
        context=context,
    )


def held(consultation: Consultation) -> Consultation:
    """The consultation as it is now, for this transaction."""
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("rubric__season")
    return rows.get(pk=consultation.pk)


@transaction.atomic
def say(
    consultation: Consultation, criterion: str, text: str, *, by: User, base_version: int
) -> None:
    """Keep what an invited person says on a criterion, or on the whole; an empty text takes it back."""
    consultation = held(consultation)
    invitee = Invitee.objects.of(by).filter(consultation=consultation).first()
    if invitee is None:
        raise DomainError(_("Only invited people comment on this draft."))
    if not consultation.is_open():
        raise DomainError(_("The consultation is closed; this comment was not saved."))
    known = Criterion.objects.filter(dimension__rubric=consultation.rubric_id, slug=criterion)
    if criterion and not known.exists():
        raise DomainError(_("The draft has no such criterion."))
    opinion = Opinion.objects.filter(invitee=invitee, criterion=criterion).first()
    opinion = opinion or Opinion(invitee=invitee, criterion=criterion)
    text = text.strip()[:LONGEST]
    if opinion.text == text:
        return
    if opinion.version != base_version:
        raise OpinionConflict(opinion)
    opinion.text, opinion.version = text, opinion.version + 1
    opinion.save()


@transaction.atomic
def close_consultation(consultation: Consultation, *, by: User) -> Consultation:
    """End it now rather than on its day; the draft can be changed again."""
    consultation = held(consultation)
    check_may_organise(by, consultation.rubric.season)
    if not consultation.is_open():
        raise DomainError(_("The consultation is not open."))
    earliest = consultation.opens_at + timedelta(microseconds=1)
    consultation.closes_at = max(timezone.now(), earliest)
    consultation.save(update_fields=["closes_at"])
    note("consultation.closed", consultation, by=by)
    return consultation


@transaction.atomic
def answer_consultation(
    consultation: Consultation, text: dict[str, str], *, by: User
) -> Consultation:
    """Say what came of it, once it is closed; every invited person is told."""
    consultation = held(consultation)
    check_may_organise(by, consultation.rubric.season)
    if timezone.now() < consultation.closes_at:
        raise DomainError(_("Answer when the consultation is closed."), field="answer")
    if not any(text.values()):
        raise DomainError(_("Write the answer."), field="answer")
    consultation.answer = Localized(text)
    consultation.answered_at = consultation.answered_at or timezone.now()
    consultation.save(update_fields=["answer", "answered_at"])
    for invitee in consultation.invitees.select_related("user"):
        write("consultation-answer", invitee, consultation)
    note("consultation.answered", consultation, by=by)
    return consultation


def note(verb: str, consultation: Consultation, *, by: User, **data: int) -> None:
    """Log an act in the chain of the season."""
    rubric = consultation.rubric
    record(
        verb,
        by=by,
        about=consultation,
        season=rubric.season.slug,
        data={"rubric": rubric.slug, "version": rubric.version, **data},
    )
