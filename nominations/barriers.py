"""Entries a person must never see as an organiser: upper rooms add conflicts of interest here."""

from collections.abc import Callable

from django.db.models import Q

from accounts.models import User

Barrier = Callable[[User], Q]

entry_barriers: list[Barrier] = []


def barred(user: User) -> Q:
    """Entries that a conflict of interest hides from the person, organiser or superuser alike."""
    condition = (
        Q(organisation__memberships__user=user)
        | Q(participants__organisation__memberships__user=user)
        | Q(shares__user=user)
    )
    for barrier in entry_barriers:
        condition |= barrier(user)
    return condition
