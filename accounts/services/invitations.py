"""Invitations by mail: a secret link, kept as a hash alone, valid for 14 days, accepted once.

The upper half serves invitations of every kind; the lower half are those to an organisation.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import (
    Invitation,
    MemberRole,
    Membership,
    Organisation,
    OrganisationInvitation,
    User,
)
from accounts.permissions import can_manage_members
from audit.services import record
from common.errors import DomainError
from common.moments import home_zone, written, zone_label
from outbox.services import post

VALID = timedelta(days=14)
MOST_WAITING = 30
MOST_A_DAY = 60
PAUSE = timedelta(minutes=1)
"""A letter sent again within a minute is the same press of the same button."""

I = TypeVar("I", bound=Invitation)  # noqa: E741


class Gone(DomainError):  # noqa: N818
    """The link does not work: unknown, used, taken back or too old; which, nobody is told."""


class OtherAddress(DomainError):  # noqa: N818
    """The letter went to another address than the account has; the person must say it is meant."""


# Any invitation


def digest(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def give_secret(invitation: Invitation, at: datetime) -> str:
    """Let the invitation be accepted by a new secret for 14 days; the caller saves."""
    token = secrets.token_urlsafe(32)
    invitation.token_sha256 = digest(token)
    invitation.sent_at = at
    invitation.expires_at = at + VALID
    return token


def waiting(rows: QuerySet[I], at: datetime) -> QuerySet[I]:
    """Those that can still be accepted."""
    return rows.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)


def pending(rows: QuerySet[I]) -> QuerySet[I]:
    """Those neither accepted nor taken back: waiting, or run out and ready to be sent again."""
    return rows.filter(accepted_at=None, revoked_at=None)


def write_invitation(rows: QuerySet[I], invitation: I) -> str | None:
    """Save a new invitation among `rows`, those of one organisation or entry, whose lock the caller holds.

    Return its secret; None when just this invitation waits already, so that a form sent twice
    writes one letter.
    """
    now = timezone.now()
    invitation.email = invitation.email.strip().lower()
    found = waiting(rows, now)
    if same := found.filter(email=invitation.email).first():
        if same.role == invitation.role:  # type: ignore[attr-defined]
            return None
        raise DomainError(
            _("%(email)s is invited already. Take that invitation back first.")
            % {"email": invitation.email},
            field="email",
        )
    if found.count() >= MOST_WAITING:
        raise DomainError(
            _("%(count)d invitations are waiting already. Take some back first.")
            % {"count": MOST_WAITING},
            field="email",
        )
    if rows.filter(sent_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise DomainError(
            _("%(count)d invitations were sent today. Please go on tomorrow.")
            % {"count": MOST_A_DAY},
            field="email",
        )
    pending(rows).filter(email=invitation.email).update(revoked_at=now)
    token = give_secret(invitation, now)
    invitation.save()
    return token


def renew_invitation(rows: QuerySet[I], pk: int) -> tuple[I, str | None]:
    """Send again: a new secret, another 14 days, and the old link is dead; None within a minute."""
    invitation = rows.select_for_update(of=("self",)).get(pk=pk)
    now = timezone.now()
    if invitation.accepted_at or invitation.revoked_at:
        raise DomainError(_("This invitation is accepted or taken back already."))
    if now - invitation.sent_at < PAUSE:
        return invitation, None
    others = waiting(rows, now).exclude(pk=pk)
    if not invitation.is_waiting(now) and others.count() >= MOST_WAITING:
        raise DomainError(
            _("%(count)d invitations are waiting already. Take some back first.")
            % {"count": MOST_WAITING}
        )
    token = give_secret(invitation, now)
    invitation.save(update_fields=["token_sha256", "sent_at", "expires_at"])
    return invitation, token


def take_back(rows: QuerySet[I], pk: int) -> I | None:
    """Make the link useless; None when it is already."""
    invitation = rows.select_for_update(of=("self",)).get(pk=pk)
    if invitation.accepted_at or invitation.revoked_at:
        return None
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    return invitation


def find_invitation(rows: QuerySet[I], token: str, user: Any) -> I | None:
    """The invitation behind a link: one that waits, or the person's own accepted one."""
    found = rows.filter(token_sha256=digest(token)).first()
    if found is None:
        return None
    mine = isinstance(user, User) and found.accepted_by_id == user.pk
    return found if mine or found.is_waiting(timezone.now()) else None


