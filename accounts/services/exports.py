"""Everything about one person as one archive: asked for, made by a job, kept for a week."""

import json
import tempfile
import zipfile
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import DataExport, User
from accounts.personal import everything_about
from audit.services import record
from common.moments import home_zone, written, zone_label
from outbox.jobs import enqueue
from outbox.models import LOCK_TIME, Job, State
from outbox.services import post

KEPT = timedelta(days=7)


@transaction.atomic
def request_export(user: User) -> DataExport:
    """Ask for the archive; while one is being made, that one is meant; one that failed is given up."""
    for started in user.exports.filter(ready_at=None):
        if Job.objects.filter(effect_key=job_key(started), state=State.FAILED).exists():
            drop_export(started)
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=user, requested_at=timezone.now())
    except IntegrityError:
        return DataExport.objects.get(user=user, ready_at=None)
    record("person.data-requested", by=user, about=user, data={"export": export.pk})
    enqueue(
        "personal-export",
        effect_key=job_key(export),
        args={"export": export.pk},
        about=f"accounts.user:{user.pk}",
        by=user,
    )
    return export


def job_key(export: DataExport) -> str:
    """What the job of an export is known by."""
    return f"personal-export:{export.pk}"


def make_export(export: DataExport, job: Job | None = None) -> None:
    """Make the archive, keep it and send word; done already, or for a closed account, do nothing."""
    user = export.user
    if export.ready_at is not None or not user.is_active:
        return
    with override(user.language):
        whole = everything_about(user)
    with tempfile.TemporaryFile() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(whole.sections, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
            archive.writestr("data.json", text)
            for number, (path, file) in enumerate(whole.files, start=1):
                add_file(archive, path, file)
                note_progress(job, number * 95 // len(whole.files))
        size = buffer.tell()
        buffer.seek(0)
        keep_export(export, File(buffer), size)


def add_file(archive: zipfile.ZipFile, path: str, file: Any) -> None:
    """Copy one kept file into the archive, piece by piece; one that is gone from the disk is named."""
    try:
        with file.open("rb") as source, archive.open(path, "w") as target:
            for piece in source.chunks():
                target.write(piece)
    except FileNotFoundError:
        archive.writestr(f"{path}.missing.txt", "")


def note_progress(job: Job | None, percent: int) -> None:
    """Tell the page how far it is, and the queue that somebody is at it."""
    if job is not None:
        Job.objects.filter(pk=job.pk).update(
            progress=percent, locked_until=timezone.now() + LOCK_TIME
        )


def keep_export(export: DataExport, file: "File[bytes]", size: int) -> None:
    """Keep the archive, send word, and drop the person's earlier ones."""
    now = timezone.now()
    export.file.save(f"{export.token}.zip", file, save=False)
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=export.user_id)
            if not user.is_active:
                export.file.delete(save=False)
                return
            export.size, export.ready_at, export.expires_at = size, now, now + KEPT
            export.save(update_fields=["file", "size", "ready_at", "expires_at"])
            for earlier in user.exports.exclude(pk=export.pk).exclude(ready_at=None):
                drop_export(earlier)
            tell_it_is_ready(export, user)
    except BaseException:
        export.file.delete(save=False)
        raise


def tell_it_is_ready(export: DataExport, user: User) -> None:
    """Send word, with the day it will be gone."""
    zone, until = home_zone(user.time_zone), export.expires_at or timezone.now()
    with override(user.language):
        words = f"{written(until, zone)} ({zone_label(until, zone)})"
    post(
        "personal-data-ready",
        effect_key=f"personal-data-ready:{export.pk}",
        to=user,
        context={
            "name": user.get_short_name(),
            "until": words,
            "link": settings.SITE_URL + reverse("accounts:data"),
        },
    )


def drop_export(export: DataExport) -> None:
    """Delete an archive and its row."""
    storage, name = export.file.storage, export.file.name
    export.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def purge_exports() -> int:
    """Delete the archives whose week is over; nothing is sent."""
    for export in DataExport.objects.filter(expires_at__lte=timezone.now()):
        with transaction.atomic():
            drop_export(export)
    return 0
