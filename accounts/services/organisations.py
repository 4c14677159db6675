"""What people do with their accounts and organisations."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import MemberRole, Membership, Organisation, User
from audit.services import record
from common.errors import DomainError


@transaction.atomic
def register_person(
    email: str, full_name: str, *, password: str | None, language: str, time_zone: str
) -> User:
    """Make an account whose address needs no confirmation: for invitations, imports and demos."""
    if User.objects.filter(email__iexact=email).exists():
        raise DomainError(_("There is an account with this e-mail already."), field="email")
    user = User.objects.create_user(
        email, password, full_name=full_name, language=language, time_zone=time_zone
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("person.registered", by=None, about=user)
    return user


@transaction.atomic
def create_organisation(name: str, *, by: User, **details: Any) -> Organisation:
    """Add an organisation whose owner is the person who adds it."""
    organisation = Organisation.objects.create(name=name, **details)
    Membership.objects.create(user=by, organisation=organisation, role=MemberRole.OWNER)
    record("organisation.created", by=by, about=organisation, data={"name": name})
    return organisation


@transaction.atomic
def update_organisation(organisation: Organisation, *, by: User, **details: Any) -> Organisation:
    """Change what is said of an organisation."""
    before = {name: getattr(organisation, name) for name in details}
    for name, value in details.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=list(details))
    changed = {
        name: [before[name], value] for name, value in details.items() if before[name] != value
    }
    record("organisation.changed", by=by, about=organisation, data=changed)
    return organisation


@transaction.atomic
def add_member(
    organisation: Organisation, user: User, role: MemberRole, *, by: User | None
) -> Membership:
    """Let another person act for an organisation."""
    if Membership.objects.filter(organisation=organisation, user=user).exists():
        raise DomainError(_("This person is a member already."), field="email")
    membership = Membership.objects.create(organisation=organisation, user=user, role=role)
    record("member.added", by=by, about=organisation, data={"user": user.pk, "role": role})
    return membership
