"""Who may do what with an entry; the clock is the services' business."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import MemberRole, Organisation, User
from nominations.models import Entry, EntryStatus, ShareRole

EDITORS = [MemberRole.OWNER, MemberRole.EDITOR]
EDITABLE = [
    EntryStatus.DRAFT,
    EntryStatus.SUBMITTED,
    EntryStatus.RETURNED,
    EntryStatus.ADMITTED,
]


def can_enter_for(user: User | AnonymousUser, organisation: Organisation) -> bool:
    """Start entries in the name of the organisation."""
    return (
        isinstance(user, User)
        and organisation.memberships.filter(user=user, role__in=EDITORS).exists()
    )


def can_edit(user: User | AnonymousUser, entry: Entry) -> bool:
    """Write the entry: owners and editors of its organisation, and people it is shared with to write."""
    return can_submit(user, entry) or shared(user, entry, ShareRole.EDIT)


def can_submit(user: User | AnonymousUser, entry: Entry) -> bool:
    """Submit, withdraw and restore."""
    return can_enter_for(user, entry.organisation) or shared(user, entry, ShareRole.SUBMIT)


def can_share(user: User | AnonymousUser, entry: Entry) -> bool:
    """Invite others to the entry and take them out: owners and editors of its organisation."""
    return can_enter_for(user, entry.organisation)


def can_read_draft(user: User | AnonymousUser, entry: Entry) -> bool:
    """Read what was not submitted: its own people, organisers not."""
    return isinstance(user, User) and (
        entry.organisation.memberships.filter(user=user).exists() or shared(user, entry, *ShareRole)
    )


def shared(user: User | AnonymousUser, entry: Entry, *roles: ShareRole) -> bool:
    """Whether the entry alone is shared with the person, in one of the roles."""
    return isinstance(user, User) and entry.shares.filter(user=user, role__in=roles).exists()


def can_vet(user: User | AnonymousUser, entry: Entry) -> bool:
    """Admit, return and disqualify: organisers and the vetting team, unless a conflict bars them."""
    return Entry.objects.vetted_by(user).filter(pk=entry.pk).exists()


def can_reopen(user: User | AnonymousUser, entry: Entry) -> bool:
    """Let an entry be changed after the deadline, admit it against the check list: organisers alone."""
    return Entry.objects.organised_by(user).filter(pk=entry.pk).exists()
