"""Starting an entry, its details and participants, withdrawing and restoring it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from audit.services import record
from common.errors import DomainError
from nominations.clock import fresh_window
from nominations.drafts import NAMED_KINDS, missing_name
from nominations.models import (
    Entry,
    EntryStatus,
    Nomination,
    Participant,
    ParticipantRole,
)
from nominations.permissions import can_enter_for
from nominations.services.codes import let_in
from nominations.services.letters import write_to_editors
from nominations.services.limits import free_place
from nominations.services.locks import lock_for_submitter, lock_for_writing, touch
from nominations.services.ready import remember_if_ready
from seasons.models import Season

NAME_LENGTH = 200
MAX_PARTICIPANTS = 20


@dataclass(frozen=True)
class Pick:
    """A nomination somebody ticked, with who competes in it."""

    nomination: Nomination
    kind: str
    nominee_name: str = ""


@transaction.atomic
def start_entry(
    nomination: Nomination,
    organisation: Organisation,
    *,
    by: User,
    kind: str,
    title: str = "",
    nominee_name: str = "",
    code: str = "",
) -> Entry:
    """Open a draft with the season's next number, while entries are open and the applicant may come in."""
    if not can_enter_for(by, organisation):
        raise PermissionDenied
    season = Season.objects.select_for_update().get(pk=nomination.season_id)
    fresh_window(season, organisation).require_open()
    check_kind(nomination, kind, nominee_name)
    entry_code = let_in(season, organisation, code, by=by)
    place = free_place(nomination, organisation)
    season.last_entry_number += 1
    season.save(update_fields=["last_entry_number"])
    entry = Entry.objects.create(
        nomination=nomination,
        organisation=organisation,
        number=f"{season.code}-{season.last_entry_number:04d}",
        kind=kind,
        title=clean_line(title),
        nominee_name=clean_line(nominee_name) if kind in NAMED_KINDS else "",
        place=place,
        code=entry_code,
        created_by=by,
    )
    record(
        "entry.started",
        by=by,
        about=entry,
        season=season.slug,
        data={"number": entry.number, "nomination": nomination.number},
    )
    return entry


@transaction.atomic
def enter_nominations(
    picks: Iterable[Pick], organisation: Organisation, *, by: User, code: str = ""
) -> list[Entry]:
    """Give an entry for each pick; one that was just started and is still untouched is given again.

    So the same form sent twice starts nothing twice.
    """
    entries = []
    for pick in picks:
        Season.objects.select_for_update().get(pk=pick.nomination.season_id)
        untouched = Entry.objects.filter(
            nomination=pick.nomination,
            organisation=organisation,
            kind=pick.kind,
            nominee_name=clean_line(pick.nominee_name) if pick.kind in NAMED_KINDS else "",
            title="",
            status=EntryStatus.DRAFT,
            answers=None,
        ).first()
        entries.append(
            untouched
            or start_entry(
                pick.nomination,
                organisation,
                by=by,
                kind=pick.kind,
                nominee_name=pick.nominee_name,
                code=code,
            )
        )
    return entries


@transaction.atomic
def update_entry(entry: Entry, *, by: User, title: str, nominee_name: str, kind: str) -> Entry:
    """Change what the entry is called and who competes with it."""
    at = lock_for_writing(entry, by)
    check_kind(entry.nomination, kind, nominee_name)
    entry.title = clean_line(title)
    entry.kind = kind
    entry.nominee_name = clean_line(nominee_name) if kind in NAMED_KINDS else ""
    entry.save(update_fields=["title", "kind", "nominee_name"])
    touch(entry, at)
    remember_if_ready(entry, by)
    return entry


@transaction.atomic
def set_participants(
    entry: Entry, participants: Iterable[tuple[str, str]], *, by: User
) -> list[Participant]:
    """Say which organisations take part, in which roles; the list replaces the earlier one."""
    at = lock_for_writing(entry, by)
    wanted = [(clean_line(name), role) for name, role in participants]
    check_participants(wanted)
    kept = [(one.name, one.role) for one in entry.participants.all()]
    if wanted != kept:
        entry.participants.all().delete()
        for name, role in wanted:
            entry.participants.create(
                name=name, role=role, organisation=known_organisation(entry, name)
            )
        touch(entry, at)
        remember_if_ready(entry, by)
    return list(entry.participants.all())


def known_organisation(entry: Entry, name: str) -> Organisation | None:
    """The registered organisation a name means, so that conflicts of interest of its people count."""
    if name.casefold() == entry.organisation.name.casefold():
        return entry.organisation
    found = Organisation.objects.filter(name__iexact=name)[:2]
    return found[0] if len(found) == 1 else None


def check_kind(nomination: Nomination, kind: str, nominee_name: str) -> None:
    """Refuse a kind the nomination does not take, and a person or team without a name."""
    if kind not in nomination.kinds:
        raise DomainError(_("This nomination does not take this kind of entry."), field="kind")
    if kind in NAMED_KINDS and not clean_line(nominee_name):
        raise DomainError(missing_name(kind), field="nominee_name")


def check_participants(wanted: list[tuple[str, str]]) -> None:
    """Refuse a list with a nameless, a doubled or a roleless participant."""
    if any(not name for name, _role in wanted):
        raise DomainError(_("Name each organisation."), field="participants")
    if any(role not in ParticipantRole.values for _name, role in wanted):
        raise DomainError(_("Choose a role for each organisation."), field="participants")
    if len({name for name, _role in wanted}) != len(wanted):
        raise DomainError(_("Name each organisation once."), field="participants")
    if len(wanted) > MAX_PARTICIPANTS:
        raise DomainError(
            _("An entry has %(count)d participants at most.") % {"count": MAX_PARTICIPANTS},
            field="participants",
        )


def clean_line(text: str) -> str:
    """Keep a short text in one line."""
    return " ".join(text.replace("\x00", "").split())[:NAME_LENGTH]


@transaction.atomic
def withdraw_entry(entry: Entry, *, by: User, reason: str = "") -> Entry:
    """Take the entry out of the competition; what was written is kept."""
    lock_for_submitter(entry, by)
    if entry.status == EntryStatus.WITHDRAWN:
        return entry
    was_draft = entry.status == EntryStatus.DRAFT
    entry.become(EntryStatus.WITHDRAWN)
    entry.status_reason = reason.strip()
    entry.place = None
    entry.save(update_fields=["status", "status_reason", "place"])
    event = record(
        "entry.withdrawn",
        by=by,
        about=entry,
        season=entry.season.slug,
        data={"reason": entry.status_reason},
    )
    if not was_draft:
        write_to_editors("entry-withdrawn", entry, event, by=str(by))
    return entry


@transaction.atomic
def restore_entry(entry: Entry, *, by: User) -> Entry:
    """Make a withdrawn entry a draft again, while entries are open; it must be submitted anew."""
    lock_for_submitter(entry, by)
    if entry.status == EntryStatus.DRAFT:
        return entry
    if entry.status != EntryStatus.WITHDRAWN:
        raise DomainError(_("Only a withdrawn entry can be restored."))
    Season.objects.select_for_update().get(pk=entry.nomination.season_id)
    fresh_window(entry.season, entry.organisation, entry).require_open()
    entry.place = free_place(entry.nomination, entry.organisation)
    entry.become(EntryStatus.DRAFT)
    entry.status_reason = ""
    entry.save(update_fields=["status", "status_reason", "place"])
    record("entry.restored", by=by, about=entry, season=entry.season.slug)
    remember_if_ready(entry, by)
    return entry
