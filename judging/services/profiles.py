"""What the public list says of a judge; the judge writes it."""

import io
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.uploads import CheckedFile
from judging.models import Judge
from judging.services.conflicts import keep_bar, running_entries
from nominations.barriers import barred

SIDE = 480
SHARED = ("position", "employer", "past_employers", "biography", "city", "languages")
"""What is true of the person on every jury."""
FIELDS = (*SHARED, "background", "listed")


def portrait(picture: CheckedFile) -> bytes:
    """A square of one size around the upper middle, where faces are."""
    with Image.open(io.BytesIO(picture.content)) as source:
        flat = Image.new("RGB", source.size, "white")
        drawn = source.convert("RGBA")
        flat.paste(drawn, mask=drawn)
    square = ImageOps.fit(flat, (SIDE, SIDE), centering=(0.5, 0.35))
    kept = io.BytesIO()
    square.save(kept, "JPEG", quality=85)
    return kept.getvalue()


@transaction.atomic
def update_profile(
    judge: Judge,
    *,
    by: User,
    said: dict[str, Any],
    photo: CheckedFile | None = None,
    without_photo: bool = False,
) -> Judge:
    """Keep what the judge says, at every seat of theirs in the season; `listed-N` is of seat N alone.

    An employer taken out still bars from what competes now.
    """
    mine = Judge.objects.active().filter(user=by, jury__season=judge.jury.season_id)
    seats = {
        seat.pk: seat
        for seat in mine.select_for_update(of=("self",))
        .select_related("jury__season", "user")
        .order_by("pk")
    }
    if judge.pk not in seats:
        raise DomainError(_("Only a member of the jury changes the own profile."))
    judge = seats.pop(judge.pk)
    before = set(running_entries().filter(barred(by)).values_list("pk", flat=True))
    for name in FIELDS:
        setattr(judge, name, said[name])
    for seat in seats.values():
        for name in SHARED:
            setattr(seat, name, said[name])
        seat.listed = said.get(f"listed-{seat.pk}", seat.listed)
    old = keep([judge, *seats.values()], said, photo, without_photo=without_photo)
    after = set(running_entries().filter(barred(by)).values_list("pk", flat=True))
    if lost := before - after:
        keep_bar(
            by, running_entries().filter(pk__in=lost), _("Worked for the organisation earlier.")
        )
    record("judge.profile-changed", by=by, about=judge, season=judge.jury.season.slug, data={})
    for name in old:
        transaction.on_commit(partial(judge._meta.get_field("photo").storage.delete, name))
    return judge


def keep(
    seats: list[Judge], said: dict[str, Any], photo: CheckedFile | None, *, without_photo: bool
) -> list[str]:
    """Save the seats with their areas and the photo; return the files that are no longer shown."""
    drawn = portrait(photo) if photo is not None else None
    old = []
    for seat in seats:
        if seat.photo and (drawn or without_photo):
            old.append(str(seat.photo.name))
        if drawn is not None:
            seat.photo.save("photo.jpg", ContentFile(drawn), save=False)
        elif without_photo:
            seat.photo = ""
        seat.save()
        seat.areas.set(said["areas"])
    return old
