"""This room's part of what the portal knows of a person: account, organisations, letters, the log."""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import OrganisationInvitation, User
from accounts.personal import Part, erases, exports, hinders
from audit.models import Event
from outbox.models import Message, State


def addresses(user: User) -> list[str]:
    """All addresses of the account, in small letters."""
    found = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({user.email.lower(), *(one.lower() for one in found)})


def to_addresses(user: User) -> Q:
    """Rows whose `email` is one of the person's."""
    condition = Q(pk=None)
    for address in addresses(user):
        condition |= Q(email__iexact=address)
    return condition


def letters_to(user: User) -> QuerySet[Message]:
    """Letters to the person, whether the account was known or the address alone."""
    return Message.objects.filter(Q(recipient=user) | Q(recipient=None) & to_addresses(user))


@exports
def account_data(user: User) -> Part:
    """Account, memberships, invitations, letters that were sent, own acts in the log."""
    received = OrganisationInvitation.objects.filter(to_addresses(user) | Q(accepted_by=user))
    sent = OrganisationInvitation.objects.filter(invited_by=user)
    return Part(
        {
            "account": {
                "email": user.email,
                "full_name": user.full_name,
                "language": user.language,
                "time_zone": user.time_zone,
                "date_joined": user.date_joined,
                "last_login": user.last_login,
            },
            "emails": list(
                EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
            ),
            "memberships": [
                {"organisation": one.organisation.name, "role": one.role, "since": one.since}
                for one in user.memberships.select_related("organisation").order_by("since")
            ],
            "invitations_to_organisations": {
                "received": [
                    {
                        "organisation": one.organisation.name,
                        "invited_by": str(one.invited_by),
                        "role": one.role,
                        "sent_at": one.sent_at,
                        "accepted_at": one.accepted_at,
                    }
                    for one in received.select_related("organisation", "invited_by")
                ],
                "sent": list(
                    sent.values("organisation__name", "email", "role", "sent_at", "accepted_at")
                ),
            },
            "letters": list(
                letters_to(user)
                .filter(state=State.DONE)
                .order_by("sent_at")
                .values("kind", "sent_at", "email", "subject", "body")
            ),
            # Without the details: some of what an organiser did is not released yet.
            "log": list(
                Event.objects.filter(actor=user).order_by("at").values("at", "verb", "about")
            ),
        }
    )


@hinders
def last_superuser(user: User) -> list[str]:
    """A portal keeps somebody who can do everything."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        return [_("You are the only superuser of the portal. Make somebody else one first.")]
    return []


@erases
def forget_account(user: User) -> None:
    """Memberships, invitations, and what the letters to the person say and to where."""
    user.memberships.all().delete()
    OrganisationInvitation.objects.filter(to_addresses(user) | Q(accepted_by=user)).delete()
    OrganisationInvitation.objects.filter(invited_by=user, accepted_at=None).delete()
    letters = letters_to(user)
    letters.filter(state=State.WAITING).update(state=State.CANCELLED)
    letters_to(user).update(email="", context={}, subject="", body="", last_error="")
