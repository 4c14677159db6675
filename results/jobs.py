"""What runs in the background: releases at their moment, and word of feedback."""

from outbox.jobs import job
from outbox.models import Job
from outbox.registry import reminder
from results.services import open_feedback, perform_overdue, perform_release
from results.services.feedback import announce_feedback
from seasons.models import Stage


@job("release-results")
def release_results(job: Job) -> None:
    """Publish a confirmed release."""
    perform_release(job.args["release"])


@job("announce-feedback")
def tell_about_feedback(job: Job) -> None:
    """Tell nominees that the jury's feedback can be read."""
    announce_feedback(Stage.objects.get(pk=job.args["stage"]))


# The clock of beat looks after both, so that a moved stage or a lost job delays nothing for long.
reminder(perform_overdue)
reminder(open_feedback)
