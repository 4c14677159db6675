"""Computations that a person asks for; a large one goes on in the background and says how far it is."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from judging.models import Scorecard, ScorecardStatus
from nominations.models import Nomination
from outbox.jobs import enqueue
from results.models import OutcomeRule, RunState, StandingRun
from results.permissions import can_run_results
from results.services.ranking import freeze_pools

# Above so many scorecards the work is done in the background.
MOST_AT_ONCE = 3000


@transaction.atomic
def ask_standings(
    rule: OutcomeRule, *, by: User, nomination: Nomination | None = None
) -> StandingRun:
    """Ask for the standings of a nomination, or of the whole season."""
    if not can_run_results(by, rule):
        raise DomainError(_("Only organisers of the season may do this."))
    run = StandingRun.objects.create(rule=rule, nomination=nomination, asked_by=by)
    cards = Scorecard.objects.filter(
        assignment__round__in=rule.rounds.all(), status=ScorecardStatus.SUBMITTED
    )
    if cards.count() <= MOST_AT_ONCE:
        return perform_run(run)
    enqueue(
        "compute-standings",
        effect_key=f"compute-standings:{run.pk}",
        args={"run": run.pk},
        about=f"results.outcomerule:{rule.pk}",
        by=by,
    )
    return run


def perform_run(run: StandingRun) -> StandingRun:
    """Compute what was asked for; a run that is done stays as it is."""
    if run.state != RunState.WAITING:
        return run
    wanted = None if run.nomination is None else [run.nomination]

    def show(percent: int) -> None:
        StandingRun.objects.filter(pk=run.pk).update(progress=percent)

    try:
        made, refused = freeze_pools(run.rule, wanted, by=run.asked_by, progress=show)
    except DomainError as error:
        run.state, run.refused = RunState.FAILED, [[None, str(error)]]
    else:
        run.state, run.computed = RunState.DONE, len(made)
        run.refused = [[nomination.number, why] for nomination, why in refused]
    run.progress = 100
    run.save(update_fields=["state", "computed", "refused", "progress"])
    return run


def latest_run(rule: OutcomeRule, nomination: Nomination | None = None) -> StandingRun | None:
    """The last computation somebody asked for: of the season, or one that a nomination is part of."""
    about = Q(nomination=None)
    if nomination is not None:
        about |= Q(nomination=nomination)
    return rule.runs.filter(about).select_related("asked_by").first()
