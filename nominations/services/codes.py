"""Codes that let organisations into a season: making, sending, using and switching them off."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation, User
from audit.services import record
from common.errors import DomainError
from common.moments import in_both_zones
from nominations.clock import in_words
from nominations.models import CodeUse, Entry, EntryCode
from outbox.models import Message
from outbox.services import post
from seasons.models import Channel, Season, StageKind
from seasons.permissions import can_organise

# No 0 and O, no 1, I and L: a code is read from paper and over the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
MOST_INVITED = 200
MOST_GUESSES = 10
GUESSES_FORGOTTEN = 600  # seconds


@dataclass(frozen=True)
class Invitee:
    """Somebody the organisers invite to enter."""

    email: str
    name: str = ""


def new_code() -> str:
    """A code nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def clean_code(text: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())


def join_link(code: EntryCode) -> str:
    """The address that brings the code along."""
    return settings.SITE_URL + reverse("nominations:join", args=[code.season.slug, code.code])


def is_in(season: Season, organisation: Organisation) -> bool:
    """Whether the organisation has come in before; it needs no code again."""
    return bool(who_is_in(season, [organisation]))


def who_is_in(season: Season, organisations: Iterable[Organisation]) -> set[int]:
    """The keys of those that have come in before, by a code or while the season was open."""
    keys = [one.pk for one in organisations]
    uses = CodeUse.objects.filter(code__season=season, organisation__in=keys)
    entries = Entry.objects.filter(nomination__season=season, organisation__in=keys)
    found = set(uses.values_list("organisation", flat=True))
    return found | set(entries.values_list("organisation", flat=True).distinct())


def code_problem(code: EntryCode, at: datetime) -> str:
    """Why a code lets nobody in now, or nothing."""
    zone = code.season.zone
    if code.disabled_at is not None or code.channel not in code.season.channels:
        return _("The organisers switched this code off. Ask them for another.")
    if code.valid_from is not None and at < code.valid_from:
        return _("This code works from %(moment)s on.") % {
            "moment": in_words(code.valid_from, zone)
        }
    if code.valid_until is not None and at >= code.valid_until:
        return _("This code was valid until %(moment)s. Ask the organisers for another.") % {
            "moment": in_words(code.valid_until, zone, until=True)
        }
    if code.max_uses is not None and code.uses >= code.max_uses:
        return _("This code was used as often as it may be. Ask the organisers for another.")
    return ""


def find_code(season: Season, text: str, *, by: User) -> EntryCode:
    """The code somebody typed; one who guesses is stopped for a while."""
    key = f"code-guesses:{by.pk}"
    if (cache.get(key) or 0) >= MOST_GUESSES:
        raise DomainError(
            _("Too many wrong codes. Wait ten minutes, then try again."), field="code"
        )
    codes = EntryCode.objects.select_related("season").filter(season=season)
    found = codes.filter(code=clean_code(text)).first()
    if found is not None:
        return found
    if not cache.add(key, 1, GUESSES_FORGOTTEN):
        cache.incr(key)
    raise DomainError(
        _("We do not know this code. Compare it sign by sign with the one you were given."),
        field="code",
    )


def require_usable(code: EntryCode) -> None:
    """Say why a code lets nobody in now, if it does not."""
    if problem := code_problem(code, timezone.now()):
        raise DomainError(problem, field="code")


def let_in(season: Season, organisation: Organisation, text: str, *, by: User) -> EntryCode | None:
    """Let an organisation into the season, once for each code; the caller holds the season's row.

    Whoever came in once stays in. Where a season is open to everybody a code is not needed, and one
    that is given is counted all the same.
    """
    if not clean_code(text):
        if Channel.OPEN in season.channels or is_in(season, organisation):
            earlier = CodeUse.objects.filter(code__season=season, organisation=organisation)
            latest = earlier.select_related("code").order_by("-pk").first()
            return latest.code if latest else None
        raise DomainError(_("Type the code you were given."), field="code")
    code = EntryCode.objects.select_for_update().get(pk=find_code(season, text, by=by).pk)
    code.season = season
    if CodeUse.objects.filter(code=code, organisation=organisation).exists():
        return code
    require_usable(code)
    code.uses += 1
    code.save(update_fields=["uses"])
    CodeUse.objects.create(code=code, organisation=organisation, used_by=by)
    record(
        "entry-code.used",
        by=by,
        about=code,
        season=season.slug,
        data={"organisation": organisation.pk, "uses": code.uses},
    )
    return code


def require_organiser(by: User, season: Season) -> None:
    """Refuse everybody else."""
    if not can_organise(by, season):
        raise PermissionDenied


