"""A public jury takes entries by itself; organisers strike a ballot, with a reason."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.barriers import doubtful_entries
from judging.models import (
    Assignment,
    AssignmentStatus,
    Handout,
    Judge,
    JuryKind,
    Round,
    Scorecard,
    ScorecardStatus,
)
from judging.permissions import check_may_organise, has_agreed
from judging.services.mails import link, round_values
from judging.services.scorecards import check_clock
from nominations.barriers import barred
from nominations.models import Entry
from outbox.services import post


def seat_in(round_: Round, user: User) -> Judge | None:
    """The person's seat on a public jury of the round that takes entries by itself."""
    seats = Judge.objects.active().filter(
        user=user, jury__rounds=round_, jury__kind=JuryKind.PUBLIC
    )
    return (
        seats.exclude(jury__handout=Handout.ASSIGNED)
        .select_related("jury__season", "user")
        .order_by("pk")
        .first()
    )


def to_take(round_: Round, judge: Judge) -> QuerySet[Entry]:
    """Entries the judge may take: of the round, never across a conflict, not taken before."""
    taken = Assignment.objects.filter(round=round_, judge=judge).values("entry")
    return round_.entries().exclude(barred(judge.user)).exclude(pk__in=taken)


def left_today(judge: Judge, round_: Round) -> int | None:
    """How many entries the judge may still take in these 24 hours; None means no limit."""
    if judge.jury.daily_limit is None:
        return None
    day = timezone.now() - timedelta(days=1)
    taken = Assignment.objects.filter(judge=judge, round=round_, assigned_at__gt=day).count()
    return max(judge.jury.daily_limit - taken, 0)


def started(round_: Round, judge: Judge) -> Assignment | None:
    """An entry that the judge took and has not submitted."""
    rows = Assignment.objects.visible_to(judge.user).filter(
        round=round_, judge=judge, entry__in=round_.entries().values("pk")
    )
    return rows.exclude(scorecard__status=ScorecardStatus.SUBMITTED).order_by("pk").first()


@transaction.atomic
def take_entry(round_: Round, *, by: User, number: str = "") -> Assignment:
    """Give the member the entry with the fewest scorecards, or the one named where all are open."""
    seat = seat_in(round_, by)
    if seat is None:
        raise DomainError(_("You do not take entries by yourself in this round."))
    judge = (
        Judge.objects.select_for_update(of=("self",))
        .select_related("jury__season", "user")
        .get(pk=seat.pk)
    )
    if judge.removed_at is not None or not judge.available:
        raise DomainError(_("You do not take entries by yourself in this round."))
    if not has_agreed(by, judge.jury.season):
        raise DomainError(_("Accept the confidentiality agreement first."))
    # Not stored yet: the clock of a regular assignment is the round's.
    check_clock(Assignment(round=round_, judge=judge))
    choosing = judge.jury.handout == Handout.ALL and number
    if choosing:
        mine = Assignment.objects.visible_to(by).filter(
            round=round_, judge=judge, entry__number=number
        )
        if held := mine.first():
            return held
    elif held := started(round_, judge):
        return held
    if left_today(judge, round_) == 0:
        raise DomainError(
            ngettext(
                "You may take %(count)d entry a day. Come back tomorrow, please.",
                "You may take %(count)d entries a day. Come back tomorrow, please.",
                judge.jury.daily_limit or 0,
            )
            % {"count": judge.jury.daily_limit}
        )
    entry = (
        to_take(round_, judge).filter(number=number).first() if choosing else fewest(round_, judge)
    )
    if entry is None:
        raise DomainError(_("There is no entry left for you in this round. Thank you!"))
    assignment = Assignment.objects.create(round=round_, judge=judge, entry=entry, assigned_by=by)
    record(
        "assignment.taken",
        by=by,
        about=assignment,
        season=judge.jury.season.slug,
        data={"round": round_.slug, "judge": judge.pk, "entry": entry.number},
    )
    return assignment


def fewest(round_: Round, judge: Judge) -> Entry | None:
    """One of the entries that the jury has judged least; a soft interest only when none else is left."""
    by_this_jury = Q(
        assignments__round=round_,
        assignments__judge__jury=judge.jury_id,
        assignments__status=AssignmentStatus.ACTIVE,
        assignments__judge__removed_at=None,
    )
    rows = list(
        to_take(round_, judge)
        .order_by()
        .annotate(judged=Count("assignments", filter=by_this_jury, distinct=True))
        .values_list("judged", "pk")
    )
    if not rows:
        return None
    doubtful = doubtful_entries([judge.user], [Entry(pk=pk) for _judged, pk in rows])
    clear = [row for row in rows if row[1] not in doubtful[judge.user_id]] or rows
    least = min(judged for judged, _pk in clear)
    chosen = secrets.choice([pk for judged, pk in clear if judged == least])
    return Entry.objects.get(pk=chosen)


@transaction.atomic
def strike_ballot(scorecard: Scorecard, *, by: User, reason: str) -> Assignment:
    """Take a submitted ballot of a public jury out of the count; it stays on record, in the ledger."""
    if not reason.strip():
        raise DomainError(_("Say why the ballot is struck."), field="reason")
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=scorecard.assignment_id)
    season = assignment.round.season
    check_may_organise(by, season, assignment.entry)
    if assignment.judge.jury.kind != JuryKind.PUBLIC:
        raise DomainError(_("Only ballots of a public jury are struck; withdraw the assignment."))
    if assignment.judge.user_id == by.pk:
        raise DomainError(_("Nobody strikes a ballot of their own."))
    if assignment.status == AssignmentStatus.STRUCK:
        return assignment
    if not Scorecard.objects.filter(pk=scorecard.pk, status=ScorecardStatus.SUBMITTED).exists():
        raise DomainError(_("This ballot is not submitted."))
    assignment.become(AssignmentStatus.STRUCK)
    assignment.reason = reason.strip()
    assignment.save(update_fields=["status", "reason"])
    latest = scorecard.leaves.order_by("-pk").first()
    record(
        "ballot.struck",
        by=by,
        about=assignment,
        season=season.slug,
        data={"reason": assignment.reason, "leaf": latest.sha256 if latest else ""},
    )
    to = assignment.judge.user
    post(
        "ballot-struck",
        effect_key=f"ballot-struck:{assignment.pk}",
        to=to,
        context={
            **round_values(assignment.round, to),
            "number": assignment.entry.number,
            "reason": assignment.reason,
            "contact": season.contact_email,
            "url": link("/judging/"),
        },
        about=f"judging.assignment:{assignment.pk}",
    )
    return assignment
