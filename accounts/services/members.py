"""Who acts for an organisation, in which role; there is always an owner."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import MemberRole, Membership, Organisation, User
from accounts.services.invitations import lock_for_owner
from audit.models import Event
from audit.services import record
from common.errors import DomainError
from outbox.services import post


def owners(organisation: Organisation) -> int:
    """How many people with an open account own the organisation."""
    return organisation.memberships.filter(role=MemberRole.OWNER, user__is_active=True).count()


def member_or_refuse(organisation: Organisation, user: User) -> Membership:
    """The person's membership as it stands now."""
    membership = organisation.memberships.filter(user=user).select_related("user").first()
    if membership is None:
        raise DomainError(_("This person is not a member any more."))
    return membership


def keep_an_owner(organisation: Organisation, membership: Membership) -> None:
    """Refuse to lose the last owner."""
    if membership.role == MemberRole.OWNER and owners(organisation) <= 1:
        raise DomainError(
            _("%(name)s needs an owner. Make another member the owner first.")
            % {"name": organisation.name}
        )


@transaction.atomic
def change_member_role(organisation: Organisation, user: User, role: str, *, by: User) -> None:
    """Give a member another role."""
    lock_for_owner(organisation, by)
    membership = member_or_refuse(organisation, user)
    wanted = MemberRole(role)
    if membership.role == wanted:
        return
    keep_an_owner(organisation, membership)
    before, membership.role = membership.role, wanted
    membership.save(update_fields=["role"])
    record(
        "member.role-changed",
        by=by,
        about=organisation,
        data={"user": user.pk, "from": before, "to": wanted},
    )


@transaction.atomic
def remove_member(organisation: Organisation, user: User, *, by: User) -> None:
    """Take somebody out of the organisation; what they wrote stays."""
    lock_for_owner(organisation, by)
    membership = organisation.memberships.filter(user=user).first()
    if membership is None:
        return
    keep_an_owner(organisation, membership)
    membership.delete()
    record("member.removed", by=by, about=organisation, data={"user": user.pk})


@transaction.atomic
def leave_organisation(organisation: Organisation, *, by: User) -> None:
    """Act for the organisation no longer."""
    organisation.refresh_from_db(from_queryset=Organisation.objects.select_for_update())
    membership = organisation.memberships.filter(user=by).first()
    if membership is None:
        return
    keep_an_owner(organisation, membership)
    membership.delete()
    record("member.left", by=by, about=organisation, data={"user": by.pk})


@transaction.atomic
def transfer_ownership(organisation: Organisation, to: User, *, by: User) -> None:
    """Make another member the owner and become an editor; both are told."""
    organisation.refresh_from_db(from_queryset=Organisation.objects.select_for_update())
    mine = organisation.memberships.filter(user=by).first()
    if mine is None:
        raise PermissionDenied
    theirs = member_or_refuse(organisation, to)
    if theirs.role == MemberRole.OWNER and mine.role == MemberRole.EDITOR:
        return  # the same form sent twice
    if mine.role != MemberRole.OWNER:
        raise PermissionDenied
    if to.pk == by.pk:
        raise DomainError(_("You own it already. Choose another member."), field="member")
    if not theirs.user.is_active:
        raise DomainError(_("This account is closed. Choose another member."), field="member")
    theirs.role, mine.role = MemberRole.OWNER, MemberRole.EDITOR
    theirs.save(update_fields=["role"])
    mine.save(update_fields=["role"])
    event = record(
        "organisation.handed-over",
        by=by,
        about=organisation,
        data={"from": by.pk, "to": to.pk},
    )
    for person in (theirs.user, by):
        tell_of_handover(organisation, event, person, old=by, new=theirs.user)


def tell_of_handover(
    organisation: Organisation, event: Event, person: User, *, old: User, new: User
) -> None:
    """Write to one of the two."""
    post(
        "ownership-transferred",
        effect_key=f"ownership-transferred:{event.pk}:{person.pk}",
        to=person,
        context={
            "name": person.get_short_name(),
            "organisation": organisation.name,
            "old": str(old),
            "new": str(new),
            "link": settings.SITE_URL + organisation.get_absolute_url(),
        },
    )
