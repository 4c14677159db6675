"""Who may do what with an organisation."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import MemberRole, Organisation, User


def can_edit_organisation(user: User | AnonymousUser, organisation: Organisation) -> bool:
    """Its owner and editors may."""
    return isinstance(user, User) and (
        organisation.memberships.filter(
            user=user, role__in=[MemberRole.OWNER, MemberRole.EDITOR]
        ).exists()
    )


def can_manage_members(user: User | AnonymousUser, organisation: Organisation) -> bool:
    """Invite people, change their roles and take them out: its owners."""
    return isinstance(user, User) and (
        organisation.memberships.filter(user=user, role=MemberRole.OWNER).exists()
    )
