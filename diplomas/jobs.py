"""The making of diploma files."""

from diplomas.services import make_diploma
from outbox.jobs import job
from outbox.models import Job


@job("make-diploma")
def make(job: Job) -> None:
    """Make one diploma's file; the job keeps what went wrong and is tried again."""
    make_diploma(job.args["diploma"])
