"""The pages as they will be after a release, drawn from the prepared decisions and then forgotten.

The public rows are really written, the page is really drawn, and the transaction is rolled back:
nothing is sent, made, numbered or kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from nominations.models import Entry
from results.models import OutcomeRule, Release, ReleaseState
from results.overview import current_release
from results.services.releases import awarded, create_public_rows


@contextmanager
def rehearsed(rule: OutcomeRule, *, by: User) -> Iterator[list[Entry]]:
    """The database as after the release, without mails and files; gives the entries awarded."""
    with transaction.atomic():
        now = timezone.now()
        release = current_release(rule) or Release.objects.create(
            rule=rule, not_before=now, armed_by=by, armed_at=now, state=ReleaseState.ARMED
        )
        there = set(release.results.values_list("entry", flat=True))
        entries = [decision.entry for decision in awarded(rule)]
        create_public_rows(release, [entry for entry in entries if entry.pk not in there], now)
        yield entries
        transaction.set_rollback(True)
