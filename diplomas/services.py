"""Issuing, making and revoking diplomas."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files import File
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from diplomas.models import Diploma, DiplomaState, diploma_path
from nominations.content import submitted_names
from nominations.models import Entry
from nominations.services.letters import post_to_editors
from outbox.jobs import enqueue
from outbox.models import Job
from seasons.models import Season

if TYPE_CHECKING:
    from diplomas.rendering import DiplomaContent, Kind, Language

LANGUAGES = ("ru", "en", "zh-hans", "zh-hant")
# The words of the seal belong to the document, like the rest of its fixed words.
SEALS = {
    "ru": {"finalist": "Финалист", "laureate": "Лауреат"},
    "en": {"finalist": "Finalist", "laureate": "Laureate"},
    "zh-hans": {"finalist": "入围", "laureate": "获奖者"},
    "zh-hant": {"finalist": "入圍", "laureate": "得獎者"},
}
DATE_FORMATS = {"zh-hans": "Y年n月j日", "zh-hant": "Y年n月j日"}


def contact_language(entry: Entry) -> str:
    """The language all contacts of an entry read, if the award speaks it; else the season's."""
    season = entry.nomination.season
    languages = {user.language for user in entry.contacts()}
    if len(languages) == 1:
        (language,) = languages
        if language in LANGUAGES and entry.nomination.name.get(language):
            return language
    return season.language


@transaction.atomic
def issue_diploma(
    entry: Entry,
    kind: str,
    *,
    by: User | None = None,
    language: str | None = None,
    issued_at: datetime | None = None,
) -> Diploma:
    """Number a diploma, freeze its words and have it made; a second call returns the first one.

    A revoked one stays revoked: an outcome released again gets a diploma with a number of its own.
    """
    season = Season.objects.select_for_update().get(pk=entry.nomination.season_id)
    if earlier := Diploma.objects.filter(entry=entry, kind=kind, revoked_at=None).first():
        return earlier
    entry = entries_with_words().get(pk=entry.pk)
    season.last_diploma_number += 1
    season.save(update_fields=["last_diploma_number"])
    language = language or season.language
    issued_at = issued_at or timezone.now()
    diploma = Diploma.objects.create(
        season=season,
        entry=entry,
        kind=kind,
        number=f"{season.code}-D{season.last_diploma_number:04d}",
        language=language if language in LANGUAGES else "en",
        content=words(entry, kind, language, issued_at),
        issued_at=issued_at,
    )
    have_made(diploma, by=by)
    record(
        "diploma.issued",
        by=by,
        about=diploma,
        season=season.slug,
        data={"number": diploma.number, "kind": kind, "entry": entry.number},
    )
    return diploma


def entries_with_words() -> models.QuerySet[Entry]:
    """Entries with everything a diploma says about them."""
    return Entry.objects.select_related(
        "organisation", "nomination__category", "nomination__season__programme"
    )


def words(entry: Entry, kind: str, language: str, issued_at: datetime) -> dict[str, Any]:
    """What the diploma will say, in its language."""
    nomination = entry.nomination
    season = nomination.season
    nominee_name, title = submitted_names(entry)
    language = language if language in LANGUAGES else "en"
    with override(language):
        date = date_format(issued_at.astimezone(season.zone), DATE_FORMATS.get(language, "j E Y"))
    return {
        "programme": season.programme.name.in_language(language),
        "season": season.name.in_language(language),
        "nomination": nomination.name.in_language(language),
        "category": nomination.category.name.in_language(language),
        "recipient": nominee_name or entry.organisation.name,
        "nominee_name": entry.organisation.name if nominee_name else "",
        "entry_title": title,
        "outcome_label": SEALS[language][kind],
        "date": date,
        "accent": season.accent,
        "logo": season.logo,
    }


def have_made(diploma: Diploma, *, by: User | None = None) -> None:
    """Queue the making of the file; each call is a new attempt."""
    about = f"diplomas.diploma:{diploma.pk}"
    attempt = Job.objects.filter(kind="make-diploma", about=about).count() + 1
    enqueue(
        "make-diploma",
        effect_key=f"diploma:{diploma.pk}:{attempt}",
        args={"diploma": diploma.pk},
        about=about,
        by=by,
    )


def make_diploma(diploma_id: int) -> None:
    """Make the file and say so to the nominee; what goes wrong is kept and raised again."""
    from diplomas.rendering import render_diploma  # slow to import, and only workers draw

    diploma = Diploma.objects.select_related("season").get(pk=diploma_id)
    if diploma.state == DiplomaState.READY or diploma.revoked_at is not None:
        return
    try:
        data = render_diploma(content_of(diploma))
        with whole_file(data) as file:
            keep(diploma, file, hashlib.sha256(data).hexdigest())
    except Exception as error:
        text = str(error) if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"
        Diploma.objects.filter(pk=diploma_id).exclude(state=DiplomaState.READY).update(
            state=DiplomaState.FAILED, error=text
        )
        raise


