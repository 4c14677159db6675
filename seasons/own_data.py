"""This room's part of what the portal knows of a person: the programmes they run."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import Part, erases, exports, hinders
from audit.services import record
from seasons.models import Organiser


@exports
def programmes(user: User) -> Part:
    """Programmes the person organises."""
    rows = Organiser.objects.filter(user=user).select_related("programme")
    return Part(
        {"organiser_of": [{"programme": one.programme.slug, "since": one.since} for one in rows]}
    )


@hinders
def only_organiser(user: User) -> list[str]:
    """A programme keeps an organiser."""
    others = Organiser.objects.filter(user__is_active=True).exclude(user=user)
    alone = Organiser.objects.filter(user=user).exclude(programme__in=others.values("programme"))
    return [
        _("You are the only organiser of “%(programme)s”. Let another organiser in first.")
        % {"programme": one.programme}
        for one in alone.select_related("programme")
    ]


@erases
def leave_programmes(user: User) -> None:
    """Take the programmes from the person."""
    for one in Organiser.objects.filter(user=user).select_related("programme"):
        record("organiser.removed", by=user, about=one.programme, data={"user": user.pk})
        one.delete()
