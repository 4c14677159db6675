"""What other rooms' rows mean here: leaving does not lift the bar, an entry that left is not visited."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import Membership
from judging.services.conflicts import membership_ended, share_ended
from judging.services.visits import entry_left
from nominations.models import Entry, EntryShare, EntryStatus


def is_its_own_end(instance: Any, origin: Any) -> bool:
    """Whether the row itself was deleted, and not the person or the organisation with all rows."""
    model = origin.model if isinstance(origin, QuerySet) else type(origin)
    return model is type(instance)


@receiver(post_delete, sender=Membership, dispatch_uid="judging.membership_ended")
def keep_bar_of_member(instance: Membership, origin: Any, **_kwargs: Any) -> None:
    """Somebody left, or was removed."""
    if is_its_own_end(instance, origin):
        membership_ended(instance)


@receiver(post_delete, sender=EntryShare, dispatch_uid="judging.share_ended")
def keep_bar_of_share(instance: EntryShare, origin: Any, **_kwargs: Any) -> None:
    """Somebody works on the entry no longer."""
    if is_its_own_end(instance, origin):
        share_ended(instance)


@receiver(post_save, sender=Entry, dispatch_uid="judging.entry_left")
def cancel_visits(instance: Entry, *, raw: bool = False, **_kwargs: Any) -> None:
    """An entry was withdrawn or disqualified."""
    if not raw and instance.status in {EntryStatus.WITHDRAWN, EntryStatus.DISQUALIFIED}:
        entry_left(instance)
