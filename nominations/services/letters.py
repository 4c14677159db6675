"""Letters about an entry, to each editor in their own language and time zone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from audit.models import Event
from common.moments import in_both_zones
from nominations.models import Entry, Revision
from outbox.services import post


def about_entry(entry: Entry, person: User) -> dict[str, Any]:
    """What every letter about an entry can say, in the person's language."""
    language = person.language
    nomination = entry.nomination
    return {
        "name": person.get_short_name(),
        "number": entry.number,
        "season": nomination.season.name.in_language(language),
        "nomination": nomination.name.in_language(language),
        "nomination_number": nomination.number,
        "applicant": entry.display_name,
        "title": entry.title,
        "link": settings.SITE_URL + reverse("nominations:entry", args=[entry.pk]),
        "contact": nomination.season.contact_email,
    }


def post_to_editors(
    kind: str, entry: Entry, key: str, values: Callable[[User], dict[str, Any]]
) -> None:
    """Write to every editor of the entry; `values` is asked in the language of each.

    `key` names what happened: each person is told of it once.
    """
    for person in entry.contacts():
        with override(person.language):
            context = values(person)
        post(
            kind,
            effect_key=f"{key}:{person.pk}",
            to=person,
            context=context,
            about=f"nominations.entry:{entry.pk}",
        )


def write_to_editors(
    kind: str, entry: Entry, event: Event, *, until: datetime | None = None, **values: Any
) -> None:
    """Tell every editor about one act; the act is the audit event, `until` its deadline in both zones."""

    def said_to(person: User) -> dict[str, Any]:
        said = {**about_entry(entry, person), **values}
        if until is not None:
            zone = entry.season.time_zone
            said["deadline"] = in_both_zones(until, zone, person.time_zone, until=True)
        return said

    post_to_editors(kind, entry, f"{kind}:{event.pk}", said_to)


def post_receipts(revision: Revision, *, by_rule: bool = False) -> None:
    """Send the receipt of a submission to every editor; `by_rule` says that the deadline submitted it."""
    entry = revision.entry
    receipt = reverse("nominations:receipt", args=[entry.pk, revision.number])

    def said_to(person: User) -> dict[str, Any]:
        return {
            **about_entry(entry, person),
            "revision": revision.number,
            "sha256": revision.sha256,
            "submitted_by": str(revision.submitted_by),
            "time": in_both_zones(
                revision.submitted_at, entry.season.time_zone, person.time_zone, seconds=True
            ),
            "answers": sum(bool(one["text"]) for one in revision.content["answers"]),
            "files": len(revision.content["attachments"]),
            "receipt_link": settings.SITE_URL + receipt,
            "by_rule": by_rule,
        }

    post_to_editors("entry-receipt", entry, f"entry-receipt:{revision.pk}", said_to)
