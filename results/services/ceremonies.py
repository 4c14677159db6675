"""A ceremony: a host shows nominations on the big screen and reveals them, one by one.

A reveal publishes its nomination in one transaction, so the screen shows nothing that is not public.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from nominations.models import Nomination
from results.models import Ceremony, Decision, Release, ReleaseState, Reveal
from results.permissions import barred_from_results
from results.services.releases import awarded, locked, moment_of, publish, publish_part
from seasons.models import Season


def program_of(release: Release) -> list[tuple[Nomination, list[Decision]]]:
    """The nominations of the ceremony with their decisions, in the order of their numbers."""
    found: dict[int, tuple[Nomination, list[Decision]]] = {}
    for decision in awarded(release.rule):
        nomination = decision.entry.nomination
        found.setdefault(nomination.pk, (nomination, []))[1].append(decision)
    return sorted(found.values(), key=lambda pair: pair[0].number)


def running(release_id: int, *, by: User) -> Release:
    """The confirmed release of a ceremony whose moment has come, its row held; else say why not."""
    release = locked(release_id)
    season = release.rule.season
    if not Season.objects.organised_by(by).filter(pk=season.pk).exists():
        raise DomainError(_("Only an organiser of the season hosts its ceremony."))
    if barred_from_results(by, season):
        raise DomainError(_("A conflict of interest keeps you from hosting this ceremony."))
    if not release.by_ceremony or release.state != ReleaseState.CONFIRMED:
        raise DomainError(_("There is no confirmed ceremony."))
    if timezone.now() < moment_of(release):
        raise DomainError(_("The ceremony has not begun: its moment has not come."))
    return release


@transaction.atomic
def show_nomination(release: Release, nomination: Nomination | None, *, by: User) -> Ceremony:
    """Put a nomination on the screen with the finalists that are public; None shows the title."""
    release = running(release.pk, by=by)
    if nomination is not None and nomination.season_id != release.rule.season_id:
        raise DomainError(_("The nomination is of another season."))
    ceremony, _created = Ceremony.objects.update_or_create(
        release=release, defaults={"nomination": nomination}
    )
    return ceremony


@transaction.atomic
def reveal(release: Release, nomination: Nomination, *, by: User) -> Reveal:
    """Publish the outcome of one nomination and show it; a second call changes nothing."""
    release = running(release.pk, by=by)
    if earlier := release.reveals.filter(nomination=nomination).first():
        return earlier
    entries = [
        one.entry for one in awarded(release.rule) if one.entry.nomination_id == nomination.pk
    ]
    if not entries:
        raise DomainError(_("Nothing is decided in this nomination."))
    now = timezone.now()
    made = Reveal.objects.create(
        release=release, nomination=nomination, revealed_at=now, revealed_by=by
    )
    publish_part(release, entries, now)
    Ceremony.objects.update_or_create(release=release, defaults={"nomination": nomination})
    record(
        "ceremony.revealed",
        by=by,
        about=release,
        season=release.rule.season.slug,
        data={"nomination": nomination.number, "entries": [entry.number for entry in entries]},
    )
    return made


@transaction.atomic
def end_ceremony(release: Release, *, by: User) -> Release:
    """Publish whatever was not revealed, and end the release."""
    release = running(release.pk, by=by)
    record("ceremony.ended", by=by, about=release, season=release.rule.season.slug)
    publish(release)
    return release


@transaction.atomic
def keep_notes(release: Release, notes: dict[str, str], *, by: User) -> Ceremony:
    """Keep how names are said, by the number of the entry; for the host's script alone."""
    release = locked(release.pk)
    if barred_from_results(by, release.rule.season):
        raise DomainError(_("A conflict of interest keeps you from hosting this ceremony."))
    numbers = {decision.entry.number for decision in awarded(release.rule)}
    kept = {
        key: text.strip()[:200] for key, text in notes.items() if key in numbers and text.strip()
    }
    ceremony, _created = Ceremony.objects.update_or_create(
        release=release, defaults={"notes": kept}
    )
    return ceremony
