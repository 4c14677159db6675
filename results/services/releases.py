"""Making outcomes public: prepared by one person, confirmed by another, done by the clock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.moments import span
from diplomas.services import contact_language, issue_diploma
from judging.models import Entrants
from judging.services import advance
from nominations.content import as_submitted
from nominations.models import Entry
from nominations.services.letters import post_to_editors
from outbox.jobs import enqueue
from results.models import (
    ENDED,
    Decision,
    OutcomeKind,
    OutcomeRule,
    PublishedResult,
    Release,
    ReleaseState,
)
from results.permissions import check_may_run_results, check_no_interest
from results.services.outdated import changed_since, decided_on_older, numbers_of
from results.services.telling import ask_feedback
from seasons.models import Season, Stage, StageKind


@transaction.atomic
def arm_release(
    rule: OutcomeRule,
    *,
    by: User,
    not_before: datetime | None = None,
    by_ceremony: bool = False,
    reason: str = "",
) -> Release:
    """Prepare the release of what is decided; the decisions stand still from here on.

    With `by_ceremony` a host publishes it nomination by nomination, from its moment on. `reason` says
    why nominations are released that were decided on an older standing.
    """
    rule = OutcomeRule.objects.select_for_update().select_related("stage", "season").get(pk=rule.pk)
    check_may_run_results(by, rule)
    check_no_interest(by, rule.season)
    if rule.releases.exclude(state__in=ENDED).exists():
        raise DomainError(_("This outcome has a release already."))
    decisions = awarded(rule)
    if not decisions:
        raise DomainError(_("Nothing is decided yet: confirm at least one entry."))
    moment = not_before or rule.stage.opens_at
    if moment < rule.stage.opens_at:
        raise DomainError(
            _("The release cannot come before the stage “%(stage)s” opens.")
            % {"stage": rule.stage.name},
            field="not_before",
        )
    older = decided_on_older(rule)
    if older and not reason.strip():
        raise DomainError(
            _(
                "Decided on an older standing: nominations %(numbers)s. Decide them again, or say why "
                "they are released as they are."
            )
            % {"numbers": numbers_of(older)},
            field="reason",
        )
    release = Release.objects.create(
        rule=rule,
        not_before=moment,
        by_ceremony=by_ceremony,
        two_people=rule.season.two_person_release,
        older={str(one.nomination.number): one.digest for one in older},
        older_reason=reason.strip() if older else "",
        armed_by=by,
        armed_at=timezone.now(),
    )
    record(
        "release.prepared",
        by=by,
        about=release,
        season=rule.season.slug,
        data={
            "outcome": rule.kind,
            "not_before": moment,
            "by_ceremony": by_ceremony,
            "two_people": release.two_people,
            "older": sorted(map(int, release.older)),
            "older_reason": release.older_reason,
            "entries": sorted(decision.entry.number for decision in decisions),
        },
    )
    return release


@transaction.atomic
def confirm_release(release: Release, *, by: User) -> Release:
    """Let the release happen at its moment; the person who prepared it cannot also confirm it."""
    release = locked(release.pk)
    season = release.rule.season
    check_may_run_results(by, release.rule)
    if release.state != ReleaseState.ARMED:
        raise DomainError(
            _("There is nothing to confirm: the release is %(state)s.")
            % {"state": release.get_state_display()}
        )
    check_no_interest(by, season, first=release.armed_by if release.two_people else None)
    if release.two_people and release.armed_by_id == by.pk:
        raise DomainError(_("You prepared this release. Another organiser must confirm it."))
    if changed := changed_since(release):
        raise DomainError(
            _(
                "Scorecards or entries have changed since the release was prepared, in nominations "
                "%(numbers)s. Cancel it and decide these again."
            )
            % {"numbers": numbers_of(changed)}
        )
    release.state = ReleaseState.CONFIRMED
    release.confirmed_by, release.confirmed_at = by, timezone.now()
    release.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    if not release.by_ceremony:
        schedule(release)
    record(
        "release.confirmed",
        by=by,
        about=release,
        season=season.slug,
        data={"outcome": release.rule.kind, "not_before": release.not_before},
    )
    return release


@transaction.atomic
def cancel_release(release: Release, *, by: User, reason: str) -> Release:
    """Stop a release that has not happened yet; a brake that everybody who runs the season may pull."""
    release = locked(release.pk)
    check_may_run_results(by, release.rule)
    if release.state not in {ReleaseState.ARMED, ReleaseState.CONFIRMED}:
        raise DomainError(
            _("There is nothing to cancel: the release is %(state)s.")
            % {"state": release.get_state_display()}
        )
    if release.results.exists():
        raise DomainError(_("A part of it is public already: publish the rest, or take it back."))
    if not reason.strip():
        raise DomainError(_("Say why the release is cancelled."), field="reason")
    release.state = ReleaseState.CANCELLED
    release.save(update_fields=["state"])
    record(
        "release.cancelled",
        by=by,
        about=release,
        season=release.rule.season.slug,
        data={"outcome": release.rule.kind, "reason": reason.strip()},
    )
    return release


def perform_release(release_id: int) -> bool:
    """Publish, if it is confirmed and its moment has come; say whether this call did it."""
    with transaction.atomic():
        release = locked(release_id)
        if release.state != ReleaseState.CONFIRMED or release.by_ceremony:
            return False
        if timezone.now() < moment_of(release):
            schedule(release)
            return False
        publish(release)
        return True


def perform_overdue() -> int:
    """Publish what should be public by now, however its job was lost or its stage was moved."""
    waiting = Release.objects.filter(
        state=ReleaseState.CONFIRMED, by_ceremony=False, not_before__lte=timezone.now()
    )
    return sum(
        perform_release(release.pk)
        for release in waiting.select_related("rule__stage")
        if moment_of(release) <= timezone.now()
    )


def locked(release_id: int) -> Release:
    """The release, with its row held until we commit."""
    return (
        Release.objects.select_for_update(of=("self",))
        .select_related("rule__season", "rule__stage", "armed_by", "confirmed_by")
        .get(pk=release_id)
    )


def moment_of(release: Release) -> datetime:
    """When it may happen: not before it was planned, nor before its stage opens as of now."""
    return max(release.not_before, release.rule.stage.opens_at)


def schedule(release: Release) -> None:
    """Have it done at its moment."""
    moment = moment_of(release)
    enqueue(
        "release-results",
        effect_key=f"release:{release.pk}:{moment:%Y%m%d%H%M%S}",
        args={"release": release.pk},
        due_at=moment,
        about=f"results.release:{release.pk}",
        by=release.confirmed_by,
    )


def awarded(rule: OutcomeRule) -> list[Decision]:
    """Decisions about entries that still compete."""
    return list(
        rule.decisions.filter(entry__in=Entry.objects.admitted())
        .select_related("entry__organisation", "entry__nomination__season", "entry__nomination")
        .order_by("entry__number")
    )


def publish(release: Release) -> None:
    """Make everything that is not public yet public at once, and end the release."""
    now = timezone.now()
    there = set(release.results.values_list("entry_id", flat=True))
    rest = [one for one in awarded(release.rule) if one.entry_id not in there]
    publish_part(release, [decision.entry for decision in rest], now)
    if is_last(release.rule):
        ask_feedback(release)
    release.state, release.released_at = ReleaseState.RELEASED, now
    release.save(update_fields=["state", "released_at"])
    numbers = release.results.order_by("entry__number").values_list("entry__number", flat=True)
    record(
        "results.released",
        by=release.confirmed_by,
        about=release,
        season=release.rule.season.slug,
        data={"outcome": release.rule.kind, "entries": list(numbers)},
    )


def publish_part(release: Release, entries: Sequence[Entry], now: datetime) -> None:
    """Make the outcome of some entries public: results, the next round, diplomas, mails."""
    rule = release.rule
    create_public_rows(release, entries, now)
    if rule.kind == OutcomeKind.FINALIST:
        let_on(release, entries)
    if rule.diploma:
        for entry in entries:
            issue_diploma(
                entry, rule.kind, by=None, language=contact_language(entry), issued_at=now
            )
    announce(release, entries)


def create_public_rows(release: Release, entries: Sequence[Entry], now: datetime) -> None:
    """Write what the public sees, with the names that were last submitted."""
    names = {entry.pk: (entry.nominee_name, entry.title) for entry in entries}
    as_submitted(entries)
    PublishedResult.objects.bulk_create(
        PublishedResult(
            release=release,
            season=release.rule.season,
            nomination=entry.nomination,
            entry=entry,
            kind=release.rule.kind,
            organisation_name=entry.organisation.name,
            nominee_name=entry.nominee_name,
            title=entry.title,
            published_at=now,
        )
        for entry in entries
    )
    for entry in entries:
        entry.nominee_name, entry.title = names[entry.pk]


def let_on(release: Release, entries: Sequence[Entry]) -> None:
    """Let the finalists on into their rounds; who was let on by a release taken back and is none, is not."""
    season = release.rule.season
    nominations = {entry.nomination_id for entry in entries}
    for round_ in season.rounds.filter(entrants=Entrants.FINALISTS):
        if season.outcome_rules.filter(
            releases__state=ReleaseState.RETRACTED, kind=release.rule.kind
        ).exists():
            left = round_.advancements.filter(entry__nomination__in=nominations)
            left.exclude(entry__in=entries).delete()
        advance(round_, entries, by=release.confirmed_by or release.armed_by)


def is_last(rule: OutcomeRule) -> bool:
    """Whether no other outcome of the season is announced later."""
    later = OutcomeRule.objects.filter(
        season=rule.season_id, stage__opens_at__gt=rule.stage.opens_at
    )
    return not later.exists()


def announce(release: Release, entries: Iterable[Entry], *, after: str = "") -> None:
    """Write to the people behind each entry, in their own languages; `after` tells one time from another."""
    rule = release.rule
    season = rule.season
    defence = season.stages.filter(kind=StageKind.DEFENCE).order_by("opens_at").first()

    def said(entry: Entry, user: User) -> dict[str, Any]:
        return {
            **about_result(entry, user),
            "season_slug": season.slug,
            "nominee": entry.display_name,
            "diploma": rule.diploma,
            "defence": days(season, defence) if defence else "",
        }

    for entry in entries:
        key = f"result:{release.pk}{after}:{entry.pk}"
        post_to_editors(f"result-{rule.kind}", entry, key, partial(said, entry))


def about_result(entry: Entry, user: User) -> dict[str, Any]:
    """What each letter about an outcome of an entry says, in the language that is on."""
    season = entry.nomination.season
    return {
        "name": user.full_name,
        "season": str(season.name),
        "nomination": str(entry.nomination.name),
        "number": entry.number,
        "entry_path": entry.get_absolute_url(),
        "contact": season.contact_email,
    }


def days(season: Season, stage: Stage) -> str:
    """The days of a stage in the season's zone, in the language in force."""
    first, last = span(stage.opens_at, stage.closes_at, season.zone)
    return f"{first} – {last}" if last else first
