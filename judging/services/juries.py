"""Membership of juries, the agreement, and declared interests."""

import hashlib
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from audit.services import record
from common.errors import DomainError
from common.localized import Localized
from judging.models import (
    Agreement,
    Assignment,
    AssignmentStatus,
    Conflict,
    Consent,
    Judge,
    Jury,
)
from judging.permissions import check_may_organise, is_judge_of, latest_agreement
from nominations.models import Entry, Participant


@transaction.atomic
def add_judge(
    jury: Jury,
    user: User,
    *,
    by: User,
    position: str = "",
    employer: str = "",
    biography: dict[str, str] | None = None,
    chair: bool = False,
    listed: bool = True,
) -> Judge:
    """Put a person on a jury; one who was removed cannot come back this way."""
    if Judge.objects.filter(jury=jury, user=user).exists():
        raise DomainError(_("This person is on the jury already."), field="user")
    judge = Judge.objects.create(
        jury=jury,
        user=user,
        position=position,
        employer=employer,
        biography=biography or {},
        chair=chair,
        listed=listed,
    )
    record_about_judge("judge.added", judge, by=by, data={"jury": jury.slug, "user": user.pk})
    return judge


@transaction.atomic
def remove_judge(judge: Judge, *, by: User, reason: str) -> Judge:
    """Take a member off the jury: access ends at once and the scorecards no longer count."""
    if not reason.strip():
        raise DomainError(_("Say why the judge is removed."), field="reason")
    judge = Judge.objects.select_for_update().get(pk=judge.pk)
    check_may_organise(by, judge.jury.season)
    if judge.removed_at is not None:
        return judge
    judge.removed_at = timezone.now()
    judge.removal_reason = reason.strip()
    judge.save(update_fields=["removed_at", "removal_reason"])
    record_about_judge("judge.removed", judge, by=by, data={"reason": judge.removal_reason})
    return judge


def record_about_judge(verb: str, judge: Judge, *, by: User, data: dict[str, Any]) -> None:
    """Log an act about a member in the chain of the season."""
    record(verb, by=by, about=judge, season=judge.jury.season.slug, data=data)


def text_digest(agreement: Agreement, language: str) -> str:
    """SHA-256 of the words a person reads in a language."""
    return hashlib.sha256(Localized(agreement.text).in_language(language).encode()).hexdigest()


@transaction.atomic
def accept_agreement(agreement: Agreement, user: User, *, language: str) -> Consent:
    """Keep a judge's consent to the version in force; accepting twice changes nothing."""
    if not is_judge_of(user, agreement.season):
        raise DomainError(_("Only members of the jury accept the agreement."))
    latest = latest_agreement(agreement.season)
    if latest is not None and latest.pk != agreement.pk:
        raise DomainError(
            _("The agreement has changed since this page was opened. Please read the new version.")
        )
    consent, created = Consent.objects.get_or_create(
        agreement=agreement,
        user=user,
        defaults={
            "language": language,
            "text_sha256": text_digest(agreement, language),
            "given_at": timezone.now(),
        },
    )
    if created:
        record(
            "agreement.accepted",
            by=user,
            about=agreement,
            season=agreement.season.slug,
            data={
                "version": agreement.version,
                "language": language,
                "text_sha256": consent.text_sha256,
            },
        )
    return consent


@transaction.atomic
def declare_conflict(
    user: User,
    *,
    by: User,
    reason: str,
    entry: Entry | None = None,
    organisation: Organisation | None = None,
) -> Conflict:
    """Bar a person from an entry, or from all of an organisation's; open assignments end with it.

    A judge who declares it has recused; when somebody else does, the assignment is withdrawn.
    Either way the scorecard stays on record and no longer counts.
    """
    if (entry is None) == (organisation is None):
        raise DomainError(_("Name either an entry or an organisation."))
    if not reason.strip():
        raise DomainError(_("Give the reason of the conflict."), field="reason")
    # Whoever hands out entries locks the judges too: nothing is assigned across this meanwhile.
    list(Judge.objects.select_for_update(of=("self",)).filter(user=user).order_by("pk"))
    conflict, created = Conflict.objects.get_or_create(
        user=user,
        entry=entry,
        organisation=organisation,
        lifted_at=None,
        defaults={"reason": reason.strip(), "declared_by": by},
    )
    if created:
        season = entry.season.slug if entry is not None else ""
        record(
            "conflict.declared",
            by=by,
            about=conflict,
            season=season,
            data={"user": user.pk, "reason": conflict.reason},
        )
    end_assignments(conflict, by=by)
    return conflict


def end_assignments(conflict: Conflict, *, by: User) -> None:
    """Close the person's active assignments that a conflict reaches."""
    if conflict.entry_id is not None:
        reached = Q(entry=conflict.entry_id)
    else:
        taking_part = Participant.objects.filter(organisation=conflict.organisation_id)
        reached = Q(entry__organisation=conflict.organisation_id) | Q(
            entry__in=taking_part.values("entry")
        )
    status = AssignmentStatus.RECUSED if by.pk == conflict.user_id else AssignmentStatus.WITHDRAWN
    active = Assignment.objects.select_for_update(of=("self",)).filter(
        reached, judge__user=conflict.user_id, status=AssignmentStatus.ACTIVE
    )
    for assignment in active.order_by("pk"):
        assignment.become(status)
        assignment.reason = conflict.reason
        assignment.save(update_fields=["status", "reason"])
        record(
            f"assignment.{status.value}",
            by=by,
            about=assignment,
            season=assignment.round.season.slug,
            data={"reason": conflict.reason},
        )
