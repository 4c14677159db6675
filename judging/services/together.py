"""The jury together: discussion, consensus meetings, and the chair's reminders."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import label, record
from common.errors import ConflictError, DomainError
from judging.models import Judge, Meeting, Remark, Round
from judging.models.remarks import LONGEST
from judging.permissions import is_chair
from judging.reminders import mail_values, open_work
from judging.seats import Seat, seat_of
from nominations.models import Entry
from outbox.models import Message
from outbox.services import post


def held_seat(round_: Round, entry: Entry, by: User) -> Seat:
    """The person's place now; whoever declares a conflict of theirs meanwhile waits, or is waited for."""
    list(Judge.objects.select_for_update(of=("self",)).filter(user=by).order_by("pk"))
    fresh = Round.objects.select_related("stage", "season").get(pk=round_.pk)
    seat = seat_of(by, fresh, Entry.objects.get(pk=entry.pk))
    if seat is None:
        raise DomainError(_("This entry is not open to you."))
    return seat


@transaction.atomic
def add_remark(round_: Round, entry: Entry, *, by: User, text: str, key: UUID) -> Remark:
    """Add a remark to the discussion; a repeated key returns the first one."""
    seat = held_seat(round_, entry, by)
    if earlier := Remark.objects.filter(key=key, author=by, round=round_, entry=entry).first():
        return earlier
    if not seat.may_say:
        raise DomainError(_("The discussion of this entry is closed, or not open to you yet."))
    text = text.strip()
    if not text:
        raise DomainError(_("Write something first."), field="text")
    if len(text) > LONGEST:
        raise DomainError(
            _("At most %(most)s characters, please.") % {"most": LONGEST}, field="text"
        )
    remark = Remark.objects.create(
        round=seat.round, entry=entry, author=by, text=text, said_at=timezone.now(), key=key
    )
    record(
        "remark.said",
        by=by,
        about=remark,
        season=seat.round.season.slug,
        data={"round": seat.round.slug, "entry": entry.number},
    )
    return remark


@transaction.atomic
def open_meeting(round_: Round, entry: Entry, *, by: User, agenda: str = "") -> Meeting:
    """The chair calls the judges of an entry together; one that is open is returned."""
    seat = held_seat(round_, entry, by)
    if not seat.leads:
        raise DomainError(_("Only a chair who has nothing left to score here opens a meeting."))
    Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    running = Meeting.objects.open().filter(round=round_, entry=entry).first()
    if running is not None:
        return running
    meeting = Meeting.objects.create(
        round=seat.round,
        entry=entry,
        agenda=agenda.strip(),
        opened_by=by,
        opened_at=timezone.now(),
    )
    log("meeting.opened", meeting, seat, by)
    return meeting


def log(verb: str, meeting: Meeting, seat: Seat, by: User) -> None:
    """Write an act about a meeting into the season's chain."""
    record(
        verb,
        by=by,
        about=meeting,
        season=seat.round.season.slug,
        data={"round": seat.round.slug, "entry": seat.entry.number},
    )


def held_meeting(meeting: Meeting, by: User) -> tuple[Meeting, Seat]:
    """Hold an open meeting for its chair."""
    seat = held_seat(meeting.round, meeting.entry, by)
    if not seat.leads:
        raise DomainError(_("Only a chair who has nothing left to score here leads a meeting."))
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.closed_at is not None:
        raise DomainError(_("This meeting is closed; its minutes stay as they are."))
    return held, seat


@transaction.atomic
def save_minutes(
    meeting: Meeting, *, by: User, agenda: str, notes: str, base_version: int
) -> Meeting:
    """Keep agenda and minutes while the meeting is open."""
    held, _seat = held_meeting(meeting, by)
    agenda, notes = agenda.strip(), notes.strip()
    if (held.agenda, held.notes) == (agenda, notes):
        return held
    if base_version != held.version:
        raise ConflictError(_("The minutes were changed in another window. Load the page again."))
    held.agenda, held.notes, held.version = agenda, notes, held.version + 1
    held.save(update_fields=["agenda", "notes", "version"])
    return held


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User, decision: str) -> Meeting:
    """End the meeting with what it decided; no mark changes in it from now on."""
    held, seat = held_meeting(meeting, by)
    if not decision.strip():
        raise DomainError(_("Say what the meeting decided."), field="decision")
    held.decision = decision.strip()
    held.closed_by, held.closed_at = by, timezone.now()
    held.save(update_fields=["decision", "closed_by", "closed_at"])
    log("meeting.closed", held, seat, by)
    return held


@transaction.atomic
def remind_judge(round_: Round, judge: Judge, *, by: User) -> bool:
    """The chair reminds a judge who has still to score; once a day. Whether a mail was written."""
    now = timezone.now()
    round_ = Round.objects.select_related("stage", "season").get(pk=round_.pk)
    if not is_chair(by, round_):
        raise DomainError(_("Only a chair of the round reminds its judges."))
    if not round_.stage.is_open():
        raise DomainError(_("The round is not open."))
    waiting = open_work(judge.user, round_)
    if not waiting:
        raise DomainError(_("This judge has nothing left to score."))
    day = now.astimezone(round_.season.zone)
    key = f"chair-reminder:{round_.pk}:{judge.user_id}:{day:%Y%m%d}"
    if Message.objects.filter(effect_key=key).exists():
        return False
    user = judge.user
    values = mail_values(user, round_, len(waiting), round_.stage.closes_for(), user.language)
    post("judge-reminder", effect_key=key, to=user, context=values, about=label(round_))
    record(
        "judge.reminded",
        by=by,
        about=judge,
        season=round_.season.slug,
        data={"round": round_.slug},
    )
    return True
