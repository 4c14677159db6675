"""Who works on one entry: invited by mail, with a role of their own, taken out again."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.invitations import (
    post_accepted,
    post_invitation,
    renew_invitation,
    take_back,
    take_up,
    write_invitation,
)
from audit.services import record
from common.errors import DomainError
from nominations.models import Entry, EntryInvitation, EntryShare, ShareRole
from nominations.permissions import can_share
from nominations.services.letters import about_entry
from nominations.services.locks import lock

RANK = {ShareRole.VIEW: 0, ShareRole.EDIT: 1, ShareRole.SUBMIT: 2}


def lock_for_sharing(entry: Entry, by: User) -> None:
    """Hold the entry for somebody who decides who works on it."""
    lock(entry)
    if not can_share(by, entry):
        raise PermissionDenied


def people_of(entry: Entry) -> list[User]:
    """Everybody who may read the draft: members of the organisation, and those it is shared with."""
    mine = Q(memberships__organisation=entry.organisation_id) | Q(shared_entries__entry=entry.pk)
    return list(User.objects.filter(mine, is_active=True).distinct())


@transaction.atomic
def invite_to_entry(entry: Entry, *, email: str, role: str, by: User) -> EntryInvitation | None:
    """Ask somebody by mail to work on this entry; None when just that letter is out already."""
    lock_for_sharing(entry, by)
    email = email.strip().lower()
    if entry.organisation.memberships.filter(user__email__iexact=email).exists():
        raise DomainError(
            _("This person acts for %(name)s and sees the entry already.")
            % {"name": entry.organisation.name},
            field="email",
        )
    if entry.shares.filter(user__email__iexact=email).exists():
        raise DomainError(_("The entry is shared with this person already."), field="email")
    invitation = EntryInvitation(entry=entry, email=email, role=ShareRole(role), invited_by=by)
    token = write_invitation(entry.invitations.all(), invitation)
    if token is None:
        return None
    send_entry_letter(invitation, token, by)
    log(entry, "entry.person-invited", by, invitation=invitation.pk, role=invitation.role)
    return invitation


@transaction.atomic
def resend_entry_invitation(entry: Entry, pk: int, *, by: User) -> None:
    """Send the letter again with a new link."""
    lock_for_sharing(entry, by)
    invitation, token = renew_invitation(entry.invitations.all(), pk)
    if token is not None:
        invitation.entry = entry
        send_entry_letter(invitation, token, by)
        log(entry, "entry.person-invited-again", by, invitation=invitation.pk)


@transaction.atomic
def revoke_entry_invitation(entry: Entry, pk: int, *, by: User) -> None:
    """Take the invitation back."""
    lock_for_sharing(entry, by)
    if invitation := take_back(entry.invitations.all(), pk):
        log(entry, "entry.invitation-revoked", by, invitation=invitation.pk)


@transaction.atomic
def accept_entry_invitation(
    token: str, *, by: User, other_address: bool = False
) -> EntryInvitation:
    """Work on the entry from now on; what is shared already is never narrowed by this."""
    rows = EntryInvitation.objects.select_related(
        "entry__nomination__season", "entry__organisation", "invited_by"
    )
    invitation, new = take_up(rows, token, by=by, other_address=other_address)
    if not new:
        return invitation
    entry, role = invitation.entry, ShareRole(invitation.role)
    lock(entry)
    share, created = EntryShare.objects.get_or_create(entry=entry, user=by, defaults={"role": role})
    if not created and RANK[role] > RANK[ShareRole(share.role)]:
        share.role = role
        share.save(update_fields=["role"])
    log(entry, "entry.shared", by, user=by.pk, role=share.role, invitation=invitation.pk)
    post_accepted(
        invitation,
        what=f"{entry.number} · {entry.nomination.name.in_language(invitation.invited_by.language)}",
        path=reverse("nominations:people", args=[entry.pk]),
    )
    return invitation


@transaction.atomic
def change_share(entry: Entry, share: EntryShare, role: str, *, by: User) -> None:
    """Let somebody do more or less with the entry."""
    lock_for_sharing(entry, by)
    share.refresh_from_db()
    wanted = ShareRole(role)
    if share.role == wanted:
        return
    before, share.role = share.role, wanted
    share.save(update_fields=["role"])
    log(entry, "entry.share-changed", by, user=share.user_id, **{"from": before, "to": wanted})


@transaction.atomic
def end_share(entry: Entry, user: User, *, by: User) -> None:
    """Take the entry away from somebody; everybody may step out by themselves."""
    lock(entry)
    if user.pk != by.pk and not can_share(by, entry):
        raise PermissionDenied
    if entry.shares.filter(user=user).delete()[0]:
        entry.presences.filter(user=user).delete()
        log(entry, "entry.share-ended", by, user=user.pk)


def send_entry_letter(invitation: EntryInvitation, token: str, by: User) -> None:
    """Write the letter."""
    entry = invitation.entry
    known = User.objects.filter(email__iexact=invitation.email).first() or by
    with override(known.language):
        about = about_entry(entry, known)
    post_invitation(
        "entry-invitation",
        invitation,
        token,
        path=reverse("nominations:invitation", args=[token]),
        by=by,
        number=entry.number,
        applicant=entry.display_name,
        season=about["season"],
        nomination=about["nomination"],
        role=ShareRole(invitation.role).label,
    )


def log(entry: Entry, verb: str, by: User, **data: object) -> None:
    """Log an act; the address stays out of the log, which nobody can erase."""
    record(verb, by=by, about=entry, season=entry.season.slug, data=data)
