"""Makers of people, seasons and entries for tests, straight from the models."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Organisation, User
from judging.models import (
    Agreement,
    Band,
    Consent,
    Criterion,
    Dimension,
    Judge,
    Jury,
    Rubric,
)
from nominations.models import (
    Answer,
    Category,
    Entry,
    EntryKind,
    EntryStatus,
    Nomination,
    Option,
    Prompt,
    PromptKind,
    Revision,
)
from seasons.models import Season, Stage, StageKind

PASSWORD = "correct horse battery"


def make_person(email: str, name: str, **fields: Any) -> User:
    """A person with a confirmed address, whose language is English unless told."""
    user = User.objects.create_user(
        email,
        PASSWORD,
        full_name=name,
        **{"language": "en", "time_zone": "Europe/Moscow", **fields},
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_stages(season: Season, start: datetime) -> None:
    """Entries open now for ten days; every later stage follows in turn."""
    at = start - timedelta(days=10)
    for kind, days in [
        (StageKind.ENTRY, 20),
        (StageKind.JUDGING, 20),
        (StageKind.FINALISTS, 5),
        (StageKind.DEFENCE, 20),
        (StageKind.CEREMONY, 5),
        (StageKind.FEEDBACK, 100),
    ]:
        Stage.objects.create(
            season=season,
            slug=kind.value,
            kind=kind,
            name={"en": kind.value.title(), "ru": kind.value.title()},
            opens_at=at,
            closes_at=at + timedelta(days=days),
        )
        at += timedelta(days=days)


def make_nomination(category: Category, number: int, name: str, **fields: Any) -> Nomination:
    """A nomination with two text prompts."""
    nomination = Nomination.objects.create(
        season=category.season,
        category=category,
        number=number,
        slug=f"nomination-{number}",
        name={"en": name, "ru": name},
        **{"kinds": [EntryKind.ORGANISATION], **fields},
    )
    for position, slug in enumerate(["approach", "results"], start=1):
        Prompt.objects.create(
            nomination=nomination,
            position=position,
            slug=slug,
            label={"en": f"Describe your {slug}", "ru": f"Опишите: {slug}"},
            min_words=2,
            max_words=50,
        )
    return nomination


def make_entry(
    nomination: Nomination,
    organisation: Organisation,
    by: User,
    status: EntryStatus = EntryStatus.DRAFT,
    **fields: Any,
) -> Entry:
    """An entry with answers; unless a draft, with its first revision."""
    season = nomination.season
    season.last_entry_number += 1
    season.save(update_fields=["last_entry_number"])
    entry = Entry.objects.create(
        nomination=nomination,
        organisation=organisation,
        number=f"{season.code}-{season.last_entry_number:04d}",
        created_by=by,
        status=status,
        **{"kind": nomination.kinds[0], "title": "Listening first", **fields},
    )
    for prompt in nomination.prompts.all():
        text = "2021" if prompt.kind == PromptKind.YEAR else f"We did {prompt.slug} well."
        Answer.objects.create(entry=entry, prompt=prompt, text=text, version=1, updated_by=by)
    if status != EntryStatus.DRAFT:
        make_revision(entry, by)
    return entry


def make_revision(entry: Entry, by: User) -> Revision:
    """Freeze the answers of an entry, as its submission would."""
    answers = entry.answers.select_related("prompt")
    content = {
        "season": entry.season.slug,
        "number": entry.number,
        "nomination": {"number": entry.nomination.number, "name": dict(entry.nomination.name)},
        "organisation": entry.organisation.name,
        "kind": entry.kind,
        "title": entry.title,
        "nominee_name": entry.nominee_name,
        "participants": [],
        "answers": [
            {
                "prompt": answer.prompt.slug,
                "kind": answer.prompt.kind,
                "label": dict(answer.prompt.label),
                "text": answer.text,
                "words": len(answer.text.split()),
            }
            for answer in answers
        ],
        "attachments": [],
    }
    return Revision.objects.create(
        entry=entry,
        number=entry.revisions.count() + 1,
        content=content,
        sha256=Revision.digest(content),
        idempotency_key=uuid4(),
        submitted_at=timezone.now(),
        submitted_by=by,
    )


def make_rubric(season: Season, slug: str) -> Rubric:
    """Two criteria of ten points, each with three bands."""
    rubric = Rubric.objects.create(season=season, slug=slug, name={"en": slug.title()})
    dimension = Dimension.objects.create(rubric=rubric, position=1, name={"en": "Substance"})
    for position, name in enumerate(["clarity", "results"], start=1):
        criterion = Criterion.objects.create(
            dimension=dimension,
            position=position,
            slug=f"{slug}-{name}",
            name={"en": name.title()},
            maximum=Decimal(10),
        )
        for low, high, band in [(8, 10, "high"), (5, 7, "middle"), (0, 4, "low")]:
            Band.objects.create(
                criterion=criterion,
                low=low,
                high=high,
                name={"en": band.title()},
                descriptor={"en": f"{name.title()} is {band}."},
            )
    return rubric


def make_judge(jury: Jury, user: User, agreement: Agreement | None = None, **fields: Any) -> Judge:
    """A member of a jury who accepted the agreement, when there is one."""
    if agreement is not None:
        Consent.objects.create(
            agreement=agreement,
            user=user,
            language="en",
            text_sha256="0" * 64,
            given_at=timezone.now(),
        )
    return Judge.objects.create(jury=jury, user=user, **fields)


def make_prompt(nomination: Nomination, kind: PromptKind, **fields: Any) -> Prompt:
    """A prompt of a kind, after those there are; `options` are short names of choices or columns."""
    options = fields.pop("options", [])
    prompt = Prompt.objects.create(
        nomination=nomination,
        kind=kind,
        **{
            "position": nomination.prompts.count() + 1,
            "slug": kind.value,
            "label": {"en": f"Your {kind.value}", "ru": f"Ваш ответ: {kind.value}"},
            **fields,
        },
    )
    for position, slug in enumerate(options, start=1):
        Option.objects.create(
            prompt=prompt,
            position=position,
            slug=slug,
            label={"en": slug.title(), "ru": slug.title()},
        )
    return prompt


def make_form(nomination: Nomination) -> dict[str, Prompt]:
    """A prompt of each kind but text, by kind; `why` is asked only of those who choose `other`."""
    kind = PromptKind
    made = {
        "year": make_prompt(nomination, kind.YEAR, minimum=2020),
        "number": make_prompt(nomination, kind.NUMBER, unit={"en": "calls"}, minimum=0),
        "metric": make_prompt(
            nomination, kind.METRIC, unit={"en": "%"}, decimals=1, minimum=0, maximum=100
        ),
        "date": make_prompt(nomination, kind.DATE),
        "choice": make_prompt(nomination, kind.CHOICE, options=["bank", "shop", "other"]),
        "choices": make_prompt(nomination, kind.CHOICES, options=["phone", "chat", "mail"]),
        "link": make_prompt(nomination, kind.LINK, required=False),
        "video": make_prompt(nomination, kind.VIDEO, jury_sees=False),
        "file": make_prompt(nomination, kind.FILE, required=False),
        "table": make_prompt(
            nomination, kind.TABLE, options=["name", "post"], minimum=2, maximum=2
        ),
    }
    made["why"] = make_prompt(
        nomination, kind.TEXT, slug="why", shown_if=made["choice"], shown_value="other"
    )
    return made
