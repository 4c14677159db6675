"""Mails about the times of defences: held back a little, so that ten moves make one mail."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from common.localized import Localized
from common.moments import day, in_both_zones, zone_label
from judging.models import Advancement, DefenceSlot, Judge, Round
from judging.planning import heard_by
from judging.services.mails import link, round_values
from nominations.models import EntryStatus
from outbox.models import Message, State
from outbox.registry import only_while
from outbox.services import post

SETTLES = timedelta(minutes=10)
# Whoever plans for hours still lets the others know.
LONGEST = timedelta(hours=1)
SHORTLY = timedelta(minutes=30)


def fingerprint(slots: Iterable[DefenceSlot]) -> str:
    """What people were told when they know these times, places and links."""
    what = "\n".join(
        f"{one.pk}|{one.starts_at.timestamp()}|{one.minutes}|{one.place}|{one.video_link}"
        for one in slots
    )
    return hashlib.sha256(what.encode()).hexdigest()[:16]


def when(first: datetime) -> datetime:
    """The moment such a mail goes out: soon, and at once when little time is left."""
    now = timezone.now()
    return max(now, min(now + SETTLES, first - SHORTLY))


def post_later(
    kind: str, *, key: str, to: User, about: str, context: dict[str, Any], due_at: datetime
) -> None:
    """Write the mail, or let the one that waits say it; its text is made when it is sent.

    Taking the row keeps a worker from sending it before this change is stored.
    """
    rows = Message.objects.select_for_update().filter(
        kind=kind, recipient=to, about=about, state=State.WAITING, locked_until=None
    )
    if "slot" in context:
        rows = rows.filter(context__slot=context["slot"])
    waiting = rows.order_by("-pk").first()
    if waiting is None:
        post(kind, effect_key=key, to=to, about=about, context=context, due_at=due_at)
        return
    waiting.context = context
    waiting.due_at = max(timezone.now(), min(due_at, waiting.created_at + LONGEST))
    waiting.save(update_fields=["context", "due_at"])


def was_told(message: Message, told: str) -> bool:
    """Whether the last such mail to the person said the same."""
    last = last_told(message)
    return last is not None and last.context.get("told") == told


def last_told(message: Message) -> Message | None:
    """The last such mail that went to the person."""
    rows = Message.objects.filter(
        kind=message.kind,
        recipient=message.recipient,
        about=message.about,
        state=State.DONE,
    )
    if "slot" in message.context:
        rows = rows.filter(context__slot=message.context["slot"])
    return rows.order_by("-sent_at", "-pk").first()


# --- Entrants ---


def write_later(kind: str, slot: DefenceSlot, version: str = "", **more: Any) -> None:
    """One mail to each of the entry's people, unless the slot has begun."""
    if slot.starts_at <= timezone.now():
        return
    for person in slot.entry.contacts():
        post_later(
            kind,
            key=f"{kind}:{slot.pk}:{person.pk}{version}",
            to=person,
            about=f"nominations.entry:{slot.entry_id}",
            context={**slot_values(slot, person), **more},
            due_at=when(slot.starts_at),
        )


def tell_nominee(slot: DefenceSlot) -> None:
    """Write to the entry's people about the time, place and link they are given."""
    write_later("defence-slot", slot, f":{slot.version}")


def slot_values(slot: DefenceSlot, person: User) -> dict[str, Any]:
    """What the mail says, in the recipient's language."""
    round_, entry = slot.round, slot.entry
    with translation.override(person.language):
        return {
            **round_values(round_, person),
            "slot": slot.pk,
            "told": fingerprint([slot]),
            "number": entry.number,
            "nomination": str(Localized(entry.nomination.name)),
            "starts_at": in_both_zones(slot.starts_at, round_.season.time_zone, person.time_zone),
            "minutes": slot.minutes,
            "place": slot.place,
            "video_link": slot.video_link,
            "url": link(reverse("nominations:entry", args=[entry.pk])),
        }


