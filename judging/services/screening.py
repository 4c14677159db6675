"""Yes, no or maybe: entry by entry, submitted together when the judge is sure."""

from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import ConflictError, DomainError
from judging.lists import latest_revisions
from judging.models import Answer, Assignment, Round, Scorecard, ScorecardStatus, Verdict, Way
from judging.scoring.ways import word_points
from judging.services.lists import fresh, lock_card, locked_seats, own_rows, rounded
from judging.services.scorecards import editable, open_scorecard


class VerdictConflict(ConflictError):  # noqa: N818 - the name says what happened
    """The verdict was changed in another window; `stored` is the scorecard as it stands there."""

    def __init__(self, stored: Scorecard) -> None:
        super().__init__(
            _("Your verdict was changed in another window. What stands there now is shown below.")
        )
        self.stored = stored


class CommentMissingError(DomainError):
    """A no without a comment, where the round asks for one."""

    def __init__(self, numbers: list[str]) -> None:
        super().__init__(
            _("A no needs a comment: %(numbers)s.") % {"numbers": ", ".join(numbers)},
            field="comment",
        )


@transaction.atomic
def save_verdict(
    assignment: Assignment, *, by: User, answer: str, comment: str, base_version: int
) -> Scorecard:
    """Keep a word and a comment while they are drafts; an empty word leaves the stored one."""
    card = editable(open_scorecard(assignment, by=by), by)
    round_ = fresh(card.assignment.round, Way.SCREENING)
    if answer and answer not in Answer.values:
        raise DomainError(_("Say yes, no or maybe."))
    stored = Verdict.objects.filter(scorecard=card).first()
    said = answer or ("" if stored is None else stored.answer)
    if ("" if stored is None else stored.answer, card.comment) == (said, comment):
        return card
    if base_version != card.version:
        raise VerdictConflict(card)
    if answer == Answer.NO and round_.comment_on_no and not comment:
        raise CommentMissingError([card.assignment.entry.number])
    if said:
        Verdict.objects.update_or_create(scorecard=card, defaults={"answer": said})
    card.comment = comment
    card.version += 1
    card.save(update_fields=["comment", "version"])
    return card


@transaction.atomic
def submit_verdicts(round: Round, *, by: User, key: UUID) -> int:  # noqa: A002
    """Lock every verdict that was given; return how many. A repeated key changes nothing."""
    locked_seats(round, by)
    own = Scorecard.objects.filter(
        assignment__round=round, assignment__judge__user=by, status=ScorecardStatus.SUBMITTED
    ).values_list("assignment", "idempotency_key")
    earlier = [pk for pk, used in own if used == uuid5(key, str(pk))]
    if earlier:
        return len(earlier)
    round_ = fresh(round, Way.SCREENING)
    rows = {row.pk: row for row in own_rows(round_, None, by)}
    cards = list(
        Scorecard.objects.filter(
            assignment__in=rows, status=ScorecardStatus.DRAFT, verdict__isnull=False
        )
        .select_related("verdict")
        .order_by("assignment__entry__number")
    )
    if not cards:
        raise DomainError(_("There is no new verdict to submit."))
    check_ready(round_, cards, rows)
    for card in cards:
        row = rows[card.assignment_id]
        row.round = round_
        total = rounded(word_points(card.verdict.answer))
        lock_card(card, row, total=total, key=key, by=by)
    return len(cards)


def check_ready(round_: Round, cards: list[Scorecard], rows: dict[int, Assignment]) -> None:
    """Refuse a no without its comment, and a verdict on an essay that was replaced since."""
    latest = latest_revisions(rows.values())
    bare, old = [], []
    for card in cards:
        row = rows[card.assignment_id]
        if round_.comment_on_no and card.verdict.answer == Answer.NO and not card.comment:
            bare.append(row.entry.number)
        if latest[row.entry_id].pk != card.revision_id:
            old.append(row.entry.number)
    if bare:
        raise CommentMissingError(bare)
    if old:
        raise DomainError(
            _("The essay was replaced after your verdict; read it and say it again: %(numbers)s.")
            % {"numbers": ", ".join(old)}
        )
