"""What runs in the background: archives of personal data, and their end."""

from accounts.models import DataExport
from accounts.services.exports import make_export, purge_exports
from outbox.jobs import job
from outbox.models import Job
from outbox.registry import reminder


@job("personal-export")
def export_personal_data(job: Job) -> None:
    """Make one archive; one that was deleted meanwhile is not missed."""
    export = DataExport.objects.select_related("user").filter(pk=job.args["export"]).first()
    if export is not None:
        make_export(export, job)


# Nobody is reminded: beat looks every minute for archives whose week is over.
reminder(purge_exports)
