"""What a judge may do, and when; each question is asked again inside the transaction that acts on it."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from common.moments import in_both_zones
from judging.barriers import is_barred
from judging.models import (
    Agreement,
    Assignment,
    AssignmentStatus,
    Calibration,
    Closure,
    Consent,
    DefenceRules,
    DefenceSlot,
    Judge,
    Round,
    Sample,
    Scorecard,
    ScorecardStatus,
    Secretary,
    SiteVisit,
)
from nominations.models import Entry, EntryStatus
from seasons.models import Season


def can_organise(user: User, season: Season, entry: Entry | None = None) -> bool:
    """Whether the person runs the season, and no conflict of interest closes the entry to them."""
    runs = Season.objects.organised_by(user).filter(pk=season.pk).exists()
    return runs and (entry is None or not is_barred(user, entry))


def check_may_organise(user: User, season: Season, entry: Entry | None = None) -> None:
    """Refuse, inside the transaction, what only an unconflicted organiser may do."""
    if not can_organise(user, season, entry):
        raise DomainError(_("You may not do this in this season, or for this entry."))


def is_judge_of(user: User, season: Season) -> bool:
    """Whether the person sits on a jury of the season."""
    return Judge.objects.active().filter(user=user, jury__season=season).exists()


def latest_agreement(season: Season) -> Agreement | None:
    """The version in force, if the season asks for one."""
    return Agreement.objects.filter(season=season).order_by("-pk").first()


def has_agreed(user: User, season: Season) -> bool:
    """Whether the person accepted the version in force, or none is asked."""
    agreement = latest_agreement(season)
    return agreement is None or Consent.objects.filter(user=user, agreement=agreement).exists()


def is_calibrated(user: User, round_: Round) -> bool:
    """Whether the person scored the samples that a round asks for first.

    Organisers of the season know the reference marks, so that samples would tell nothing of them.
    """
    if round_.calibration != Calibration.REQUIRED:
        return True
    left = Sample.objects.given_to_judges().filter(round=round_).unanswered_by(user)
    return not left.exists() or can_organise(user, round_.season)


def in_competition(assignment: Assignment) -> bool:
    """Whether the round still judges the entry."""
    return (
        assignment.entry.status == EntryStatus.ADMITTED
        and assignment.round.entries().filter(pk=assignment.entry_id).exists()
    )


def is_own(user: User, assignment: Assignment) -> bool:
    """Whether the entry is this judge's to score, free of conflicts and under the agreement in force."""
    return (
        assignment.judge.user_id == user.pk
        and assignment.judge.removed_at is None
        and assignment.status == AssignmentStatus.ACTIVE
        and has_agreed(user, assignment.round.season)
        and not is_barred(user, assignment.entry)
    )


def is_readable(assignment: Assignment) -> bool:
    """Whether its judge may read the essay: from the opening of the round, also after its close.

    For rows from `visible_to`, which has asked already whose they are.
    """
    return assignment.has_opened() and in_competition(assignment)


def can_read(user: User, assignment: Assignment) -> bool:
    """Whether the judge may read the essay of an assignment, wherever the row came from."""
    return (
        is_readable(assignment)
        and is_own(user, assignment)
        and is_calibrated(user, assignment.round)
    )


def can_score(user: User, assignment: Assignment) -> bool:
    """Whether the judge may give marks now."""
    if not can_read(user, assignment) or not assignment.is_open():
        return False
    return not marks_refused(assignment)


def is_recusable(assignment: Assignment, scorecard: Scorecard | None) -> bool:
    """Whether its judge may step back: before submitting and before the round is over."""
    submitted = scorecard is not None and scorecard.status == ScorecardStatus.SUBMITTED
    return not submitted and timezone.now() < assignment.closes_at


def can_recuse(user: User, assignment: Assignment, scorecard: Scorecard | None) -> bool:
    """Whether the judge may step back from an assignment, wherever the row came from."""
    return is_recusable(assignment, scorecard) and is_own(user, assignment)


def is_chair(user: User, round_: Round) -> bool:
    """Whether the person chairs a jury of the round."""
    seats = Judge.objects.active().filter(user=user, chair=True, jury__rounds=round_)
    return seats.exists() and has_agreed(user, round_.season)


def keeps_round(user: User, round_: Round) -> bool:
    """Whether the person is its secretary: named for it, or an organiser of the season."""
    named = Secretary.objects.filter(user=user, round=round_).exists()
    return named or can_organise(user, round_.season)


def can_keep_time(user: User, round_: Round, entry: Entry) -> bool:
    """Whether the person may run the clock of a defence: the chair or a secretary, free of interests."""
    may = is_chair(user, round_) or keeps_round(user, round_)
    return may and not is_barred(user, entry)


def can_close(user: User, round_: Round, entry: Entry | None = None) -> bool:
    """Whether the person may end the scoring: the chair; an organiser where the jury has none."""
    if entry is not None and is_barred(user, entry):
        return False
    chairs = Judge.objects.active().filter(chair=True, jury__rounds=round_)
    return is_chair(user, round_) or (can_organise(user, round_.season) and not chairs.exists())


def marks_refused(assignment: Assignment) -> str:
    """Why a live defence, or a visit, takes no marks for the entry now; empty when it does."""
    if assignment.is_late:
        return ""
    if assignment.round.has_visits:
        return refused_before_visit(assignment.round, assignment.entry)
    if assignment.round.has_defence:
        return refused_before_defence(assignment.round, assignment.entry)
    return ""


def refused_before_defence(round_: Round, entry: Entry) -> str:
    """Why a live defence takes no marks: the chair closed it, or it has not begun."""
    closed = Closure.objects.filter(Q(entry=entry) | Q(entry=None), round=round_, reopened_at=None)
    if closed.exists():
        return _("The chair has closed the scoring of this defence.")
    if not DefenceRules.objects.filter(round=round_, from_start=True).exists():
        return ""
    slot = DefenceSlot.objects.filter(round=round_, entry=entry).first()
    if slot is None:
        return _("This defence has no time yet; marks are given from its start.")
    if slot.began_at is None and timezone.now() < slot.starts_at:
        return _("Marks are given from the start of the defence, on %(when)s.") % {
            "when": in_both_zones(slot.starts_at, round_.season.time_zone)
        }
    return ""


def refused_before_visit(round_: Round, entry: Entry) -> str:
    """Why nobody marks an entry before its team has seen it; empty from the start of the visit."""
    visit = SiteVisit.objects.alive().filter(round=round_, entry=entry).first()
    if visit is None:
        return _("No visit to this entry is planned now.")
    if timezone.now() < visit.opens_at:
        return _("Marks are given from the start of the visit, on %(when)s.") % {
            "when": in_both_zones(visit.starts_at, round_.season.time_zone)
        }
    return ""


def readable_visit(user: User, pk: int) -> SiteVisit | None:
    """A visit the person may read: of the team, with its report beside a scorecard, or organised."""
    rows = SiteVisit.objects.select_related("round__season", "round__stage", "entry__organisation")
    for ways in (rows.of_team(user), rows.reported_to(user), rows.organised_by(user)):
        if found := ways.filter(pk=pk).first():
            return found
    return None
