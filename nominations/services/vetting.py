"""Vetting: entries are checked line by line, then admitted, returned with comments, or disqualified."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Event
from audit.services import record
from common.errors import DomainError
from common.localized import Localized
from nominations.checklist import lines_of, seen, unsettled
from nominations.clock import fresh_window, in_words
from nominations.conditions import open_conditions
from nominations.errors import CheckConflict, NotInOrder
from nominations.models import (
    Check,
    CheckItem,
    Entry,
    EntryStatus,
    Reopening,
    Revision,
    Verdict,
    Vetter,
)
from nominations.permissions import EDITABLE, can_reopen, can_vet
from nominations.services.letters import write_to_editors
from nominations.services.locks import lock
from outbox.services import post
from seasons.models import Season

CHECKABLE = [*EDITABLE, EntryStatus.DISQUALIFIED]
NOTE_LENGTH = 4_000


@transaction.atomic
def save_check(
    revision: Revision, item: CheckItem, *, by: User, verdict: str, note: str, base: str
) -> Check:
    """Keep what somebody found at one line; `base` is what they saw there, or CheckConflict is raised.

    Saving what is kept already (a repeated request) changes nothing.
    """
    entry = revision.entry
    lock_for_vetting(entry, by)
    if item.nomination_id != entry.nomination_id:
        raise DomainError(_("This line belongs to another check list. Load the page again."))
    if verdict not in Verdict.values:
        raise DomainError(_("Choose a finding."), field=f"verdict-{item.pk}")
    note = note.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(note) > NOTE_LENGTH:
        raise DomainError(
            _("A note has %(count)d characters at most.") % {"count": NOTE_LENGTH},
            field=f"note-{item.pk}",
        )
    check = Check.objects.select_related("by").filter(revision=revision, item=item).first()
    if check is not None and (check.verdict, check.note) == (verdict, note):
        return check
    if entry.status not in CHECKABLE:
        raise DomainError(
            _("This entry is %(status)s and cannot be checked.")
            % {"status": entry.get_status_display()}
        )
    latest = entry.latest_revision()
    if latest is None or latest.pk != revision.pk:
        raise DomainError(_("A newer revision was submitted. Load the page again."))
    if check is not None and seen(check) != base:
        raise CheckConflict(_("Somebody else changed this finding meanwhile."), check)
    check = check or Check(revision=revision, item=item)
    check.verdict, check.note, check.by = verdict, note, by
    check.save()
    return check


@transaction.atomic
def admit_entry(entry: Entry, *, by: User, reason: str = "") -> Entry:
    """Admit the latest revision to judging; one that is admitted stays so.

    Against an open check list, or documents that wait for an organiser's word, only an organiser admits,
    with a reason for the log.
    """
    lock_for_vetting(entry, by)
    if entry.status == EntryStatus.ADMITTED:
        return entry
    reason = reason.strip()
    against = objections(entry)
    if against and not can_reopen(by, entry):
        raise NotInOrder(
            _("Not everything is in order. Only an organiser can admit the entry now."), against
        )
    if against and not reason:
        raise NotInOrder(
            _("Not everything is in order. Say why you admit the entry; the reason is kept."),
            against,
        )
    move(entry, EntryStatus.ADMITTED, by=by, verb="entry.admitted", reason=reason)
    return entry


def objections(entry: Entry) -> list[str]:
    """What speaks against admitting the entry: documents and lines that are open or not in order."""
    return [*open_conditions(entry), *unsettled(lines_of(entry, entry.latest_revision()))]


@transaction.atomic
def return_entry(entry: Entry, *, by: User, comments: str, until: datetime) -> Entry:
    """Give the entry back with comments and a deadline of its own; its revisions stay as they are.

    The same form sent again changes nothing; where entries are open for longer, that deadline holds.
    """
    lock_for_vetting(entry, by)
    comments = comments.strip()
    if not comments:
        raise DomainError(
            _("Write what is to be changed; the nominee will read it."), field="comments"
        )
    if entry.status == EntryStatus.RETURNED and is_granted(entry, comments, until):
        return entry
    check_until(until)
    revision = entry.latest_revision()
    entry.become(EntryStatus.RETURNED)
    entry.status_reason = comments
    entry.save(update_fields=["status", "status_reason"])
    Reopening.objects.create(entry=entry, until=until, reason=comments, granted_by=by)
    event = log("entry.returned", entry, by, revision=revision, reason=comments, until=until)
    deadline = fresh_window(entry.season, entry.organisation, entry).closes_at or until
    write_to_editors("entry-returned", entry, event, until=deadline, comments=comments)
    return entry


@transaction.atomic
def disqualify_entry(entry: Entry, *, by: User, reason: str) -> Entry:
    """Exclude the entry; the reason is told to its editors and kept, and so are its revisions."""
    lock_for_vetting(entry, by)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Give the reason; the nominee will read it."), field="reason")
    if entry.status == EntryStatus.DISQUALIFIED:
        return entry
    move(entry, EntryStatus.DISQUALIFIED, by=by, verb="entry.disqualified", reason=reason)
    return entry


@transaction.atomic
def reopen_entry(entry: Entry, *, by: User, reason: str, until: datetime) -> Reopening:
    """Let one entry be changed after the deadline; it stays what it is until it is submitted again."""
    lock_for_organiser(entry, by)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Give the reason; the nominee will read it."), field="reason")
    if granted := is_granted(entry, reason, until):
        return granted
    check_until(until)
    if entry.status not in {*EDITABLE, EntryStatus.WITHDRAWN}:
        raise DomainError(
            _("This entry is %(status)s and cannot be reopened.")
            % {"status": entry.get_status_display()}
        )
    window = fresh_window(entry.season, entry.organisation, entry)
    if window.closes_at is None:
        raise DomainError(_("This season has no dates for entries yet."), field="until")
    if until <= window.closes_at:
        raise DomainError(
            _("The entry is open until %(deadline)s anyway. Choose a later moment.")
            % {"deadline": in_words(window.closes_at, entry.season.zone, until=True)},
            field="until",
        )
    reopening = Reopening.objects.create(entry=entry, until=until, reason=reason, granted_by=by)
    event = log("entry.reopened", entry, by, reason=reason, until=until)
    write_to_editors("entry-reopened", entry, event, until=until, reason=reason)
    return reopening


@transaction.atomic
def end_reopening(reopening: Reopening, *, by: User) -> Reopening:
    """Take a reopening back; what was submitted within it stays."""
    entry = reopening.entry
    lock_for_organiser(entry, by)
    reopening.refresh_from_db()
    if reopening.ended_at is not None:
        return reopening
    reopening.ended_at = timezone.now()
    reopening.save(update_fields=["ended_at"])
    event = log("entry.reopening-ended", entry, by, until=reopening.until)
    write_to_editors("entry-reopening-ended", entry, event)
    return reopening


@transaction.atomic
def add_vetter(season: Season, user: User, *, by: User | None) -> Vetter:
    """Put a person into the vetting team of a season and tell them."""
    vetter, is_new = Vetter.objects.get_or_create(season=season, user=user)
    if is_new:
        event = record(
            "vetter.added", by=by, about=season, season=season.slug, data={"user": user.pk}
        )
        post(
            "vetter-added",
            effect_key=f"vetter-added:{event.pk}",
            to=user,
            context={
                "name": user.get_short_name(),
                "season": Localized(season.name).in_language(user.language),
                "path": f"/s/{season.slug}/vetting/",
            },
        )
    return vetter


@transaction.atomic
def remove_vetter(vetter: Vetter, *, by: User | None) -> None:
    """Take a person out of the vetting team; what they found stays."""
    season, user = vetter.season, vetter.user
    if Vetter.objects.filter(pk=vetter.pk).delete()[0]:
        record("vetter.removed", by=by, about=season, season=season.slug, data={"user": user.pk})


def lock_for_vetting(entry: Entry, by: User) -> None:
    """Hold the entry for somebody of the vetting team whom no conflict bars."""
    lock(entry)
    if not can_vet(by, entry):
        raise PermissionDenied


def lock_for_organiser(entry: Entry, by: User) -> None:
    """Hold the entry for an organiser whom no conflict bars."""
    lock(entry)
    if not can_reopen(by, entry):
        raise PermissionDenied


def is_granted(entry: Entry, reason: str, until: datetime) -> Reopening | None:
    """The reopening that says just this already, if there is one."""
    return entry.reopenings.filter(reason=reason, until=until, ended_at=None).first()


def check_until(until: datetime) -> None:
    """A personal deadline lies ahead."""
    if until <= timezone.now():
        raise DomainError(_("Choose a moment that is still to come."), field="until")


def move(entry: Entry, status: EntryStatus, *, by: User, verb: str, reason: str = "") -> None:
    """Change the status, log it and tell the editors; why an entry is admitted stays in the log."""
    revision = entry.latest_revision()
    entry.become(status)
    entry.status_reason = reason if status == EntryStatus.DISQUALIFIED else ""
    entry.save(update_fields=["status", "status_reason"])
    event = log(verb, entry, by, revision=revision, reason=reason)
    told: dict[str, Any] = {"reason": reason} if status == EntryStatus.DISQUALIFIED else {}
    write_to_editors(verb.replace(".", "-"), entry, event, **told)


def log(
    verb: str,
    entry: Entry,
    by: User,
    *,
    revision: Revision | None = None,
    reason: str = "",
    until: datetime | None = None,
) -> Event:
    """Append an act of vetting to the season's log."""
    data = {"revision": revision.number if revision else None, "reason": reason}
    if until is not None:
        data["until"] = until.isoformat()
    return record(verb, by=by, about=entry, season=entry.season.slug, data=data)
