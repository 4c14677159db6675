"""Whom an interest keeps from which entries, asked for one person or for many at once."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from accounts.models import Membership, User
from judging.models import Conflict
from nominations.barriers import barred, entry_barriers
from nominations.models import Entry, EntryShare, Participant


def conflict_barrier(user: User) -> Q:
    """Entries a declared conflict closes: by name, or by the organisation that enters or takes part."""
    own = Conflict.objects.of(user)
    organisations = own.filter(organisation__isnull=False).values("organisation")
    taking_part = Participant.objects.filter(organisation__in=organisations).values("entry")
    return (
        Q(pk__in=own.filter(entry__isnull=False).values("entry"))
        | Q(organisation__in=organisations)
        | Q(pk__in=taking_part)
    )


def register() -> None:
    """Tell the nominations room, whose querysets then hide these entries from organisers too."""
    if conflict_barrier not in entry_barriers:
        entry_barriers.append(conflict_barrier)


def is_barred(user: User, entry: Entry) -> bool:
    """Whether an interest of any kind closes the entry to the person."""
    return Entry.objects.filter(barred(user), pk=entry.pk).exists()


def barred_entries(users: Iterable[User], entries: Iterable[Entry]) -> dict[int, set[int]]:
    """For each person, the entries closed to them: the same answer as `barred`, in five queries."""
    user_ids = {user.pk for user in users}
    by_organisation: dict[int, set[int]] = defaultdict(set)
    entry_ids = set()
    for entry in entries:
        entry_ids.add(entry.pk)
        by_organisation[entry.organisation_id].add(entry.pk)
    taking_part = Participant.objects.filter(
        entry__in=entry_ids, organisation__isnull=False
    ).values_list("organisation", "entry")
    for organisation_id, entry_id in taking_part:
        by_organisation[organisation_id].add(entry_id)
    closed: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    members = Membership.objects.filter(user__in=user_ids).values_list("user", "organisation")
    conflicts = Conflict.objects.filter(user__in=user_ids)
    interested = conflicts.filter(organisation__isnull=False).values_list("user", "organisation")
    for user_id, organisation_id in [*members, *interested]:
        closed[user_id] |= by_organisation.get(organisation_id, set())
    declared = conflicts.filter(entry__in=entry_ids).values_list("user", "entry")
    shares = EntryShare.objects.filter(user__in=user_ids, entry__in=entry_ids)
    for user_id, entry_id in [*declared, *shares.values_list("user", "entry")]:
        closed[user_id].add(entry_id)
    return closed
