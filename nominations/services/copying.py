"""Copying an entry into another nomination: what fits goes along, what does not is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Event
from audit.services import label, record
from common.errors import DomainError
from nominations.clock import entry_window
from nominations.conditions import prerequisites_of
from nominations.drafts import asks_for_participants
from nominations.fields import as_lines, cleaned
from nominations.fields import frozen as frozen_answer
from nominations.models import (
    Answer,
    Attachment,
    Credential,
    Entry,
    Nomination,
    PagesState,
    Prompt,
    Purpose,
)
from nominations.permissions import can_enter_for
from nominations.services.codes import is_in
from nominations.services.entries import set_participants, start_entry
from nominations.services.files import have_pages_made
from nominations.services.locks import lock
from nominations.services.ready import remember_if_ready
from seasons.models import Channel, Season

COPIED = "entry.copied"


@dataclass(frozen=True)
class Left:
    """Something that stays behind: the question or the kind of thing, and what it says."""

    label: str
    lines: tuple[str, ...]
    why: str


def nominations_for(entry: Entry, by: User) -> list[Nomination]:
    """Where the entry could go: open seasons of its programme, and nominations that take its kind.

    A season that lets in by codes alone is no way in here, unless the organisation came in before.
    """
    seasons = Season.objects.visible_to(by).filter(programme=entry.season.programme_id)
    found: list[Nomination] = []
    for season in seasons.prefetch_related("stages__extensions"):
        way_in = Channel.OPEN in season.channels or is_in(season, entry.organisation)
        if not way_in or not entry_window(season, entry.organisation).is_open:
            continue
        rows = season.nominations.exclude(pk=entry.nomination_id).select_related("category")
        for nomination in rows.order_by("number"):
            nomination.season = season
            if entry.kind in nomination.kinds:
                found.append(nomination)
    return found


@transaction.atomic
def copy_entry(entry: Entry, nomination: Nomination, *, by: User, key: UUID) -> Entry:
    """Start an entry in another nomination with what was written here; a repeated key gives the same."""
    lock(entry)
    if not can_enter_for(by, entry.organisation):
        raise PermissionDenied
    if earlier := copy_by(entry, key):
        return earlier
    if nomination not in nominations_for(entry, by):
        raise DomainError(_("Choose an open nomination from the list."), field="nomination")
    copy = start_entry(
        nomination,
        entry.organisation,
        by=by,
        kind=entry.kind,
        title=entry.title,
        nominee_name=entry.nominee_name,
    )
    if asks_for_participants(nomination, copy.kind):
        wanted = [(one.name, one.role) for one in entry.participants.all()]
        set_participants(copy, wanted, by=by)
    places = place_by_prompt(entry, copy)
    copy_answers(entry, copy, places, by)
    copy_files(entry, copy, places, by)
    remember_if_ready(copy, by)
    record(
        COPIED,
        by=by,
        about=entry,
        season=entry.season.slug,
        data={"key": str(key), "to": copy.pk, "number": copy.number},
    )
    return copy


def copy_by(entry: Entry, key: UUID) -> Entry | None:
    """What an earlier request with the same key made."""
    for event in Event.objects.filter(about=label(entry), verb=COPIED):
        if event.data.get("key") == str(key):
            return Entry.objects.filter(pk=event.data["to"]).first()
    return None


def is_copy_of(copy: Entry, entry: Entry) -> bool:
    """Whether an entry was made from another."""
    events = Event.objects.filter(about=label(entry), verb=COPIED)
    return any(event.data.get("to") == copy.pk for event in events)


def place_by_prompt(entry: Entry, copy: Entry) -> dict[int, Prompt]:
    """For each prompt here the one there with the same short name and kind, if there is one."""
    there = {
        (prompt.slug, prompt.kind): prompt
        for prompt in copy.nomination.prompts.prefetch_related("options")
    }
    return {
        prompt.pk: there[prompt.slug, prompt.kind]
        for prompt in entry.nomination.prompts.all()
        if (prompt.slug, prompt.kind) in there
    }


def fits(prompt: Prompt | None, text: str) -> bool:
    """Whether a text can stand there without losing anything."""
    if prompt is None:
        return False
    try:
        return cleaned(prompt, text) == text
    except DomainError:
        return False


def copy_answers(entry: Entry, copy: Entry, places: dict[int, Prompt], by: User) -> None:
    """Answers whose question is asked there as well."""
    for answer in entry.answers.exclude(text=""):
        prompt = places.get(answer.prompt_id)
        if prompt is not None and fits(prompt, answer.text):
            Answer.objects.create(
                entry=copy, prompt=prompt, text=answer.text, version=1, updated_by=by
            )


def copy_files(entry: Entry, copy: Entry, places: dict[int, Prompt], by: User) -> None:
    """Files as new ones with the same content, and the documents both nominations ask for."""
    for attachment in entry.attachments.filter(removed_at=None):
        if file_fits(attachment, copy, places):
            prompt = places.get(attachment.prompt_id or 0)
            copy_file(attachment, copy, by=by, prompt=prompt)
    asked = {one.pk for one in prerequisites_of(copy.nomination)}
    for credential in entry.credentials.filter(prerequisite__in=asked).select_related("proof"):
        proof = copy_file(credential.proof, copy, by=by) if credential.proof else None
        Credential.objects.create(
            entry=copy,
            prerequisite_id=credential.prerequisite_id,
            number=credential.number,
            issuer=credential.issuer,
            expires_on=credential.expires_on,
            proof=proof,
        )


def file_fits(attachment: Attachment, copy: Entry, places: dict[int, Prompt]) -> bool:
    """Whether there is a place for the file; documents go with what they prove."""
    match attachment.purpose:
        case Purpose.SUPPORT:
            return True
        case Purpose.ESSAY:
            return copy.nomination.essay_upload
        case Purpose.ANSWER:
            return attachment.prompt_id in places
        case _:
            return False


def copy_file(
    attachment: Attachment, copy: Entry, *, by: User, prompt: Prompt | None = None
) -> Attachment:
    """The same content under a token of its own."""
    made = Attachment(
        entry=copy,
        name=attachment.name,
        content_type=attachment.content_type,
        size=attachment.size,
        sha256=attachment.sha256,
        uploaded_by=by,
        purpose=attachment.purpose,
        prompt=prompt,
        pages_state=PagesState.WAITING if attachment.purpose == Purpose.ESSAY else PagesState.NONE,
    )
    with attachment.file.open("rb") as content:
        made.file.save(attachment.name, ContentFile(content.read()), save=False)
    try:
        with transaction.atomic():
            made.save()
            if made.purpose == Purpose.ESSAY:
                have_pages_made(made, by=by)
    except BaseException:
        made.file.delete(save=False)
        raise
    return made


def left_behind(entry: Entry, copy: Entry) -> list[Left]:
    """What the copy has no place for, so that nobody loses it out of sight."""
    places = place_by_prompt(entry, copy)
    return [
        *answers_left(entry, places),
        *files_left(entry, copy, places),
        *participants_left(entry, copy),
    ]


def answers_left(entry: Entry, places: dict[int, Prompt]) -> Iterator[Left]:
    """Answers to questions that are not asked there, or not so."""
    answers = entry.answers.exclude(text="").select_related("prompt")
    for answer in answers.prefetch_related("prompt__options").order_by("prompt__position"):
        prompt = places.get(answer.prompt_id)
        if fits(prompt, answer.text):
            continue
        why = (
            _("There is no such question in the other nomination.")
            if prompt is None
            else _("The other nomination has other choices or columns here.")
        )
        yield Left(str(answer.prompt.label), tuple(lines_of(answer)), why)


def lines_of(answer: Answer) -> list[str]:
    """An answer in words."""
    return as_lines(frozen_answer(answer.prompt, answer.text))


def files_left(entry: Entry, copy: Entry, places: dict[int, Prompt]) -> Iterator[Left]:
    """Files without a place there."""
    asked = {one.pk for one in prerequisites_of(copy.nomination)}
    proofs = set(entry.credentials.filter(prerequisite__in=asked).values_list("proof", flat=True))
    for one in entry.attachments.filter(removed_at=None):
        if one.pk in proofs or file_fits(one, copy, places):
            continue
        yield Left(_("File"), (one.name,), _("There is no place for it in the other nomination."))


def participants_left(entry: Entry, copy: Entry) -> Iterator[Left]:
    """Organisations that take part here and are not asked for there."""
    if asks_for_participants(copy.nomination, copy.kind):
        return
    names = tuple(str(one) for one in entry.participants.all())
    if names:
        yield Left(_("Participants"), names, _("The other nomination does not ask for them."))
