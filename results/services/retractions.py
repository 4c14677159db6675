"""Taking a release back: one organiser asks and says why, another does it; both stay in the log."""

from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from diplomas.models import Diploma
from diplomas.services import revoke_diploma
from judging.models import Advancement, Assignment, DefenceSlot
from nominations.models import Entry
from nominations.services.letters import post_to_editors
from outbox.models import Message
from outbox.registry import only_while
from results.models import (
    ENDED,
    Feedback,
    OutcomeKind,
    PublishedResult,
    Release,
    ReleaseState,
    Retraction,
)
from results.permissions import check_may_run_results, check_no_interest
from results.services.releases import about_result, is_last, locked


@transaction.atomic
def ask_retraction(release: Release, *, by: User, reason: str, tells: bool = True) -> Retraction:
    """Ask for a release to be taken back; nothing happens until another organiser agrees.

    Asking is open to everybody who runs the season; deciding, only to whom no conflict keeps from it.
    """
    release = locked(release.pk)
    check_may_run_results(by, release.rule)
    check_public(release)
    if release.retractions.filter(decided_at=None).exists():
        raise DomainError(_("Somebody has asked for this already."))
    if not reason.strip():
        raise DomainError(_("Say why the release is taken back."), field="reason")
    retraction = Retraction.objects.create(
        release=release, reason=reason.strip(), tells=tells, asked_by=by, asked_at=timezone.now()
    )
    record(
        "retraction.asked",
        by=by,
        about=release,
        season=release.rule.season.slug,
        data={"outcome": release.rule.kind, "reason": retraction.reason, "tells": tells},
    )
    return retraction


@transaction.atomic
def drop_retraction(retraction: Retraction, *, by: User) -> Retraction:
    """Leave the release as it is."""
    release = locked(retraction.release_id)
    check_may_run_results(by, release.rule)
    retraction = undecided(retraction)
    if retraction.asked_by_id != by.pk:
        check_no_interest(by, release.rule.season)
    retraction.decided_by, retraction.decided_at = by, timezone.now()
    retraction.save(update_fields=["decided_by", "decided_at"])
    record("retraction.dropped", by=by, about=release, season=release.rule.season.slug)
    return retraction


@transaction.atomic
def confirm_retraction(retraction: Retraction, *, by: User) -> Release:
    """Take the release back at once: public rows, diplomas, the way into the next round."""
    release = locked(retraction.release_id)
    check_may_run_results(by, release.rule)
    retraction = undecided(retraction)
    season = release.rule.season
    check_no_interest(by, season, first=retraction.asked_by if season.two_person_release else None)
    check_public(release)
    if season.two_person_release and retraction.asked_by_id == by.pk:
        raise DomainError(_("You asked for this. Another organiser must confirm it."))
    entries = list(
        Entry.objects.filter(published_results__release=release)
        .select_related("organisation", "nomination__season")
        .order_by("number")
    )
    revoked = revoke_all(release, entries, by=by, reason=retraction.reason)
    kept = hold_back(release, entries)
    if is_last(release.rule):
        Feedback.objects.filter(
            entry__nomination__season=season, stage__opens_at__gt=timezone.now(), earlier=None
        ).delete()
    release.results.all().delete()
    release.state = ReleaseState.RETRACTED
    release.save(update_fields=["state"])
    retraction.done = True
    retraction.decided_by, retraction.decided_at = by, timezone.now()
    retraction.save(update_fields=["done", "decided_by", "decided_at"])
    if retraction.tells:
        tell(retraction, entries)
    record(
        "results.retracted",
        by=by,
        about=release,
        season=season.slug,
        data={
            "outcome": release.rule.kind,
            "asked_by": retraction.asked_by_id,
            "reason": retraction.reason,
            "entries": [entry.number for entry in entries],
            "diplomas": revoked,
            "still_in_the_next_round": kept,
        },
    )
    return release


def undecided(retraction: Retraction) -> Retraction:
    """The request, still waiting; the lock of its release is held."""
    retraction = Retraction.objects.get(pk=retraction.pk)
    if retraction.decided_at is not None:
        raise DomainError(_("This has been decided already."))
    return retraction


def check_public(release: Release) -> None:
    """Only what is public is taken back, and what rests on it first."""
    if release.state in ENDED or not release.results.exists():
        raise DomainError(_("Nothing of this release is public."))
    later = (
        PublishedResult.objects.filter(
            season=release.rule.season_id,
            release__rule__stage__opens_at__gt=release.rule.stage.opens_at,
        )
        .exclude(release=release)
        .exists()
    )
    if later:
        raise DomainError(_("A later outcome rests on this one: take that back first."))


def revoke_all(release: Release, entries: list[Entry], *, by: User, reason: str) -> list[str]:
    """Revoke the diplomas of the outcome; their public pages say so."""
    standing = Diploma.objects.filter(entry__in=entries, kind=release.rule.kind, revoked_at=None)
    return [revoke_diploma(diploma, by=by, reason=reason).number for diploma in standing]


def hold_back(release: Release, entries: list[Entry]) -> list[str]:
    """Take finalists out of the rounds that wait for them, except where the jury is at work.

    Who stays there and is no finalist of the next release is taken out by it.
    """
    if release.rule.kind != OutcomeKind.FINALIST:
        return []
    same = {"round": OuterRef("round"), "entry": OuterRef("entry")}
    rows = Advancement.objects.filter(
        entry__in=entries, round__season=release.rule.season_id
    ).annotate(
        at_work=Exists(Assignment.objects.filter(**same))
        | Exists(DefenceSlot.objects.filter(**same))
    )
    kept = sorted(rows.filter(at_work=True).values_list("entry__number", flat=True).distinct())
    rows.filter(Q(at_work=False)).delete()
    return kept


def tell(retraction: Retraction, entries: list[Entry]) -> None:
    """Write to those who were told of the outcome."""
    for entry in entries:
        key = f"retraction:{retraction.pk}:{entry.pk}"
        post_to_editors("result-retracted", entry, key, partial(about_result, entry))


def still_public(message: Message) -> bool:
    """Whether the outcome a waiting mail speaks of is still public."""
    entry = int(message.about.rpartition(":")[2])
    kind = message.kind.removeprefix("result-")
    return PublishedResult.objects.filter(entry=entry, kind=kind).exists()


for outcome in OutcomeKind.values:
    only_while(f"result-{outcome}")(still_public)
