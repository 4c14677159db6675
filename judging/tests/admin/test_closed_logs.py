"""The log and the outbox tell a superuser nothing about an entry that a conflict closes."""

import pytest
from django.urls import reverse

from audit.services import record
from judging.models import Conflict
from outbox.services import post


@pytest.fixture
def traces(assignment, nominee, admitted_entry, season):
    """One event about the assignment, one mail about the entry."""
    record("assignment.made", by=None, about=assignment, season=season.slug)
    post(
        "entry-withdrawn",
        effect_key="one",
        to=nominee,
        about=f"nominations.entry:{admitted_entry.pk}",
    )
    return {
        "admin:audit_event_changelist": f"judging.assignment:{assignment.pk}",
        "admin:outbox_message_changelist": "nominee@example.org",
    }


@pytest.mark.parametrize(
    "page", ["admin:audit_event_changelist", "admin:outbox_message_changelist"]
)
def test_a_superuser_in_conflict_reads_nothing_about_the_entry(
    client_of, superuser, admitted_entry, traces, page
):
    client = client_of(superuser)
    before = traces[page] in client.get(reverse(page)).content.decode()

    Conflict.objects.create(user=superuser, entry=admitted_entry, reason="x", declared_by=superuser)

    after = traces[page] in client.get(reverse(page)).content.decode()
    assert (before, after) == (True, False)
