"""Planning site visits: when, where, who goes; what the applicant says to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.moments import in_both_zones
from judging.models import (
    Advancement,
    Assignment,
    Judge,
    Round,
    Scorecard,
    ScorecardStatus,
    SiteVisit,
    VisitMember,
    VisitStatus,
)
from judging.permissions import check_may_organise
from judging.services.assigning import assign, withdraw_assignment
from judging.services.defence import advance
from judging.services.visit_mails import (
    tell_applicant,
    tell_cancelled,
    tell_leaving,
    tell_organisers,
    tell_team,
)
from nominations.models import Entry
from nominations.permissions import can_submit


def locked(visit: SiteVisit) -> SiteVisit:
    """Hold the visit for this transaction, with what is asked about it."""
    rows = SiteVisit.objects.select_for_update(of=("self",)).select_related(
        "round__season", "round__stage", "entry__nomination__season", "entry__organisation"
    )
    return rows.get(pk=visit.pk)


def log(verb: str, visit: SiteVisit, by: User | None, **data: Any) -> None:
    """Write an act about a visit into the chain of its season."""
    record(
        verb,
        by=by,
        about=visit,
        season=visit.round.season.slug,
        data={"entry": visit.entry.number, "round": visit.round.slug, **data},
    )


def check_visit(
    round_: Round,
    entry: Entry,
    *,
    starts_at: datetime,
    ends_at: datetime,
    visit: SiteVisit | None = None,
) -> None:
    """Refuse a visit outside the round's entries or stage, or a second one to the same entry."""
    if not round_.has_visits:
        raise DomainError(
            _("This round does not visit its entries; see “entries judged” of the round."),
            field="round",
        )
    if round_.hides_applicant:
        raise DomainError(
            _("Whoever visits an applicant knows it: let the jury of the round see everything."),
            field="round",
        )
    taken = Entry.objects.filter(round_.takes(), nomination__season=round_.season_id).admitted()
    if not taken.filter(pk=entry.pk).exists():
        raise DomainError(_("The round does not judge this entry."), field="entry")
    if ends_at <= starts_at:
        raise DomainError(_("A visit ends after it starts."), field="ends_at")
    stage = round_.stage
    if not stage.opens_at <= starts_at or ends_at > stage.closes_for():
        zone = round_.season.time_zone
        raise DomainError(
            _("The visit must lie within its stage, from %(opens)s to %(closes)s.")
            % {
                "opens": in_both_zones(stage.opens_at, zone),
                "closes": in_both_zones(stage.closes_for(), zone, until=True),
            },
            field="starts_at",
        )
    others = SiteVisit.objects.filter(round=round_, entry=entry)
    others = others.exclude(status=VisitStatus.CANCELLED).exclude(pk=visit.pk if visit else 0)
    if others.exists():
        raise DomainError(_("A visit to this entry is planned already."), field="entry")


@transaction.atomic
def plan_visit(
    round: Round,  # noqa: A002
    entry: Entry,
    *,
    by: User,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    note: str = "",
) -> SiteVisit:
    """Plan a visit: the entry goes on into the round, its people are told when and where."""
    rounds = Round.objects.select_for_update(of=("self",)).select_related("season", "stage")
    held = rounds.get(pk=round.pk)
    check_may_organise(by, held.season, entry)
    check_visit(held, entry, starts_at=starts_at, ends_at=ends_at)
    visit = SiteVisit.objects.create(
        round=held, entry=entry, starts_at=starts_at, ends_at=ends_at, place=place, note=note
    )
    advance(held, [entry], by=by)
    log("visit.planned", visit, by, starts_at=starts_at, ends_at=ends_at, place=place)
    tell_applicant(visit)
    return visit


@transaction.atomic
def move_visit(
    visit: SiteVisit,
    *,
    by: User,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    note: str = "",
) -> SiteVisit:
    """Give it another time or place; the applicant confirms anew, and everybody is told."""
    visit = locked(visit)
    check_may_organise(by, visit.round.season, visit.entry)
    check_running(visit)
    before = (visit.starts_at, visit.ends_at, visit.place)
    if (starts_at, ends_at) != before[:2]:
        check_visit(visit.round, visit.entry, starts_at=starts_at, ends_at=ends_at, visit=visit)
    moved = (starts_at, ends_at, place) != before
    if not moved and note == visit.note:
        return visit
    visit.starts_at, visit.ends_at, visit.place, visit.note = starts_at, ends_at, place, note
    if moved:
        if visit.status == VisitStatus.CONFIRMED:
            visit.become(VisitStatus.PLANNED)
        visit.confirmed_at = visit.confirmed_by = visit.move_asked_at = None
        visit.move_reason = ""
    visit.save()
    log("visit.moved", visit, by, starts_at=starts_at, ends_at=ends_at, place=place)
    tell_applicant(visit)
    tell_team(visit)
    return visit


def check_running(visit: SiteVisit) -> None:
    """Refuse to change what is over."""
    if visit.is_over:
        raise DomainError(_("This visit is over; nothing of it can change."))


