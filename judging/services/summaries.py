"""A chair or an organiser writes for the public what a consensus meeting came to."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import ConflictError, DomainError
from judging.models import Meeting, MeetingSummary
from judging.seats import Seat
from judging.services.together import held_seat

LONGEST = 2000


def may_summarise(seat: Seat) -> bool:
    """A chair or an organiser who has nothing left to score here."""
    return (seat.chairs or seat.organises) and seat.is_free


@transaction.atomic
def write_summary(
    meeting: Meeting, *, by: User, text: str, base_version: int
) -> MeetingSummary | None:
    """Keep the summary of a closed meeting; an empty text is not published."""
    seat = held_seat(meeting.round, meeting.entry, by)
    if not may_summarise(seat):
        raise DomainError(_("Only a chair or an organiser writes this summary."))
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.closed_at is None:
        raise DomainError(_("Close the meeting first."))
    text = text.strip()
    if len(text) > LONGEST:
        raise DomainError(
            _("At most %(most)s characters, please.") % {"most": LONGEST}, field="text"
        )
    row = MeetingSummary.objects.filter(meeting=held).first()
    if text == (row.text if row else ""):
        return row
    if base_version != (row.version if row else 0):
        raise ConflictError(_("The summary was changed in another window. Load the page again."))
    row = row or MeetingSummary(meeting=held, version=0)
    row.text, row.version = text, row.version + 1
    row.written_by, row.written_at = by, timezone.now()
    row.save()
    record(
        "meeting.summarised",
        by=by,
        about=held,
        season=seat.round.season.slug,
        data={"round": seat.round.slug, "entry": seat.entry.number},
    )
    return row
