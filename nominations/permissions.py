"""Who may do what with an entry; the clock is the services' business."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import MemberRole, Organisation, User
from nominations.models import Entry, EntryStatus

EDITORS = [MemberRole.OWNER, MemberRole.EDITOR]
EDITABLE = [EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.ADMITTED]


def can_enter_for(user: User | AnonymousUser, organisation: Organisation) -> bool:
    """Start entries in the name of the organisation."""
    return (
        isinstance(user, User)
        and organisation.memberships.filter(user=user, role__in=EDITORS).exists()
    )


def can_edit(user: User | AnonymousUser, entry: Entry) -> bool:
    """Write, submit, withdraw and restore: owners and editors of its organisation."""
    return can_enter_for(user, entry.organisation)


def can_read_draft(user: User | AnonymousUser, entry: Entry) -> bool:
    """Read what was not submitted: members of its organisation, organisers not."""
    return isinstance(user, User) and entry.organisation.memberships.filter(user=user).exists()


def can_vet(user: User | AnonymousUser, entry: Entry) -> bool:
    """Admit and disqualify: organisers of its season whom no conflict bars."""
    return Entry.objects.organised_by(user).filter(pk=entry.pk).exists()
