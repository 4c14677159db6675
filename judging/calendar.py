"""Defences as a calendar file, for those who hear, keep or organise them."""

from django.urls import reverse

from accounts.models import User
from judging.live import live_rounds
from judging.models import DefenceSlot
from nominations.calendars import calendar_file
from nominations.clock import in_words
from nominations.panels import EntryDate
from seasons.models import Season


def calendar_for(user: User, season: Season) -> bytes:
    """The file; entries that a conflict of interest closes are not in it."""
    return calendar_file(defences(user, season), str(season.name))


def defences(user: User, season: Season) -> list[EntryDate]:
    """Slots of the rounds the person judges, keeps or organises."""
    slots = DefenceSlot.objects.filter(round__in=live_rounds(user, season)).of_competitors()
    return [
        EntryDate(
            uid=f"jury-defence-{slot.pk}",
            title=f"{slot.round.name}: {slot.shown_number}",
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            text="\n".join(filter(None, [in_words(slot.starts_at, season.zone), slot.video_link])),
            url=reverse("judging:defence", args=[season.slug]),
            place=slot.place or slot.video_link,
        )
        for slot in slots.open_to(user).select_related("round", "entry").order_by("starts_at")
    ]
