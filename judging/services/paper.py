"""Marks from paper: one person enters them, another one countersigns; only then they are marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.uploads import CheckedFile
from judging.models import (
    Assignment,
    Criterion,
    Mark,
    PaperMark,
    PaperSheet,
    PaperStatus,
    Scorecard,
    ScorecardStatus,
)
from judging.paper import can_decide, can_enter, waiting_for
from judging.permissions import in_competition, is_calibrated, is_own, marks_refused
from judging.services.scorecards import (
    check_by_scorecard,
    check_clock,
    check_value,
    checked_total,
    lock_scorecard,
    locked,
)


@dataclass(frozen=True)
class Written:
    """One mark on paper."""

    value: Decimal | None
    abstained: bool = False
    comment: str = ""


def check_takes(assignment: Assignment) -> None:
    """Refuse paper where the judge could not give marks now."""
    if not is_own(assignment.judge.user, assignment):
        raise DomainError(
            _(
                "This judge does not score the entry: they have not accepted the agreement,"
                " stepped back, or have an interest in it."
            )
        )
    if not is_calibrated(assignment.judge.user, assignment.round):
        raise DomainError(
            _("This judge has not scored the samples of the round; paper counts after them.")
        )
    if not in_competition(assignment):
        raise DomainError(_("This entry is no longer in the competition."))
    check_by_scorecard(assignment.round)
    check_clock(assignment)
    if refused := marks_refused(assignment):
        raise DomainError(refused)
    cards = Scorecard.objects.filter(assignment=assignment)
    if cards.filter(status=ScorecardStatus.SUBMITTED).exists():
        raise DomainError(_("The judge has submitted a scorecard of this entry already."))


@transaction.atomic
def enter_sheet(
    assignment: Assignment,
    *,
    by: User,
    key: UUID,
    marks: Mapping[int, Written],
    comment: str = "",
    private_note: str = "",
    scan: CheckedFile | None = None,
) -> PaperSheet:
    """Keep what a judge wrote on paper until another person countersigns; a repeated key changes nothing.

    Whoever entered a sheet may enter it anew while it waits.
    """
    assignment = locked(assignment.pk)
    if not can_enter(by, assignment):
        raise DomainError(_("Only a secretary without an interest in the entry enters marks."))
    earlier = PaperSheet.objects.filter(key=key, assignment=assignment, entered_by=by).first()
    if earlier is not None:
        return earlier
    if PaperSheet.objects.filter(key=key).exists():
        raise DomainError(_("This form belongs to another scorecard. Reload the page, please."))
    check_takes(assignment)
    rows = written_rows(assignment, marks)
    waiting = waiting_for(assignment).select_related("entered_by").first()
    if waiting is not None:
        replace(waiting, by)
    sheet = PaperSheet(
        assignment=assignment, entered_by=by, key=key, comment=comment, private_note=private_note
    )
    if scan is not None:
        sheet.scan_name, sheet.scan_type = scan.name, scan.content_type
        sheet.scan.save(scan.name, ContentFile(scan.content), save=False)
    sheet.save()
    for row in rows:
        row.sheet = sheet
    PaperMark.objects.bulk_create(rows)
    record(
        "paper.entered",
        by=by,
        about=assignment,
        season=assignment.round.season.slug,
        data={"sheet": sheet.pk, "judge": assignment.judge_id, "scan": bool(scan)},
    )
    return sheet


def replace(waiting: PaperSheet, by: User) -> None:
    """Make room for a sheet that is entered anew."""
    if waiting.entered_by_id != by.pk:
        raise DomainError(
            _("%(name)s has entered a sheet already; it waits for a second person.")
            % {"name": waiting.entered_by}
        )
    waiting.become(PaperStatus.REPLACED)
    waiting.decided_at = timezone.now()
    waiting.save(update_fields=["status", "decided_at"])


def written_rows(assignment: Assignment, marks: Mapping[int, Written]) -> list[PaperMark]:
    """Rows for what was written, checked like a scorecard that is submitted."""
    criteria = Criterion.objects.filter(dimension__rubric=assignment.round.rubric_id).in_bulk()
    rows = {
        pk: PaperMark(
            criterion=criteria[pk],
            value=None if one.abstained else one.value,
            abstained=one.abstained,
            comment=one.comment,
        )
        for pk, one in marks.items()
        if pk in criteria
    }
    for row in rows.values():
        check_value(row.criterion, row.value)
    checked_total(assignment.round, rows)
    return list(rows.values())


def undecided(sheet: PaperSheet, by: User) -> PaperSheet:
    """The sheet, its assignment held, and the right to decide asked again."""
    assignment = locked(sheet.assignment_id)
    sheet = PaperSheet.objects.select_for_update().get(pk=sheet.pk)
    sheet.assignment = assignment
    if not can_decide(by, sheet):
        raise DomainError(
            _(
                "The judge, or another secretary or the chair, countersigns: not whoever entered"
                " the sheet, and nobody with an interest in the entry."
            )
        )
    return sheet


@transaction.atomic
def countersign(sheet: PaperSheet, *, by: User) -> PaperSheet:
    """Let the sheet count: its marks become the judge's scorecard, submitted and in the ledger."""
    sheet = undecided(sheet, by)
    if sheet.status == PaperStatus.COUNTERSIGNED and sheet.decided_by_id == by.pk:
        return sheet
    sheet.become(PaperStatus.COUNTERSIGNED)
    assignment = sheet.assignment
    check_takes(assignment)
    revision = assignment.entry.latest_revision()
    if revision is None:
        raise DomainError(_("This entry is no longer in the competition."))
    card, _created = Scorecard.objects.get_or_create(
        assignment=assignment, defaults={"revision": revision}
    )
    card.assignment, card.revision = assignment, revision
    card.comment = sheet.comment or card.comment
    card.private_note = sheet.private_note or card.private_note
    card.version += 1
    card.save(update_fields=["revision", "comment", "private_note", "version"])
    copy_marks(sheet, card)
    data = {"paper": sheet.pk, "entered_by": sheet.entered_by_id}
    lock_scorecard(card, by=by, key=uuid4(), data=data)
    sheet.decided_by, sheet.decided_at = by, timezone.now()
    sheet.save(update_fields=["status", "decided_by", "decided_at"])
    return sheet


def copy_marks(sheet: PaperSheet, card: Scorecard) -> None:
    """What is on paper stands in the scorecard; a draft of the judge gives way to it."""
    drafts = {mark.criterion_id: mark for mark in card.marks.all()}
    for one in sheet.marks.all():
        mark = drafts.get(one.criterion_id) or Mark(scorecard=card, criterion_id=one.criterion_id)
        mark.value, mark.abstained, mark.comment = one.value, one.abstained, one.comment
        mark.version += 1
        mark.save()


@transaction.atomic
def send_back(sheet: PaperSheet, *, by: User, reason: str) -> PaperSheet:
    """Say what is wrong with a sheet; it is entered again from the paper."""
    sheet = undecided(sheet, by)
    if not reason.strip():
        raise DomainError(_("Say what is wrong with the sheet."), field="reason")
    sheet.become(PaperStatus.RETURNED)
    sheet.decided_by, sheet.decided_at = by, timezone.now()
    sheet.reason = reason.strip()
    sheet.save(update_fields=["status", "decided_by", "decided_at", "reason"])
    record(
        "paper.returned",
        by=by,
        about=sheet.assignment,
        season=sheet.assignment.round.season.slug,
        data={"sheet": sheet.pk, "reason": sheet.reason},
    )
    return sheet