def is_addressed_to(invitation: Invitation, user: User) -> bool:
    """Whether the letter went to a confirmed address of the account."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return bool(addresses.filter(email__iexact=invitation.email).exists())


def take_up(rows: QuerySet[I], token: str, *, by: User, other_address: bool) -> tuple[I, bool]:
    """Accept the invitation behind a link; the second answer is whether it was not accepted before."""
    invitation = rows.select_for_update(of=("self",)).filter(token_sha256=digest(token)).first()
    if invitation is not None and invitation.accepted_by_id == by.pk:
        return invitation, False
    if invitation is None or not invitation.is_waiting(timezone.now()):
        raise Gone(_("This link does not work any more."))
    if not other_address and not is_addressed_to(invitation, by):
        raise OtherAddress(_("The invitation was sent to another address."))
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return invitation, True


def post_invitation(
    kind: str, invitation: Invitation, token: str, *, path: str, by: User, **values: Any
) -> None:
    """Send the letter, in the language of the account it reaches, else in the inviter's.

    The outbox keeps the link only until the letter is sent.
    """
    known = User.objects.filter(email__iexact=invitation.email, is_active=True).first()
    language = known.language if known else by.language
    zone = home_zone((known or by).time_zone)
    with override(language):
        said = {key: str(value) for key, value in values.items()}
        until = (
            f"{written(invitation.expires_at, zone)} ({zone_label(invitation.expires_at, zone)})"
        )
    post(
        kind,
        effect_key=f"{kind}:{invitation.pk}:{invitation.token_sha256[:32]}",
        to=known or invitation.email,
        language=language,
        context={
            **said,
            "inviter": str(by),
            "until": until,
            "secret": token,
            "link": settings.SITE_URL + path,
        },
    )


def post_accepted(invitation: Invitation, *, what: str, path: str) -> None:
    """Tell the inviter."""
    by, to = invitation.accepted_by, invitation.invited_by
    if by is None or by.pk == to.pk:
        return
    post(
        "invitation-accepted",
        effect_key=f"invitation-accepted:{invitation._meta.label_lower}:{invitation.pk}",
        to=to,
        context={
            "name": to.get_short_name(),
            "person": str(by),
            "email": by.email,
            "invited": invitation.email,
            "what": what,
            "link": settings.SITE_URL + path,
        },
    )


# To an organisation

RANK = {MemberRole.VIEWER: 0, MemberRole.EDITOR: 1, MemberRole.OWNER: 2}


def lock_for_owner(organisation: Organisation, by: User) -> None:
    """Hold the organisation's row for one of its owners until the transaction ends."""
    organisation.refresh_from_db(from_queryset=Organisation.objects.select_for_update())
    if not can_manage_members(by, organisation):
        raise PermissionDenied


@transaction.atomic
def invite_member(
    organisation: Organisation, *, email: str, role: str, by: User
) -> OrganisationInvitation | None:
    """Ask somebody by mail to act for the organisation; None when that letter is out already."""
    lock_for_owner(organisation, by)
    email = email.strip().lower()
    if organisation.memberships.filter(user__email__iexact=email).exists():
        raise DomainError(_("This person is a member already."), field="email")
    invitation = OrganisationInvitation(
        organisation=organisation, email=email, role=MemberRole(role), invited_by=by
    )
    token = write_invitation(organisation.invitations.all(), invitation)
    if token is None:
        return None
    send_member_letter(invitation, token, by)
    log_member(organisation, "member.invited", by, invitation)
    return invitation


@transaction.atomic
def resend_organisation_invitation(organisation: Organisation, pk: int, *, by: User) -> None:
    """Send the letter again with a new link."""
    lock_for_owner(organisation, by)
    invitation, token = renew_invitation(organisation.invitations.all(), pk)
    if token is not None:
        send_member_letter(invitation, token, by)
        log_member(organisation, "member.invited-again", by, invitation)


@transaction.atomic
def revoke_organisation_invitation(organisation: Organisation, pk: int, *, by: User) -> None:
    """Take the invitation back."""
    lock_for_owner(organisation, by)
    if invitation := take_back(organisation.invitations.all(), pk):
        log_member(organisation, "member.invitation-revoked", by, invitation)


@transaction.atomic
def accept_organisation_invitation(
    token: str, *, by: User, other_address: bool = False
) -> OrganisationInvitation:
    """Become a member; one who is a member already gets the higher of both roles."""
    invitation, new = take_up(
        OrganisationInvitation.objects.select_related("organisation", "invited_by"),
        token,
        by=by,
        other_address=other_address,
    )
    if not new:
        return invitation
    organisation, role = invitation.organisation, MemberRole(invitation.role)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    membership, created = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"role": role}
    )
    if not created and RANK[role] > RANK[MemberRole(membership.role)]:
        membership.role = role
        membership.save(update_fields=["role"])
    log_member(organisation, "member.joined", by, invitation)
    post_accepted(invitation, what=organisation.name, path=organisation.get_absolute_url())
    return invitation


def send_member_letter(invitation: OrganisationInvitation, token: str, by: User) -> None:
    """Write the letter."""
    post_invitation(
        "organisation-invitation",
        invitation,
        token,
        path=reverse("accounts:invitation", args=[token]),
        by=by,
        organisation=invitation.organisation.name,
        role=MemberRole(invitation.role).label,
    )


def log_member(
    organisation: Organisation, verb: str, by: User, invitation: OrganisationInvitation
) -> None:
    """Log an act; the address stays out of the log, which nobody can erase."""
    record(
        verb,
        by=by,
        about=organisation,
        data={"invitation": invitation.pk, "role": invitation.role},
    )
