"""Giving entries to judges, and taking them back."""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.barriers import is_barred
from judging.models import Assignment, AssignmentStatus, Ballot, Judge, Round
from judging.permissions import can_recuse, check_may_organise
from judging.services.juries import declare_conflict
from judging.services.mails import assignment_round, link, organisers_for, round_values
from judging.soundness import check_sound
from nominations.models import Entry
from outbox.services import post


def check_round_takes(round_: Round) -> None:
    """Refuse to give out work of a round that is over."""
    if timezone.now() >= round_.stage.closes_for():
        raise DomainError(_("The round is over; nothing can be assigned in it."))


def check_assignable(round_: Round, judge: Judge, entry: Entry) -> None:
    """Refuse an assignment across a conflict, or outside the round's time, juries or entries."""
    check_round_takes(round_)
    if judge.removed_at is not None or not round_.juries.filter(pk=judge.jury_id).exists():
        raise DomainError(_("This person is not on a jury of the round."), field="judge")
    if not round_.entries().filter(pk=entry.pk).exists():
        raise DomainError(_("The round does not judge this entry."), field="entry")
    if is_barred(judge.user, entry):
        raise DomainError(
            _("A conflict of interest bars this judge from the entry."), field="judge"
        )


def check_list_open(round_: Round, judge: Judge, entry: Entry) -> None:
    """Refuse an entry for a list that the judge has submitted as a whole."""
    over = Ballot.objects.filter(
        round=round_, judge__user=judge.user_id, submitted_at__isnull=False
    )
    if over.filter(Q(nomination=None) | Q(nomination=entry.nomination_id)).exists():
        raise DomainError(
            _("This judge has submitted the list of the entry's nomination."), field="judge"
        )


@transaction.atomic
def assign(round: Round, judge: Judge, entry: Entry, *, by: User) -> Assignment:  # noqa: A002
    """Ask a judge to score an entry; a withdrawn assignment comes back to life."""
    check_may_organise(by, round.season, entry)
    check_sound(round.rubric)
    judge = Judge.objects.select_for_update().get(pk=judge.pk)
    check_assignable(round, judge, entry)
    check_list_open(round, judge, entry)
    assignment, created = Assignment.objects.get_or_create(
        round=round, judge=judge, entry=entry, defaults={"assigned_by": by}
    )
    if not created:
        if assignment.status == AssignmentStatus.ACTIVE:
            return assignment
        assignment.become(AssignmentStatus.ACTIVE)
        assignment.reason = ""
        assignment.save(update_fields=["status", "reason"])
    record(
        "assignment.made",
        by=by,
        about=assignment,
        season=round.season.slug,
        data={"round": round.slug, "judge": judge.pk, "entry": entry.number},
    )
    # Entries handed out one by one still make one mail a day.
    tell_judge(round, judge, batch=f"{timezone.now():%Y-%m-%d}")
    return assignment


def locked_round(round_: Round) -> Round:
    """Take the round for this transaction, so that two distributions follow each other."""
    rounds = Round.objects.select_for_update(of=("self",)).select_related("season", "stage")
    return rounds.get(pk=round_.pk)


def tell_judge(round_: Round, judge: Judge, *, batch: str) -> None:
    """Write a judge about new entries; nothing of an entry is in the mail."""
    post(
        "judge-assigned",
        effect_key=f"judge-assigned:{round_.pk}:{judge.pk}:{batch}",
        to=judge.user,
        context={**round_values(round_, judge.user), "url": link(reverse("judging:desk"))},
        about=f"judging.round:{round_.pk}",
    )


@transaction.atomic
def withdraw_assignment(assignment: Assignment, *, by: User, reason: str) -> Assignment:
    """Take an entry back from a judge; what they marked stays on record and does not count."""
    if not reason.strip():
        raise DomainError(_("Say why the assignment is withdrawn."), field="reason")
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    check_may_organise(by, assignment.round.season, assignment.entry)
    if assignment.status == AssignmentStatus.WITHDRAWN:
        return assignment
    assignment.become(AssignmentStatus.WITHDRAWN)
    assignment.reason = reason.strip()
    assignment.save(update_fields=["status", "reason"])
    record(
        "assignment.withdrawn",
        by=by,
        about=assignment,
        season=assignment.round.season.slug,
        data={"reason": assignment.reason},
    )
    return assignment


@transaction.atomic
def recuse(assignment: Assignment, *, by: User, reason: str) -> Assignment:
    """Step back from an entry: access ends at once, a conflict is kept, the organisers are told."""
    if not reason.strip():
        raise DomainError(_("Say in a few words why you step back."), field="reason")
    # The judge first, as everywhere: a distribution being confirmed waits, or is waited for.
    Judge.objects.select_for_update().get(pk=assignment.judge_id)
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.status == AssignmentStatus.RECUSED and assignment.judge.user_id == by.pk:
        return assignment
    if not can_recuse(by, assignment, getattr(assignment, "scorecard", None)):
        raise DomainError(
            _("You can no longer step back from this entry here. Please write to the organisers.")
        )
    declare_conflict(by, by=by, reason=reason, entry=assignment.entry)
    assignment.refresh_from_db()
    round_ = assignment_round(assignment)
    for organiser in organisers_for(round_.season, assignment.entry):
        post(
            "judge-recused",
            effect_key=f"judge-recused:{assignment.pk}:{organiser.pk}",
            to=organiser,
            context={
                **round_values(round_, organiser),
                "judge": str(assignment.judge),
                "number": assignment.entry.number,
                "reason": reason.strip(),
                "url": link(
                    f"{reverse('admin:judging_assignment_changelist')}?q={assignment.entry.number}"
                ),
            },
            about=f"nominations.entry:{assignment.entry_id}",
        )
    return assignment
