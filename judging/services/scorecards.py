"""Giving marks, commenting, and submitting a scorecard for good."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import ConflictError, DomainError
from common.moments import in_both_zones
from judging.bands import shown
from judging.evidence import essay_words, locate
from judging.models import (
    Assignment,
    Criterion,
    Mark,
    PaperMark,
    Round,
    Rubric,
    Scorecard,
    ScorecardStatus,
    Way,
)
from judging.permissions import in_competition, is_calibrated, is_own, marks_refused
from judging.services.ledger import append_scorecard
from judging.totals import scored_of, total_of
from nominations.models import Revision


class MarkConflict(ConflictError):  # noqa: N818 - the name says what happened
    """The mark was changed in another window; `stored` is what stands there now."""

    def __init__(self, stored: Mark) -> None:
        super().__init__(_("This mark was changed in another window."))
        self.stored = stored


class NoteConflict(ConflictError):  # noqa: N818
    """The comments were changed in another window; `stored` is what stands there now."""

    def __init__(self, stored: Scorecard) -> None:
        super().__init__(_("The comments were changed in another window."))
        self.stored = stored


class CommentsMissingError(DomainError):
    """Criteria marked at an extreme, where the rubric asks for a comment."""

    def __init__(self, criteria: list[Criterion]) -> None:
        super().__init__(
            _("The rubric asks for a comment beside very low or very high marks. Say why, please.")
        )
        self.criteria = criteria


class MarksMissingError(DomainError):
    """Criteria that have neither a mark nor an abstention."""

    def __init__(self, criteria: list[Criterion]) -> None:
        super().__init__(
            _("Some criteria are not marked yet. Give a mark, or abstain, on each of them.")
        )
        self.criteria = criteria


def locked(assignment_id: int) -> Assignment:
    """Take the assignment for this transaction, with everything read afresh."""
    held = Assignment.objects.select_for_update().get(pk=assignment_id)
    return Assignment.objects.select_related(
        "round__stage", "round__season", "round__rubric", "judge__user", "entry"
    ).get(pk=held.pk)


def check_may_score(assignment: Assignment, by: User) -> None:
    """Refuse marks from anybody else, outside the round's time, or across a conflict."""
    if not is_own(by, assignment):
        raise DomainError(_("This entry is not yours to score."))
    if not in_competition(assignment):
        raise DomainError(_("This entry is no longer in the competition."))
    if not is_calibrated(by, assignment.round):
        raise DomainError(
            _("Score the samples of this round first: its scorecards open when they are submitted.")
        )
    check_clock(assignment)
    if refused := marks_refused(assignment):
        raise DomainError(refused)


def check_clock(assignment: Assignment) -> None:
    """Refuse before the round opens and from the moment it closes, saying both times."""
    zone = assignment.round.season.time_zone
    if not assignment.has_opened():
        raise DomainError(
            _("The round opens on %(when)s.") % {"when": in_both_zones(assignment.opens_at, zone)}
        )
    if not assignment.is_open():
        raise DomainError(
            _(
                "The round closed on %(closed)s. It is %(now)s now. What was saved before that is"
                " kept; this change is not."
            )
            % {
                "closed": in_both_zones(assignment.closes_at, zone, until=True),
                "now": in_both_zones(timezone.now(), zone),
            }
        )


def check_by_scorecard(round_: Round) -> None:
    """Refuse marks where the judges say what they think in another way."""
    if round_.way != Way.SCORECARD:
        raise DomainError(_("This round is not judged by scorecards."))


def check_draft(scorecard: Scorecard) -> None:
    """Refuse to touch what was submitted."""
    if scorecard.status != ScorecardStatus.DRAFT:
        raise DomainError(_("This scorecard is submitted and locked."))


@transaction.atomic
def open_scorecard(assignment: Assignment, *, by: User) -> Scorecard:
    """Start the scorecard, or return it; a draft follows the nominee's latest revision."""
    assignment = locked(assignment.pk)
    check_may_score(assignment, by)
    revision = assignment.entry.latest_revision()
    if revision is None:
        raise DomainError(_("This entry is no longer in the competition."))
    scorecard, created = Scorecard.objects.get_or_create(
        assignment=assignment, defaults={"revision": revision}
    )
    if (
        not created
        and scorecard.status == ScorecardStatus.DRAFT
        and scorecard.revision_id != revision.pk
    ):
        scorecard.revision = revision
        scorecard.save(update_fields=["revision"])
        follow_quotes(scorecard, revision)
    return scorecard


def editable(scorecard: Scorecard, by: User) -> Scorecard:
    """Lock the scorecard's assignment, check every right, and return the scorecard as it is now."""
    assignment = locked(scorecard.assignment_id)
    check_may_score(assignment, by)
    scorecard = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    scorecard.assignment = assignment
    check_draft(scorecard)
    return scorecard


def check_value(criterion: Criterion, value: Decimal | None) -> None:
    """Refuse a mark outside of the criterion's scale."""
    if value is not None and not (value.is_finite() and criterion.allows(value)):
        raise DomainError(
            _("Give a mark from 0 to %(maximum)s in steps of %(step)s.")
            % {"maximum": shown(criterion.maximum), "step": shown(criterion.step)},
            field=f"mark-{criterion.pk}",
        )


