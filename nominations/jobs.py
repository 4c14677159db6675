"""What runs in the background: the pages of essay files, and the end of uploads that were left."""

from nominations.services.pages import make_pages
from nominations.services.uploads import remove_old_uploads
from outbox.jobs import job
from outbox.models import Job
from outbox.registry import reminder


@job("make-pages")
def make(job: Job) -> None:
    """Make the pages of one essay file; the job keeps what went wrong and is tried again."""
    make_pages(job.args["attachment"])


# The clock of beat looks after uploads; there is nothing to do unless somebody left a file half-way.
reminder(remove_old_uploads)
