"""The day of the defence: who scores whom, the clock of each presentation, and its end."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.models import (
    Assignment,
    Closure,
    DefencePhase,
    DefenceSlot,
    Judge,
    Round,
    ScorecardStatus,
)
from judging.paper import waiting_for
from judging.permissions import can_close, can_keep_time, check_may_organise
from judging.services.assigning import check_round_takes, locked_round, tell_judge
from nominations.barriers import barred
from nominations.models import Entry


@transaction.atomic
def assign_everybody(round: Round, *, by: User) -> int:  # noqa: A002
    """Give every entry of the round to every judge of its juries, except across a conflict."""
    held = locked_round(round)
    check_may_organise(by, held.season)
    check_round_takes(held)
    entries = Entry.objects.organised_by(by).filter(pk__in=held.entries().values("pk"))
    wanted = set(entries.values_list("pk", flat=True))
    judges = Judge.objects.active().filter(jury__rounds=held, available=True)
    known = set(Assignment.objects.filter(round=held).values_list("judge__user", "entry"))
    made: list[Assignment] = []
    for judge in judges.select_for_update().select_related("user").order_by("pk"):
        closed = Entry.objects.filter(barred(judge.user), pk__in=wanted)
        free = wanted - set(closed.values_list("pk", flat=True))
        mine = sorted(pk for pk in free if (judge.user_id, pk) not in known)
        known |= {(judge.user_id, pk) for pk in mine}
        made += [Assignment(round=held, judge=judge, entry_id=pk, assigned_by=by) for pk in mine]
        if mine:
            tell_judge(held, judge, batch=f"everybody:{timezone.now():%Y-%m-%d}")
    Assignment.objects.bulk_create(made)
    if made:
        record(
            "assignments.everybody",
            by=by,
            about=held,
            season=held.season.slug,
            data={"round": held.slug, "assignments": len(made)},
        )
    return len(made)


def locked_slot(slot: DefenceSlot) -> DefenceSlot:
    """Take the slot for this transaction, with its round and entry."""
    rows = DefenceSlot.objects.select_for_update(of=("self",))
    return rows.select_related("round__season", "round__stage", "entry").get(pk=slot.pk)


def start(slot: DefenceSlot) -> None:
    """Begin the presentation; in a room of the round one entry presents at a time."""
    others = DefenceSlot.objects.filter(
        round=slot.round_id,
        place=slot.place,
        phase__in=[DefencePhase.PRESENTING, DefencePhase.QUESTIONS],
    )
    if others.exclude(pk=slot.pk).exists():
        raise DomainError(_("Another defence is still going on. End it first."))
    slot.become(DefencePhase.PRESENTING)
    slot.began_at = slot.running_since = timezone.now()
    slot.used_seconds = 0


def pause(slot: DefenceSlot) -> None:
    """Stop the clock for a while."""
    if not slot.is_live or slot.running_since is None:
        raise DomainError(_("The clock does not run."))
    slot.used_seconds = slot.seconds_used()
    slot.running_since = None


def resume(slot: DefenceSlot) -> None:
    """Let the clock run again."""
    if not slot.is_live or slot.running_since is not None:
        raise DomainError(_("The clock is not paused."))
    slot.running_since = timezone.now()


def questions(slot: DefenceSlot) -> None:
    """End the presentation and begin the questions."""
    slot.become(DefencePhase.QUESTIONS)
    slot.questions_at = slot.running_since = timezone.now()
    slot.used_seconds = 0


def end(slot: DefenceSlot) -> None:
    """End the defence."""
    slot.used_seconds = slot.seconds_used()
    slot.become(DefencePhase.ENDED)
    slot.running_since = None
    slot.ended_at = timezone.now()


TIMER_VERBS: dict[str, Callable[[DefenceSlot], None]] = {
    "start": start,
    "pause": pause,
    "resume": resume,
    "questions": questions,
    "end": end,
}


@transaction.atomic
def turn_clock(slot: DefenceSlot, verb: str, *, by: User) -> DefenceSlot:
    """Do one thing with the clock of a defence; the log keeps when it really was and who did it."""
    Round.objects.select_for_update().get(pk=slot.round_id)
    slot = locked_slot(slot)
    if not can_keep_time(by, slot.round, slot.entry):
        raise DomainError(_("Only the chair and the secretaries run the clock."))
    if not slot.round.stage.is_open():
        raise DomainError(_("The round is not open now."))
    if verb not in TIMER_VERBS:
        raise DomainError(_("The defence cannot go on that way from where it is."))
    TIMER_VERBS[verb](slot)
    slot.save()
    record(
        f"defence.{verb}",
        by=by,
        about=slot,
        season=slot.round.season.slug,
        data={"entry": slot.entry.number, "phase": slot.phase, "seconds": slot.used_seconds},
    )
    return slot


def missing_cards(round_: Round, entry: Entry | None = None) -> list[Assignment]:
    """Assignments of entries in competition whose scorecard is not submitted."""
    rows = Assignment.objects.active().filter(round=round_, entry__in=round_.entries())
    if entry is not None:
        rows = rows.filter(entry=entry)
    rows = rows.exclude(scorecard__status=ScorecardStatus.SUBMITTED)
    rows = rows.annotate(paper_waits=Exists(waiting_for(OuterRef("pk"))))
    return list(
        rows.select_related("judge__user", "entry__organisation", "round").order_by(
            "entry__number", "pk"
        )
    )


def check_counts(round_: Round) -> None:
    """Refuse what would change nothing: outside of its dates a round takes no marks anyway."""
    if not round_.stage.is_open():
        raise DomainError(_("The round is not open now: nobody gives marks in it anyway."))


@transaction.atomic
def close_scoring(
    round: Round,  # noqa: A002
    entry: Entry | None,
    *,
    by: User,
    knowing: int,
) -> Closure:
    """End the scoring of one entry or of the round; `knowing` is how many were named as missing."""
    held = locked_round(round)
    if not can_close(by, held, entry):
        raise DomainError(_("Only the chair of the jury closes the scoring."))
    if not held.has_defence:
        raise DomainError(_("This round has no defence."))
    check_counts(held)
    standing = Closure.objects.filter(round=held, entry=entry, reopened_at=None).first()
    if standing is not None:
        return standing
    live = DefenceSlot.objects.filter(
        round=held, phase__in=[DefencePhase.PRESENTING, DefencePhase.QUESTIONS]
    )
    if (live if entry is None else live.filter(entry=entry)).exists():
        raise DomainError(_("The defence is still going on. End it first."))
    # Whoever submits now waits for this lock, or is waited for.
    rows = Assignment.objects.filter(round=held)
    list((rows if entry is None else rows.filter(entry=entry)).select_for_update())
    missing = missing_cards(held, entry)
    if len(missing) > knowing:
        raise DomainError(_("Scorecards are missing. See which below, and confirm."))
    closure = Closure.objects.create(round=held, entry=entry, missing=len(missing), closed_by=by)
    record(
        "scoring.closed",
        by=by,
        about=entry or held,
        season=held.season.slug,
        data={
            "round": held.slug,
            "entry": entry.number if entry else "",
            "missing": sorted(row.pk for row in missing),
        },
    )
    return closure


@transaction.atomic
def reopen_scoring(closure: Closure, *, by: User, reason: str) -> Closure:
    """Take marks again; the reason stays in the log."""
    held = locked_round(closure.round)
    closure = Closure.objects.select_for_update().get(pk=closure.pk)
    if not can_close(by, held, closure.entry):
        raise DomainError(_("Only the chair of the jury opens the scoring again."))
    if not reason.strip():
        raise DomainError(_("Say why the scoring is opened again."), field="reason")
    if closure.reopened_at is not None:
        return closure
    check_counts(held)
    closure.reopened_at, closure.reopened_by = timezone.now(), by
    closure.reason = reason.strip()
    closure.save()
    record(
        "scoring.reopened",
        by=by,
        about=closure.entry or held,
        season=held.season.slug,
        data={"round": held.slug, "reason": closure.reason},
    )
    return closure
