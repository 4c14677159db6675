"""What runs in the background: sealing rounds that are over, distributions a page cannot wait for."""

from judging.models import Proposal
from judging.services import work_out
from judging.services.ledger import seal_closed_rounds
from outbox.jobs import job
from outbox.models import Job
from outbox.registry import reminder

# The clock of beat looks after it: late or twice does not matter.
reminder(seal_closed_rounds)


@job("work-out-distribution")
def work_out_distribution(job: Job) -> None:
    """Work out one proposal; a second run finds it done."""
    rows = Proposal.objects.select_related("round__season", "round__stage", "made_by")
    proposal = rows.filter(pk=job.args["proposal"]).first()
    if proposal is not None:
        work_out(proposal)
