"""Reminders to nominees whose entries are not submitted; never to someone who is done."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Membership, User
from common.moments import in_both_zones
from nominations.models import Entry, EntryShare, EntryStatus, ShareRole
from nominations.permissions import EDITORS, can_read_draft
from nominations.services.comments import unread
from outbox.ladder import reached_at, rung
from outbox.models import Message, State
from outbox.registry import only_while, reminder
from outbox.services import post
from seasons.models import Season, Stage, StageKind

WRITERS = [ShareRole.EDIT, ShareRole.SUBMIT]
"""Roles of people who were invited to one entry and are reminded of it."""


def unsubmitted(user: User, stage: Stage, now: datetime) -> list[Entry]:
    """Drafts that the person can still submit before the deadline that holds for each."""
    drafts = (
        Entry.objects.filter(nomination__season=stage.season_id, status=EntryStatus.DRAFT)
        .filter(
            Exists(user.memberships.filter(organisation=OuterRef("organisation"), role__in=EDITORS))
            | Exists(user.shared_entries.filter(entry=OuterRef("pk"), role__in=WRITERS))
        )
        .select_related("nomination", "organisation")
        .order_by("number")
    )
    return [entry for entry in drafts if stage.is_open(entry.organisation, now)]


def mail_values(
    user: User, season: Season, entries: list[Entry], deadline: datetime, language: str
) -> dict[str, Any]:
    """What the mail says, in the recipient's language."""
    with translation.override(language):
        return {
            "season": str(season.name),
            "deadline": in_both_zones(deadline, season.time_zone, user.time_zone, until=True),
            "entries": [
                {
                    "number": entry.number,
                    "nomination": str(entry.nomination),
                    "link": settings.SITE_URL + reverse("nominations:essay", args=[entry.pk]),
                }
                for entry in entries
            ],
            "stage": 0,
        }


def editors_of(drafts: QuerySet[Entry]) -> Callable[[Entry], list[User]]:
    """The people to write to about each draft, members and invited ones, in two queries."""
    members = Membership.objects.filter(
        organisation__in=drafts.values("organisation"), role__in=EDITORS, user__is_active=True
    ).select_related("user")
    shares = EntryShare.objects.filter(
        entry__in=drafts.values("pk"), role__in=WRITERS, user__is_active=True
    ).select_related("user")
    of_organisation: dict[int, list[User]] = defaultdict(list)
    for member in members:
        of_organisation[member.organisation_id].append(member.user)
    of_entry: dict[int, list[User]] = defaultdict(list)
    for share in shares:
        of_entry[share.entry_id].append(share.user)

    def both(entry: Entry) -> list[User]:
        found = [*of_organisation[entry.organisation_id], *of_entry[entry.pk]]
        return list({user.pk: user for user in found}.values())

    return both


@reminder
def remind_nominees() -> int:
    """One mail a person, season and rung, however many entries wait; return how many were written."""
    now = timezone.now()
    written = 0
    stages = Stage.objects.filter(kind=StageKind.ENTRY, opens_at__lte=now)
    for stage in stages.select_related("season").prefetch_related("extensions"):
        latest = max([stage.closes_at, *(extension.until for extension in stage.extensions.all())])
        if rung(latest, now) is None and rung(stage.closes_at, now) is None:
            continue
        groups: dict[tuple[User, datetime, str], list[Entry]] = defaultdict(list)
        drafts = Entry.objects.filter(nomination__season=stage.season_id, status=EntryStatus.DRAFT)
        editors = editors_of(drafts)
        for entry in drafts.select_related("nomination", "organisation"):
            deadline = stage.closes_for(entry.organisation)
            step = rung(deadline, now)
            if step is None or entry.created_at > reached_at(deadline, step):
                continue
            for user in editors(entry):
                groups[user, deadline, step].append(entry)
        start = f"entry-reminder:{stage.pk}:"
        posted = set(
            Message.objects.filter(kind="entry-reminder", effect_key__startswith=start).values_list(
                "effect_key", flat=True
            )
        )
        for (user, deadline, step), entries in groups.items():
            key = f"{start}{user.pk}:{deadline:%Y%m%d%H%M%S}:{step}"
            if key in posted:
                continue
            values = mail_values(user, stage.season, entries, deadline, user.language)
            values["stage"] = stage.pk
            post("entry-reminder", effect_key=key, to=user, context=values)
            written += 1
    return written


@only_while("entry-reminder")
def still_unsubmitted(message: Message) -> bool:
    """Ask again right before sending, and name only what is still missing."""
    user = message.recipient
    stage = (
        Stage.objects.select_related("season")
        .prefetch_related("extensions")
        .filter(pk=message.context["stage"])
        .first()
    )
    if user is None or stage is None:
        return False
    entries = unsubmitted(user, stage, timezone.now())
    named = {entry["number"] for entry in message.context["entries"]}
    entries = [entry for entry in entries if entry.number in named]
    if not entries:
        return False
    deadline = max(stage.closes_for(entry.organisation) for entry in entries)
    message.context = {
        **mail_values(user, stage.season, entries, deadline, message.language),
        "stage": stage.pk,
    }
    return True


@only_while("entry-comment")
def still_unread(message: Message) -> bool:
    """Tell of a discussion only what the person has neither seen nor been told, and is still open."""
    user = message.recipient
    pk = message.about.rpartition(":")[2]
    entry = Entry.objects.filter(pk=int(pk)).select_related("organisation").first()
    if user is None or entry is None or not can_read_draft(user, entry):
        return False
    sent = Message.objects.filter(
        kind=message.kind, about=message.about, recipient=user, state=State.DONE
    )
    told = max((one.get("last", 0) for one in sent.values_list("context", flat=True)), default=0)
    comments = unread(entry, user, after=told)
    with translation.override(message.language):
        named = [(str(one.author), str(one.prompt.label) if one.prompt else "") for one in comments]
    # Without the words: they stay among the people of the entry, and letters are kept.
    message.context = {
        **message.context,
        "count": len(comments),
        "last": max((one.pk for one in comments), default=told),
        "comments": [{"by": by, "prompt": label} for by, label in dict.fromkeys(named)],
    }
    return bool(comments)