@transaction.atomic
def save_mark(
    scorecard: Scorecard,
    criterion: Criterion,
    *,
    by: User,
    value: Decimal | None,
    abstained: bool = False,
    comment: str = "",
    base_version: int,
) -> Mark:
    """Keep a mark while the scorecard is a draft; a stale version is refused, with what is stored."""
    scorecard = editable(scorecard, by)
    check_by_scorecard(scorecard.assignment.round)
    if criterion.dimension.rubric_id != scorecard.assignment.round.rubric_id:
        raise DomainError(_("This criterion is not in the rubric of the round."))
    if abstained:
        value = None
    check_value(criterion, value)
    mark = Mark.objects.filter(scorecard=scorecard, criterion=criterion).first()
    if mark is None:
        mark = Mark(scorecard=scorecard, criterion=criterion)
    same = (mark.value, mark.abstained, mark.comment) == (value, abstained, comment)
    if mark.pk and same:
        return mark
    if base_version != mark.version:
        raise MarkConflict(mark)
    mark.value, mark.abstained, mark.comment = value, abstained, comment
    mark.version += 1
    mark.save()
    return mark


@transaction.atomic
def save_comment(
    scorecard: Scorecard, *, by: User, comment: str, private_note: str, base_version: int
) -> Scorecard:
    """Keep the comment for the nominee and the note for the jury."""
    scorecard = editable(scorecard, by)
    if (scorecard.comment, scorecard.private_note) == (comment, private_note):
        return scorecard
    if base_version != scorecard.version:
        raise NoteConflict(scorecard)
    scorecard.comment, scorecard.private_note = comment, private_note
    scorecard.version += 1
    scorecard.save(update_fields=["comment", "private_note", "version"])
    return scorecard


@transaction.atomic
def submit_scorecard(scorecard: Scorecard, *, by: User, key: UUID) -> Scorecard:
    """Lock the scorecard with its total; a repeated key returns it as it was first submitted."""
    assignment = locked(scorecard.assignment_id)
    scorecard = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    scorecard.assignment = assignment
    replayed = scorecard.idempotency_key == key and scorecard.status == ScorecardStatus.SUBMITTED
    if replayed and is_own(by, assignment):
        return scorecard
    check_may_score(assignment, by)
    check_by_scorecard(assignment.round)
    check_draft(scorecard)
    if Scorecard.objects.filter(idempotency_key=key).exists():
        raise DomainError(_("This form belongs to another scorecard. Reload the page, please."))
    return lock_scorecard(scorecard, by=by, key=key)


def lock_scorecard(
    scorecard: Scorecard, *, by: User, key: UUID, data: dict[str, Any] | None = None
) -> Scorecard:
    """Check the marks of a draft, store its total and write it into the ledger; rights were asked."""
    marks = {mark.criterion_id: mark for mark in scorecard.marks.all()}
    scorecard.total = checked_total(scorecard.assignment.round, marks)
    scorecard.become(ScorecardStatus.SUBMITTED)
    scorecard.idempotency_key = key
    scorecard.submitted_at = timezone.now()
    scorecard.save(update_fields=["status", "total", "idempotency_key", "submitted_at"])
    append_scorecard(scorecard, by=by, data=data)
    return scorecard


def checked_total(round_: Round, marks: Mapping[int, Mark | PaperMark]) -> Decimal:
    """The total of complete marks by criterion; refuse what is missing, or lacks its comment."""
    criteria = list(
        Criterion.objects.filter(dimension__rubric=round_.rubric_id)
        .select_related("phase")
        .order_by("dimension__position", "position", "pk")
    )
    missing = [one for one in criteria if not is_answered(marks.get(one.pk))]
    if missing:
        raise MarksMissingError(missing)
    silent = [one for one in criteria if lacks_comment(round_.rubric, one, marks[one.pk])]
    if silent:
        raise CommentsMissingError(silent)
    total = total_of(scored_of(criteria, {one.pk: marks[one.pk].value for one in criteria}))
    if total is None:
        raise DomainError(
            _("You abstained on every criterion. Give at least one mark, or step back instead.")
        )
    return total


def is_answered(mark: Mark | PaperMark | None) -> bool:
    """Whether a criterion has a mark or an abstention."""
    return mark is not None and (mark.value is not None or mark.abstained)


def lacks_comment(rubric: Rubric, criterion: Criterion, mark: Mark | PaperMark) -> bool:
    """Whether the rubric asks why this mark was given, and nothing says it."""
    return (
        mark.value is not None
        and not mark.comment
        and rubric.asks_why(mark.value / criterion.maximum)
    )


def follow_quotes(scorecard: Scorecard, revision: Revision) -> None:
    """Find the quotes of a draft again in a newer revision; those that are gone keep the old one."""
    quotes = list(scorecard.quotes.all())
    words = essay_words(scorecard.assignment.round, revision) if quotes else {}
    for quote in quotes:
        found = locate(words, quote.text, prompt=quote.prompt, near=quote.start)
        if found is not None:
            quote.revision, quote.prompt, quote.start = revision, found.prompt, found.start
            quote.save(update_fields=["revision", "prompt", "start"])
