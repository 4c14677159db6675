"""What the public list says of a judge; the judge writes it."""

import io
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
FIELDS = (
    "position",
    "employer",
    "past_employers",
    "biography",
    "city",
    "background",
    "languages",
    "listed",
)


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
    """Keep what the judge says; an employer taken out still bars from what competes now."""
    judge = (
        Judge.objects.select_for_update(of=("self",))
        .select_related("jury__season", "user")
        .get(pk=judge.pk)
    )
    if judge.user_id != by.pk or judge.removed_at is not None:
        raise DomainError(_("Only a member of the jury changes the own profile."))
    before = set(running_entries().filter(barred(by)).values_list("pk", flat=True))
    for name in FIELDS:
        setattr(judge, name, said[name])
    old = judge.photo.name if judge.photo and (photo or without_photo) else ""
    if photo is not None:
        judge.photo.save("photo.jpg", ContentFile(portrait(photo)), save=False)
    elif without_photo:
        judge.photo = ""
    judge.save()
    judge.areas.set(said["areas"])
    after = set(running_entries().filter(barred(by)).values_list("pk", flat=True))
    if lost := before - after:
        keep_bar(
            by, running_entries().filter(pk__in=lost), _("Worked for the organisation earlier.")
        )
    record("judge.profile-changed", by=by, about=judge, season=judge.jury.season.slug, data={})
    if old:
        transaction.on_commit(lambda: judge._meta.get_field("photo").storage.delete(old))
    return judge
