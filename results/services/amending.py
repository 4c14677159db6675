"""Changing what is public of one nomination after its release, without taking the whole release back."""

from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from diplomas.models import Diploma
from diplomas.services import contact_language, issue_diploma, revoke_diploma
from judging.models import Entrants
from judging.services import advance
from nominations.models import Entry, Nomination
from nominations.services.letters import post_to_editors
from results.models import (
    Appeal,
    Decision,
    OutcomeKind,
    OutcomeRule,
    PublishedResult,
    Release,
    Standing,
)
from results.services.releases import about_result, announce, create_public_rows
from results.services.retractions import hold_back


def amend(release: Release, appeal: Appeal, *, standing: Standing, by: User) -> None:
    """Let exactly the entries the appeal names hold the outcome; the caller has the transaction.

    Who gets it is published, gets a diploma, a mail and the way into the next round; who loses it
    loses the public row, the diploma, and the way on as far as the jury has not begun.
    """
    nomination = appeal.entry.nomination
    public = {
        row.entry_id: row
        for row in release.results.filter(nomination=nomination).select_related(
            "entry__organisation", "entry__nomination__season"
        )
    }
    wanted = set(appeal.holders)
    gained = list(
        Entry.objects.filter(pk__in=wanted - public.keys())
        .select_related("organisation", "nomination__season")
        .order_by("number")
    )
    lost = [row.entry for pk, row in sorted(public.items()) if pk not in wanted]
    check_nothing_rests_on(release, lost)
    decided = Decision.objects.filter(rule=release.rule, entry__nomination=nomination)
    decided.exclude(entry__in=wanted & public.keys()).delete()
    take_away(release, lost, appeal=appeal, by=by)
    give(release, gained, appeal=appeal, standing=standing, by=by)
    record(
        "results.amended",
        by=by,
        about=release,
        season=release.rule.season.slug,
        data={
            "outcome": release.rule.kind,
            "nomination": nomination.number,
            "gained": [entry.number for entry in gained],
            "lost": [entry.number for entry in lost],
            "standing": standing.pk,
            "asked_by": appeal.proposed_by_id,
        },
    )


def move_decisions(rule: OutcomeRule, nomination: Nomination, standing: Standing) -> None:
    """What stays decided rests on the standing of the appeal from now on, for feedback as well."""
    Decision.objects.filter(rule=rule, entry__nomination=nomination).update(standing=standing)


def check_nothing_rests_on(release: Release, lost: list[Entry]) -> None:
    """Nobody loses an outcome while holding a later one."""
    later = PublishedResult.objects.filter(
        entry__in=lost, release__rule__stage__opens_at__gt=release.rule.stage.opens_at
    ).select_related("entry")
    for row in later:
        raise DomainError(
            _("Entry %(number)s holds a later outcome: change that one first.")
            % {"number": row.entry.number}
        )


def take_away(release: Release, entries: list[Entry], *, appeal: Appeal, by: User) -> None:
    """Take the outcome from entries, and tell their people."""
    rule = release.rule
    with override(rule.season.language):
        reason = _("The result was changed after an appeal.")
    for diploma in Diploma.objects.filter(entry__in=entries, kind=rule.kind, revoked_at=None):
        revoke_diploma(diploma, by=by, reason=reason)
    hold_back(release, entries)
    PublishedResult.objects.filter(release=release, entry__in=entries).delete()
    for entry in entries:
        key = f"result-amended:{appeal.pk}:{entry.pk}"
        post_to_editors("result-amended", entry, key, partial(about_result, entry))


def give(
    release: Release, entries: list[Entry], *, appeal: Appeal, standing: Standing, by: User
) -> None:
    """Publish the outcome of entries that did not have it."""
    rule, now = release.rule, timezone.now()
    Decision.objects.bulk_create(
        Decision(
            rule=rule,
            entry=entry,
            standing=standing,
            reason=appeal.reasons,
            confirmed_by=by,
            confirmed_at=now,
        )
        for entry in entries
    )
    create_public_rows(release, entries, now)
    if rule.kind == OutcomeKind.FINALIST:
        for round_ in rule.season.rounds.filter(entrants=Entrants.FINALISTS):
            advance(round_, entries, by=by)
    if rule.diploma:
        for entry in entries:
            issue_diploma(
                entry, rule.kind, by=None, language=contact_language(entry), issued_at=now
            )
    announce(release, entries, after=f":appeal:{appeal.pk}")