@only_while("defence-slot")
def slot_stands(message: Message) -> bool:
    """Say what is planned now, to whom it is news, while it is still to come."""
    slots = DefenceSlot.objects.of_competitors().select_related(
        "round__season", "round__stage", "entry__nomination"
    )
    slot = slots.filter(pk=message.context.get("slot")).first()
    if slot is None or message.recipient is None or slot.starts_at <= timezone.now():
        return False
    if was_told(message, fingerprint([slot])):
        return False
    message.context = slot_values(slot, message.recipient)
    return True


def tell_off_plan(slot: DefenceSlot) -> None:
    """Write to the entry's people that the time they may know of is taken away."""
    write_later("defence-off", slot, round=slot.round_id)


@only_while("defence-off")
def stays_off(message: Message) -> bool:
    """Only to whom the time was told, and unless the entry has got another one since."""
    told = Message.objects.filter(
        kind="defence-slot",
        recipient=message.recipient,
        about=message.about,
        state=State.DONE,
        context__slot=message.context["slot"],
    )
    entry = int(message.about.rpartition(":")[2])
    again = DefenceSlot.objects.filter(round=message.context["round"], entry=entry)
    competes = Advancement.objects.filter(
        round=message.context["round"], entry=entry, entry__status=EntryStatus.ADMITTED
    )
    return told.exists() and competes.exists() and not again.exists()


# --- The jury ---


def tell_jury(round_: Round, *, taken_off: bool = False) -> None:
    """Write one mail to each judge of the round about its running order."""
    slots = DefenceSlot.objects.filter(round=round_).order_by("pk")
    schedule = list(slots.values_list("pk", "version"))
    to_come = slots.filter(starts_at__gt=timezone.now()).order_by("starts_at").first()
    if to_come is None and not taken_off:
        return
    key = hashlib.sha256(repr(schedule).encode()).hexdigest()[:16]
    seats = Judge.objects.active().filter(jury__rounds=round_).select_related("user")
    for person in {seat.user_id: seat.user for seat in seats}.values():
        post_later(
            "defence-order",
            key=f"defence-order:{round_.pk}:{person.pk}:{key}",
            to=person,
            about=f"judging.round:{round_.pk}",
            context=order_values(round_, person, []),
            due_at=when(to_come.starts_at) if to_come else timezone.now() + SETTLES,
        )


def order_values(round_: Round, person: User, slots: list[DefenceSlot]) -> dict[str, Any]:
    """Days, rooms and hours, in the recipient's language; nothing of an entry is in the mail."""
    zone = round_.season.zone
    blocks: dict[tuple[str, str], list[DefenceSlot]] = defaultdict(list)
    with translation.override(person.language):
        for slot in slots:
            blocks[day(slot.starts_at.astimezone(zone)), slot.place].append(slot)
        return {
            **round_values(round_, person),
            "told": fingerprint(slots),
            "last": max((one.starts_at.timestamp() for one in slots), default=0),
            "zone": zone_label(slots[0].starts_at, zone) if slots else "",
            "lines": [
                {
                    "day": on,
                    "place": place,
                    "from": f"{held[0].starts_at.astimezone(zone):%H:%M}",
                    "until": f"{max(one.ends_at for one in held).astimezone(zone):%H:%M}",
                    "count": len(held),
                }
                for (on, place), held in blocks.items()
            ],
            "url": link(reverse("judging:defence", args=[round_.season.slug])),
        }


@only_while("defence-order")
def order_stands(message: Message) -> bool:
    """Say what the judge hears by the plan as it is now, if it is news to them."""
    rounds = Round.objects.select_related("season", "stage")
    round_ = rounds.filter(pk=message.about.rpartition(":")[2]).first()
    person = message.recipient
    if round_ is None or person is None:
        return False
    if not Judge.objects.active().filter(user=person, jury__rounds=round_).exists():
        return False
    slots = list(heard_by(person, round_))
    now = timezone.now()
    # What was told and is still ahead, but stands on the plan no more, is news as well.
    told = last_told(message)
    ahead = told is not None and told.context.get("last", 0) > now.timestamp()
    to_come = any(one.starts_at > now for one in slots)
    if not (to_come or ahead) or was_told(message, fingerprint(slots)):
        return False
    message.context = order_values(round_, person, slots)
    return True
