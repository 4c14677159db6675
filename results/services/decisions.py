"""A person confirms what the rules propose, or departs from it with a reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from nominations.barriers import barred
from nominations.models import Entry, Nomination
from results.models import ENDED, Decision, OutcomeRule, ReleaseState, Standing, StandingRow
from results.permissions import check_may_run_results
from results.services.freshness import Today, today
from results.services.ranking import latest_standing


@transaction.atomic
def confirm_outcomes(
    rule: OutcomeRule,
    nomination: Nomination,
    entries: Iterable[Entry],
    *,
    by: User,
    reasons: Mapping[int, str] | None = None,
) -> list[Decision]:
    """Decide which entries of a nomination get the outcome, in place of any earlier decision.

    `reasons` says why, by the key of the entry, for each that departs from the proposal.
    """
    rule = held(rule, by)
    return decide(rule, nomination, entries, by=by, reasons=reasons, now=today(rule))


def held(rule: OutcomeRule, by: User) -> OutcomeRule:
    """The outcome, its row held, for somebody who may decide about it as long as nothing is released."""
    rule = OutcomeRule.objects.select_for_update().get(pk=rule.pk)
    check_may_run_results(by, rule)
    check_not_released(rule)
    return rule


def decide(
    rule: OutcomeRule,
    nomination: Nomination,
    entries: Iterable[Entry],
    *,
    by: User,
    now: Today,
    reasons: Mapping[int, str] | None = None,
) -> list[Decision]:
    """Write the decision about one nomination; `now` is what counts today."""
    standing = fresh_standing(rule, nomination, now)
    proposed = dict(standing.rows.values_list("entry_id", "proposed"))
    if Entry.objects.filter(barred(by), pk__in=proposed).exists():
        raise DomainError(
            _("A conflict of interest keeps you from deciding here. Another organiser must.")
        )
    chosen = {entry.pk: entry for entry in entries}
    if not chosen.keys() <= proposed.keys():
        raise DomainError(_("Choose among the entries of the standing."))
    if len(chosen) > rule.quota:
        raise DomainError(
            _("At most %(quota)s entries of a nomination get this outcome.") % {"quota": rule.quota}
        )
    why = {
        pk: (reasons or {}).get(pk, "").strip()
        for pk, expected in proposed.items()
        if (pk in chosen) != expected
    }
    if not all(why.values()):
        raise DomainError(_("Say why the decision departs from the proposal."), field="reason")
    rule.decisions.filter(entry__nomination=nomination).delete()
    moment = timezone.now()
    decisions = Decision.objects.bulk_create(
        Decision(
            rule=rule,
            entry=chosen[pk],
            standing=standing,
            reason=why.get(pk, ""),
            confirmed_by=by,
            confirmed_at=moment,
        )
        for pk in sorted(chosen)
    )
    record(
        "outcomes.confirmed",
        by=by,
        about=nomination,
        season=rule.season.slug,
        data={
            "outcome": rule.kind,
            "standing": standing.pk,
            "inputs_sha256": standing.inputs_sha256,
            "entries": sorted(entry.number for entry in chosen.values()),
            "departures": {str(pk): reason for pk, reason in sorted(why.items())},
        },
    )
    return decisions


def check_not_released(rule: OutcomeRule) -> None:
    """What somebody prepared, confirmed or published is no longer decided about."""
    release = rule.releases.exclude(state__in=ENDED).first()
    if release is None:
        return
    if release.state == ReleaseState.RELEASED:
        raise DomainError(_("These results are released; they can no longer be changed."))
    raise DomainError(_("The release is prepared. Cancel it first to change a decision."))


def fresh_standing(rule: OutcomeRule, nomination: Nomination, now: Today | None = None) -> Standing:
    """The latest standing, as long as no scorecard or entry has changed since."""
    standing = latest_standing(rule, nomination)
    if standing is None:
        raise DomainError(_("Compute the standing of this nomination first."))
    if not (now or today(rule)).is_fresh(standing, nomination):
        raise DomainError(
            _("Scorecards or entries have changed since the standing. Compute it again.")
        )
    return standing


@transaction.atomic
def confirm_proposals(
    rule: OutcomeRule, *, by: User
) -> tuple[list[Nomination], list[tuple[Nomination, str]]]:
    """Confirm the proposal of every nomination nobody decided; return those done and those refused.

    What was decided as proposed, on an older standing, is confirmed again where the latest proposes the
    same entries.
    """
    done: list[Nomination] = []
    refused: list[tuple[Nomination, str]] = []
    waiting: list[Nomination] = list(
        Nomination.objects.filter(season=rule.season_id, standings__rule=rule)
        .exclude(pk__in=rule.decisions.values("entry__nomination"))
        .distinct()
    )
    waiting += list(proposed_again(rule))
    if not waiting:
        return done, refused
    rule = held(rule, by)
    now = today(rule)
    for nomination in waiting:
        standing = latest_standing(rule, nomination)
        entries = Entry.objects.filter(
            standing_rows__standing=standing, standing_rows__proposed=True
        )
        if not entries:
            continue
        try:
            decide(rule, nomination, entries, by=by, now=now)
        except DomainError as error:
            refused.append((nomination, str(error)))
        else:
            done.append(nomination)
    return done, refused


def proposed_again(rule: OutcomeRule) -> QuerySet[Nomination]:
    """Nominations decided on an older standing, whose latest one proposes exactly the entries chosen."""
    chosen: dict[int, set[int]] = defaultdict(set)
    used: dict[int, set[int]] = defaultdict(set)
    rows = rule.decisions.values_list("entry__nomination", "entry", "standing")
    for nomination, entry, standing in rows:
        chosen[nomination].add(entry)
        used[nomination].add(standing)
    standings = rule.standings.filter(nomination__in=chosen).order_by("computed_at", "pk")
    latest = dict(standings.values_list("nomination", "pk"))
    proposed: dict[int, set[int]] = defaultdict(set)
    names = StandingRow.objects.filter(standing__in=latest.values(), proposed=True)
    for nomination, entry in names.values_list("standing__nomination", "entry"):
        proposed[nomination].add(entry)
    again = [pk for pk in chosen if used[pk] != {latest[pk]} and chosen[pk] == proposed[pk]]
    return Nomination.objects.filter(pk__in=again).order_by("number")
