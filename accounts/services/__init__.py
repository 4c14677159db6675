"""What people do with their accounts and organisations: one verb, one transaction."""

from accounts.services.invitations import (
    Gone,
    OtherAddress,
    accept_organisation_invitation,
    invite_member,
    resend_organisation_invitation,
    revoke_organisation_invitation,
)
from accounts.services.members import (
    change_member_role,
    leave_organisation,
    remove_member,
    transfer_ownership,
)
from accounts.services.organisations import (
    add_member,
    create_organisation,
    register_person,
    update_organisation,
)

__all__ = [
    "Gone",
    "OtherAddress",
    "accept_organisation_invitation",
    "add_member",
    "change_member_role",
    "create_organisation",
    "invite_member",
    "leave_organisation",
    "register_person",
    "remove_member",
    "resend_organisation_invitation",
    "revoke_organisation_invitation",
    "transfer_ownership",
    "update_organisation",
]