def make_code(
    season: Season,
    channel: Channel,
    *,
    by: User,
    label: str = "",
    email: str = "",
    max_uses: int | None = 1,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> EntryCode:
    """A new code in the caller's transaction, on record."""
    code = EntryCode.objects.create(
        season=season,
        channel=channel,
        code=new_code(),
        label=label,
        email=email,
        max_uses=max_uses,
        valid_from=valid_from,
        valid_until=valid_until,
        created_by=by,
    )
    record(
        "entry-code.made",
        by=by,
        about=code,
        season=season.slug,
        data={
            "channel": str(channel),
            "max_uses": max_uses,
            "from": valid_from,
            "until": valid_until,
        },
    )
    return code


@transaction.atomic
def invite(
    season: Season,
    invitees: Iterable[Invitee],
    *,
    by: User,
    key: UUID,
    valid_until: datetime | None = None,
) -> list[EntryCode]:
    """Mail each a code for one organisation; the same form sent again sends nothing.

    Who was invited before and has not entered yet gets the same code once more.
    """
    require_organiser(by, season)
    season = Season.objects.select_for_update().get(pk=season.pk)
    if Channel.INVITATION not in season.channels:
        raise DomainError(_("This season does not invite. Tick “invited” in its settings first."))
    now = timezone.now()
    if valid_until is not None and valid_until <= now:
        raise DomainError(_("Choose a moment that is not over yet."), field="valid_until")
    found = []
    for invitee in {one.email.lower(): one for one in invitees}.values():
        effect = f"entry-code:{key}:{invitee.email.lower()}"
        if Message.objects.filter(effect_key=effect).exists():
            continue
        code = waiting_invitation(season, invitee.email, now) or make_code(
            season,
            Channel.INVITATION,
            by=by,
            label=invitee.name or invitee.email,
            email=invitee.email,
            valid_until=valid_until,
        )
        post_invitation(code, invitee, effect)
        found.append(code)
    return found


def waiting_invitation(season: Season, email: str, at: datetime) -> EntryCode | None:
    """The code that this address was sent and has not used."""
    codes = EntryCode.objects.filter(
        season=season, channel=Channel.INVITATION, email__iexact=email, uses=0
    ).select_related("season")
    return next((code for code in codes if not code_problem(code, at)), None)


def post_invitation(code: EntryCode, invitee: Invitee, effect_key: str) -> None:
    """Write the letter with the link, in the language of the person or else of the season."""
    season = code.season
    person = User.objects.filter(email__iexact=invitee.email, is_active=True).first()
    language = person.language if person else season.language
    post(
        "entry-code",
        effect_key=effect_key,
        to=person or invitee.email,
        language=language,
        context={
            **about_season(season, language, person),
            "name": invitee.name or (person.get_short_name() if person else ""),
            "code": code.code,
            "link": join_link(code),
            "valid_until": moment_for(code.valid_until, season, language, person),
        },
        about=f"nominations.entrycode:{code.pk}",
    )


def about_season(season: Season, language: str, person: User | None) -> dict[str, str]:
    """What letters to people outside an entry say of the season."""
    stage = season.stage(StageKind.ENTRY)
    return {
        "season": season.name.in_language(language),
        "summary": season.summary.in_language(language),
        "contact": season.contact_email,
        "season_link": settings.SITE_URL + season.get_absolute_url(),
        "deadline": moment_for(stage.closes_for() if stage else None, season, language, person),
    }


def moment_for(moment: datetime | None, season: Season, language: str, person: User | None) -> str:
    """A deadline in words, in the season's time and the reader's; nothing without one."""
    if moment is None:
        return ""
    with override(language):
        return in_both_zones(
            moment, season.time_zone, person.time_zone if person else "", until=True
        )


@transaction.atomic
def make_poster_code(
    season: Season,
    *,
    by: User,
    label: str,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    max_uses: int | None = None,
) -> EntryCode:
    """A code for a poster; the same form sent again gives the code it made."""
    require_organiser(by, season)
    season = Season.objects.select_for_update().get(pk=season.pk)
    if Channel.LINK not in season.channels:
        raise DomainError(_("This season has no links. Tick “by a link” in its settings first."))
    if valid_from is not None and valid_until is not None and valid_until <= valid_from:
        raise DomainError(_("A code ends after it begins."), field="valid_until")
    same = EntryCode.objects.filter(
        season=season,
        channel=Channel.LINK,
        label=label,
        max_uses=max_uses,
        valid_from=valid_from,
        valid_until=valid_until,
        disabled_at=None,
        created_by=by,
    ).first()
    return same or make_code(
        season,
        Channel.LINK,
        by=by,
        label=label,
        max_uses=max_uses,
        valid_from=valid_from,
        valid_until=valid_until,
    )


@transaction.atomic
def change_code(code: EntryCode, *, by: User) -> EntryCode:
    """Save a code's label, dates and number of uses; the log keeps what it was."""
    require_organiser(by, code.season)
    old = EntryCode.objects.select_for_update().get(pk=code.pk)
    if code.max_uses is not None and old.uses > code.max_uses:
        raise DomainError(
            _("%(count)d organisations entered with it already.") % {"count": old.uses},
            field="max_uses",
        )
    fields = ["label", "max_uses", "valid_from", "valid_until"]
    changed = {
        name: [getattr(old, name), getattr(code, name)]
        for name in fields
        if getattr(old, name) != getattr(code, name)
    }
    if changed:
        code.save(update_fields=fields)
        record("entry-code.changed", by=by, about=code, season=code.season.slug, data=changed)
    return code


@transaction.atomic
def switch_code(code: EntryCode, *, by: User, on: bool) -> EntryCode:
    """Switch a code off, or on again; who has come in stays in."""
    require_organiser(by, code.season)
    code.refresh_from_db(from_queryset=EntryCode.objects.select_for_update())
    if (code.disabled_at is None) == on:
        return code
    code.disabled_at = None if on else timezone.now()
    code.save(update_fields=["disabled_at"])
    verb = "entry-code.switched-on" if on else "entry-code.switched-off"
    record(verb, by=by, about=code, season=code.season.slug)
    return code
