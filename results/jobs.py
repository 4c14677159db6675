"""What runs in the background: releases at their moment, and word of feedback."""

from outbox.jobs import job
from outbox.models import Job
from outbox.registry import reminder
from results.models import Firmness, StandingRun
from results.services import (
    create_feedback,
    fix_open_rules,
    make_feedback,
    open_feedback,
    perform_firmness,
    perform_overdue,
    perform_release,
    perform_run,
)
from results.services.comments import collect_comments, collect_waiting
from results.services.telling import announce_feedback
from seasons.models import Season, Stage


@job("release-results")
def release_results(job: Job) -> None:
    """Publish a confirmed release."""
    perform_release(job.args["release"])


@job("announce-feedback")
def tell_about_feedback(job: Job) -> None:
    """Tell nominees that the jury's feedback can be read."""
    announce_feedback(Stage.objects.get(pk=job.args["stage"]))


@job("make-feedback")
def make_feedback_of_release(job: Job) -> None:
    """Make the feedback that follows the last release; a second run finds it made."""
    make_feedback(job.args["release"])


@job("early-feedback")
def make_early_feedback(job: Job) -> None:
    """Make the feedback of entries that no outcome still waits for; a second run finds it made."""
    stage = Stage.objects.filter(pk=job.args["stage"]).select_related("season").first()
    if stage is not None:
        create_feedback(stage.season, early=True)


@job("collect-comments")
def bring_comments_up(job: Job) -> None:
    """Bring comments of the jury up for review; a second run finds them there."""
    season = Season.objects.filter(pk=job.args["season"]).first()
    if season is not None:
        collect_comments(season)


@job("compute-standings")
def compute_standings(job: Job) -> None:
    """Compute the standings somebody asked for; a second run finds them done."""
    run = StandingRun.objects.select_related("rule", "nomination", "asked_by")
    found = run.filter(pk=job.args["run"]).first()
    if found is not None:
        perform_run(found)


@job("count-again")
def count_standing_again(job: Job) -> None:
    """Count how firm a standing is; a second run finds it done."""
    rows = Firmness.objects.select_related(
        "standing__rule__season", "standing__nomination", "standing__basis", "standing__lock"
    )
    found = rows.select_related("asked_by").filter(pk=job.args["firmness"]).first()
    if found is not None:
        perform_firmness(found)


# Rules are fixed when judging begins, whether or not somebody thought of it.
reminder(fix_open_rules)
# The clock of beat looks after these, so that a moved stage or a lost job delays nothing for long.
reminder(perform_overdue)
reminder(open_feedback)
reminder(collect_waiting)
