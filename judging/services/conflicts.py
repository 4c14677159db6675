"""Lifting a conflict by two people, keeping the bar of those who leave, violations of the agreement."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from audit.services import record
from common.errors import DomainError
from judging.barriers import COMPETING, entered_by, family
from judging.models import Conflict, Judge
from judging.services.mails import link
from nominations.models import Entry, EntryShare
from outbox.services import post
from seasons.models import Season


def runs(user: User, conflict: Conflict) -> bool:
    """Whether somebody runs a season the conflict touches, and may see the entry it is about."""
    entries = Entry.objects.organised_by(user)
    if conflict.entry_id is not None:
        return entries.filter(pk=conflict.entry_id).exists()
    if user.is_superuser:
        return not Conflict.objects.of(user).filter(organisation=conflict.organisation_id).exists()
    return entries.filter(organisation=conflict.organisation_id).exists()


def locked(conflict: Conflict, by: User) -> Conflict:
    """Hold a conflict for somebody who may have it lifted."""
    held = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if held.user_id == by.pk:
        raise DomainError(_("Nobody lifts a conflict of their own."))
    if not by.is_staff or not runs(by, held):
        raise DomainError(_("Only an organiser without an interest of their own may do this."))
    if held.lifted_at is not None:
        raise DomainError(_("This conflict is lifted already."))
    return held


def log(verb: str, conflict: Conflict, by: User, **data: Any) -> None:
    """Write an act about a conflict into the chain of its season, or of the portal."""
    season = conflict.entry.season.slug if conflict.entry is not None else ""
    record(verb, by=by, about=conflict, season=season, data={"user": conflict.user_id, **data})


@transaction.atomic
def ask_to_lift(conflict: Conflict, *, by: User, reason: str) -> Conflict:
    """Say why a conflict no longer holds; it bars on until somebody else confirms."""
    if not reason.strip():
        raise DomainError(_("Say why the conflict no longer holds."), field="reason")
    conflict = locked(conflict, by)
    conflict.lift_asked_by, conflict.lift_reason = by, reason.strip()
    conflict.save(update_fields=["lift_asked_by", "lift_reason"])
    log("conflict.lift-asked", conflict, by, reason=conflict.lift_reason)
    return conflict


@transaction.atomic
def confirm_lifting(conflict: Conflict, *, by: User) -> Conflict:
    """Lift a conflict that another organiser asked to lift; assignments it ended stay ended."""
    conflict = locked(conflict, by)
    if conflict.lift_asked_by_id is None:
        raise DomainError(_("Nobody has asked to lift this conflict yet."))
    if conflict.lift_asked_by_id == by.pk:
        raise DomainError(_("Somebody else must confirm what you asked for."))
    conflict.lifted_by, conflict.lifted_at = by, timezone.now()
    conflict.save(update_fields=["lifted_by", "lifted_at"])
    log("conflict.lifted", conflict, by, asked_by=conflict.lift_asked_by_id)
    return conflict


def running_entries() -> Any:
    """Entries that compete in a season that is not over."""
    running = Season.objects.filter(stages__closes_at__gt=timezone.now())
    return Entry.objects.filter(status__in=COMPETING, nomination__season__in=running.values("pk"))


def keep_bar(user: User, entries: Any, reason: str) -> int:
    """Whoever leaves stays barred from what competes now: nobody lifts the own bar by leaving."""
    kept = 0
    known = set(Conflict.objects.of(user).values_list("entry", flat=True))
    for entry in entries.select_related("nomination__season"):
        if entry.pk in known:
            continue
        conflict = Conflict.objects.create(user=user, entry=entry, reason=reason, declared_by=user)
        log("conflict.kept", conflict, user, reason=reason)
        kept += 1
    return kept


@transaction.atomic
def membership_ended(membership: Membership) -> None:
    """The person acted for the organisation while its entries competed."""
    organisations = family(pk=membership.organisation_id)
    entries = running_entries().filter(entered_by(organisations)).distinct()
    said = {"name": membership.organisation.name, "day": f"{timezone.now():%Y-%m-%d}"}
    keep_bar(membership.user, entries, _("Acted for %(name)s until %(day)s.") % said)


@transaction.atomic
def share_ended(share: EntryShare) -> None:
    """The person worked on the entry."""
    entries = running_entries().filter(pk=share.entry_id)
    keep_bar(
        share.user,
        entries,
        _("Worked on the entry until %(day)s.") % {"day": f"{timezone.now():%Y-%m-%d}"},
    )


@transaction.atomic
def record_violation(judge: Judge, *, by: User, reason: str) -> Judge:
    """Remove a member who broke the agreement: access ends, scorecards no longer count, a mail says why."""
    if not reason.strip():
        raise DomainError(_("Say what was violated."), field="reason")
    judge = Judge.objects.select_for_update().get(pk=judge.pk)
    season = judge.jury.season
    if not Season.objects.organised_by(by).filter(pk=season.pk).exists() or judge.user_id == by.pk:
        raise DomainError(_("Only another organiser of the season may do this."))
    if judge.violation:
        return judge
    if judge.removed_at is not None:
        raise DomainError(_("This judge was removed already."))
    judge.removed_at, judge.removal_reason, judge.violation = timezone.now(), reason.strip(), True
    judge.save(update_fields=["removed_at", "removal_reason", "violation"])
    record(
        "judge.violation",
        by=by,
        about=judge,
        season=season.slug,
        data={"reason": judge.removal_reason},
    )
    post(
        "judge-violation",
        effect_key=f"judge-violation:{judge.pk}",
        to=judge.user,
        context={
            "name": judge.user.full_name,
            "season": season.name.in_language(judge.user.language),
            "reason": judge.removal_reason,
            "contact": season.contact_email,
            "url": link(season.get_absolute_url()),
        },
        about=f"seasons.season:{season.pk}",
    )
    return judge