@transaction.atomic
def set_team(visit: SiteVisit, judges: Iterable[Judge], *, leader: Judge | None, by: User) -> None:
    """Say who goes and who leads; each gets the entry to score, a conflict of interest refuses."""
    visit = locked(visit)
    check_may_organise(by, visit.round.season, visit.entry)
    check_running(visit)
    wanted = {judge.pk: judge for judge in judges}
    if wanted and (leader is None or leader.pk not in wanted):
        raise DomainError(_("Say who of the team leads it."), field="leader")
    rows = {one.judge_id: one for one in visit.members.select_related("judge__user")}
    gone = [one for pk, one in rows.items() if pk not in wanted]
    if wanted.keys() == rows.keys() and all(
        one.leads == (leader is not None and pk == leader.pk) for pk, one in rows.items()
    ):
        return
    for judge in wanted.values():
        # Asked of those who were in the team before, too: a conflict may have come since.
        assign(visit.round, judge, visit.entry, by=by)
    visit.members.update(leads=False)
    for pk, judge in wanted.items():
        VisitMember.objects.update_or_create(
            visit=visit, judge=judge, defaults={"leads": leader is not None and pk == leader.pk}
        )
    for one in gone:
        leave(visit, one, by)
    log(
        "visit.team",
        visit,
        by,
        judges=sorted(wanted),
        leader=leader.pk if leader is not None else None,
    )
    tell_applicant(visit)
    tell_team(visit)


def leave(visit: SiteVisit, member: VisitMember, by: User) -> None:
    """Take a judge out of the team, and the entry back unless it is scored."""
    own = Assignment.objects.filter(round=visit.round, entry=visit.entry, judge=member.judge_id)
    for one in unscored(own.active()):
        withdraw_assignment(one, by=by, reason=_("No longer in the team of the visit."))
        tell_leaving(visit, member, stamp=timezone.now().isoformat())
    visit.members.filter(pk=member.pk).delete()


def unscored(rows: Any) -> Any:
    """Assignments without a submitted scorecard."""
    done = Scorecard.objects.filter(status=ScorecardStatus.SUBMITTED)
    return rows.exclude(pk__in=done.values("assignment"))


@transaction.atomic
def cancel_visit(visit: SiteVisit, *, by: User, reason: str) -> SiteVisit:
    """Call it off: the entry leaves the round unless somebody has scored it there."""
    if not reason.strip():
        raise DomainError(_("Say why the visit is cancelled."), field="reason")
    visit = locked(visit)
    check_may_organise(by, visit.round.season, visit.entry)
    end(visit, by=by, reason=reason.strip())
    given = Assignment.objects.filter(round=visit.round, entry=visit.entry)
    for one in unscored(given.active()):
        withdraw_assignment(one, by=by, reason=_("The visit is cancelled."))
    if not given.filter(scorecard__status=ScorecardStatus.SUBMITTED).exists():
        Advancement.objects.filter(round=visit.round, entry=visit.entry).delete()
    return visit


def end(visit: SiteVisit, *, by: User | None, reason: str, withdrawn: bool = False) -> None:
    """Cancel it and tell whoever knew of it."""
    team = list(visit.members.select_related("judge__user"))
    visit.become(VisitStatus.CANCELLED)
    visit.cancel_reason = reason
    visit.save(update_fields=["status", "cancel_reason"])
    log("visit.cancelled", visit, by, reason=reason)
    tell_cancelled(visit, team, withdrawn=withdrawn)


@transaction.atomic
def entry_left(entry: Entry) -> None:
    """The entry is out of the competition: nobody goes there."""
    running = SiteVisit.objects.filter(
        entry=entry, status__in=[VisitStatus.PLANNED, VisitStatus.CONFIRMED]
    )
    for visit in running:
        end(
            locked(visit),
            by=None,
            reason=_("The entry is out of the competition."),
            withdrawn=True,
        )


def locked_for_applicant(visit: SiteVisit, by: User) -> SiteVisit:
    """Hold it for somebody who acts for the entry, before it begins."""
    visit = locked(visit)
    if not can_submit(by, visit.entry):
        raise DomainError(_("Only those who may submit the entry answer to a visit."))
    check_running(visit)
    if timezone.now() >= visit.starts_at:
        raise DomainError(_("The visit has begun. Please write to the organisers."))
    return visit


@transaction.atomic
def confirm_visit(visit: SiteVisit, *, by: User) -> SiteVisit:
    """The applicant is ready at that time; saying it twice changes nothing."""
    visit = locked_for_applicant(visit, by)
    if visit.status == VisitStatus.CONFIRMED:
        return visit
    visit.become(VisitStatus.CONFIRMED)
    visit.confirmed_at, visit.confirmed_by = timezone.now(), by
    visit.move_asked_at, visit.move_reason = None, ""
    visit.save()
    log("visit.confirmed", visit, by)
    return visit


@transaction.atomic
def ask_to_move(visit: SiteVisit, *, by: User, reason: str) -> SiteVisit:
    """The applicant asks for another time; until the organisers move it, it stands."""
    if not reason.strip():
        raise DomainError(_("Say why, and which days would suit you."), field="reason")
    visit = locked_for_applicant(visit, by)
    if reason.strip() == visit.move_reason:
        return visit
    if visit.status == VisitStatus.CONFIRMED:
        visit.become(VisitStatus.PLANNED)
        visit.confirmed_at = visit.confirmed_by = None
    visit.move_asked_at, visit.move_reason = timezone.now(), reason.strip()[:1000]
    visit.save()
    log("visit.move-asked", visit, by, reason=visit.move_reason)
    tell_organisers(visit)
    return visit
