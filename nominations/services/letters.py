"""Letters about an entry, to each editor in their own language and time zone."""

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


def write_to_editors(
    kind: str, entry: Entry, event: Event, *, until: datetime | None = None, **values: Any
) -> None:
    """Tell every editor about one act; the act is the audit event, `until` its deadline in both zones."""
    for person in entry.contacts():
        if until is not None:
            with override(person.language):
                values["deadline"] = in_both_zones(
                    until, entry.season.time_zone, person.time_zone, until=True
                )
        post(
            kind,
            effect_key=f"{kind}:{event.pk}:{person.pk}",
            to=person,
            context={**about_entry(entry, person), **values},
            about=f"nominations.entry:{entry.pk}",
        )


def post_receipts(revision: Revision, *, by_rule: bool = False) -> None:
    """Send the receipt of a submission to every editor; `by_rule` says that the deadline submitted it."""
    entry = revision.entry
    for person in entry.contacts():
        with override(person.language):
            time = in_both_zones(
                revision.submitted_at, entry.season.time_zone, person.time_zone, seconds=True
            )
        receipt = reverse("nominations:receipt", args=[entry.pk, revision.number])
        post(
            "entry-receipt",
            effect_key=f"entry-receipt:{revision.pk}:{person.pk}",
            to=person,
            context={
                **about_entry(entry, person),
                "revision": revision.number,
                "sha256": revision.sha256,
                "submitted_by": str(revision.submitted_by),
                "time": time,
                "answers": sum(bool(one["text"]) for one in revision.content["answers"]),
                "files": len(revision.content["attachments"]),
                "receipt_link": settings.SITE_URL + receipt,
                "by_rule": by_rule,
            },
            about=f"nominations.entry:{entry.pk}",
        )