def content_of(diploma: Diploma) -> "DiplomaContent":
    """The frozen words, as the renderer takes them."""
    from diplomas.rendering import DiplomaContent

    texts = {key: value for key, value in diploma.content.items() if key != "logo"}
    return DiplomaContent(
        kind=cast("Kind", diploma.kind),
        language=cast("Language", diploma.language),
        number=diploma.number,
        verification_url=settings.SITE_URL + diploma.get_absolute_url(),
        logo=logo_bytes(diploma.content.get("logo", "")),
        **texts,
    )


def logo_bytes(name: str) -> bytes | None:
    """A season's logo, when it is a drawing the diploma can show."""
    path = finders.find(f"seasons/logos/{name}") if name.endswith(".svg") else None
    return Path(path).read_bytes() if isinstance(path, str) else None


class WholeFile(File):  # type: ignore[type-arg]
    """A finished file on disk: the storage moves it into place instead of copying it bit by bit."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        self.path = path

    def temporary_file_path(self) -> str:
        return str(self.path)


@contextmanager
def whole_file(data: bytes) -> Iterator[WholeFile]:
    """Write the data beside its destination, so that it appears there whole or not at all."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".making-", delete=False) as temporary:
        temporary.write(data)
    path = Path(temporary.name)
    file = WholeFile(path)
    try:
        yield file
    finally:
        file.close()
        path.unlink(missing_ok=True)


@transaction.atomic
def keep(diploma: Diploma, file: WholeFile, sha256: str) -> None:
    """Put the file in place and mark the diploma ready, unless somebody was quicker."""
    diploma = (
        Diploma.objects.select_for_update(of=("self",))
        .select_related("season", "entry__nomination", "entry__organisation")
        .get(pk=diploma.pk)
    )
    if diploma.state == DiplomaState.READY:
        return
    storage = diploma.file.storage
    name = diploma_path(diploma, "")
    if storage.exists(name):
        storage.delete(name)
    diploma.file.name = storage.save(name, file)
    diploma.sha256, diploma.state, diploma.error = sha256, DiplomaState.READY, ""
    diploma.save(update_fields=["file", "sha256", "state", "error"])
    tell(diploma)


def tell(diploma: Diploma) -> None:
    """Send the link to the people behind the entry."""
    entry = diploma.entry
    post_to_editors(
        "diploma-ready",
        entry,
        f"diploma:{diploma.pk}",
        lambda user: {
            "name": user.full_name,
            "kind": diploma.kind,
            "season": str(diploma.season.name),
            "nomination": str(entry.nomination.name),
            "nominee": entry.display_name,
            "number": diploma.number,
            "file_path": f"{diploma.get_absolute_url()}file/",
            "verify_path": diploma.get_absolute_url(),
            "sha256": diploma.sha256,
        },
    )


@transaction.atomic
def retry_diploma(diploma: Diploma, *, by: User) -> Diploma:
    """Try a failed diploma again, with the names as they are now: no file has borne the old ones."""
    diploma = (
        Diploma.objects.select_for_update(of=("self",)).select_related("season").get(pk=diploma.pk)
    )
    if diploma.state != DiplomaState.FAILED:
        raise DomainError(_("Only a diploma that failed can be tried again."))
    entry = entries_with_words().get(pk=diploma.entry_id)
    diploma.content = words(entry, diploma.kind, diploma.language, diploma.issued_at)
    diploma.state, diploma.error = DiplomaState.WAITING, ""
    diploma.save(update_fields=["content", "state", "error"])
    have_made(diploma, by=by)
    record(
        "diploma.retried",
        by=by,
        about=diploma,
        season=diploma.season.slug,
        data={"number": diploma.number},
    )
    return diploma


@transaction.atomic
def revoke_diploma(diploma: Diploma, *, by: User, reason: str) -> Diploma:
    """Declare a diploma invalid; its page says so from now on."""
    diploma = (
        Diploma.objects.select_for_update(of=("self",)).select_related("season").get(pk=diploma.pk)
    )
    if diploma.revoked_at is not None:
        raise DomainError(_("This diploma is revoked already."))
    if not reason.strip():
        raise DomainError(_("Say why the diploma is revoked."), field="reason")
    diploma.revoked_at, diploma.revoked_by = timezone.now(), by
    diploma.revoked_reason = reason.strip()
    diploma.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    record(
        "diploma.revoked",
        by=by,
        about=diploma,
        season=diploma.season.slug,
        data={"number": diploma.number, "reason": diploma.revoked_reason},
    )
    return diploma
