"""Marks from paper: the list of a round, one sheet to enter or to countersign, and its scan."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import MEGABYTE, CheckedFile, check_upload, private_file_response
from judging.bands import shown
from judging.forms.marks import clean_text, read_mark
from judging.models import Assignment, Entrants, PaperSheet, Round, ScorecardStatus
from judging.paper import can_decide, can_enter, can_see, office_of, rows_of, waiting_for
from judging.permissions import has_agreed, is_judge_of
from judging.services.paper import Written, countersign, enter_sheet, send_back
from judging.services.scorecards import CommentsMissingError, MarksMissingError
from judging.sheets import Sheet, build_sheet
from judging.totals import scored_of, total_of
from nominations.content import as_submitted

PER_PAGE = 30
SCANS = (".pdf", ".png", ".jpg", ".jpeg")
LARGEST_SCAN = 10 * MEGABYTE


@policy(SIGNED_IN)
@never_cache
@require_safe
def papers(request: UserRequest, pk: int) -> HttpResponse:
    """Every scorecard of the round, and how far its paper is; marks stand on the pages of the sheets."""
    rounds = Round.objects.filter(entrants=Entrants.FINALISTS).select_related("season", "stage")
    round_ = get_object_or_404(rounds.prefetch_related("stage__extensions"), pk=pk)
    office = office_of(request.user, round_)
    if not (office.keeps or office.chairs) or not agreed(request, round_):
        raise Http404
    rows = rows_of(request.user, round_)
    show = "waiting" if request.GET.get("show") == "waiting" else ""
    if show:
        rows = rows.filter(Exists(waiting_for(OuterRef("pk"))))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown_rows = list(page.object_list)
    as_submitted(row.entry for row in shown_rows)
    lines = []
    for row in shown_rows:
        row.round = round_
        sheets: list[PaperSheet] = getattr(row, "sheets", [])
        waiting = next((one for one in sheets if one.status == "waiting"), None)
        back = next((one for one in sheets if one.status == "returned"), None)
        card = getattr(row, "scorecard", None)
        lines.append(
            {
                "row": row,
                "submitted": card is not None and card.status == ScorecardStatus.SUBMITTED,
                "signed": next((one for one in sheets if one.status == "countersigned"), None),
                "waiting": waiting,
                "back": back if waiting is None else None,
                "may_enter": office.may_enter(row),
                "may_look": office.may_look(row),
                "own_sheet": waiting is not None and waiting.entered_by_id == request.user.pk,
            }
        )
    context = {
        "season": round_.season,
        "round": round_,
        "page": page,
        "lines": lines,
        "show": show,
        "open": round_.stage.is_open(),
    }
    return render(request, "judging/papers.html", context)


def agreed(request: UserRequest, round_: Round) -> bool:
    """Whether a judge has accepted the agreement; others are not asked for it."""
    season = round_.season
    return not is_judge_of(request.user, season) or has_agreed(request.user, season)


def assignment_or_404(request: UserRequest, pk: int) -> Assignment:
    """An assignment whose paper the person may see or enter."""
    rows = (
        Assignment.objects.active()
        .select_related(
            "round__stage",
            "round__season",
            "round__rubric",
            "judge__user",
            "entry__nomination",
            "entry__organisation",
        )
        .prefetch_related("round__stage__extensions")
    )
    found = get_object_or_404(rows, pk=pk)
    if not agreed(request, found.round) or not can_see(request.user, found):
        raise Http404
    as_submitted([found.entry])
    return found


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: UserRequest, pk: int) -> HttpResponse:
    """A sheet that waits, with its two buttons; or the form to enter one."""
    found = assignment_or_404(request, pk)
    sheet = waiting_for(found).select_related("entered_by").prefetch_related("marks").first()
    if request.method == "POST" and request.POST.get("act") == "enter":
        return enter(request, found)
    if request.method == "POST":
        return decide(request, found)
    again = "again" in request.GET and sheet is not None and sheet.entered_by_id == request.user.pk
    if sheet is not None and not again:
        return sheet_page(request, found, sheet)
    if not can_enter(request.user, found):
        return away_from(request, found)
    return entry_page(request, found, typed=typed_of(sheet) if sheet else None)


def away_from(request: UserRequest, found: Assignment) -> HttpResponse:
    """Where somebody goes who has nothing to do here: the judge to the scorecard, others to the list."""
    if found.judge.user_id == request.user.pk:
        return redirect(found)
    return redirect("judging:papers", found.round_id)


def typed_of(sheet: PaperSheet) -> dict[str, str]:
    """The fields of a sheet that is entered anew."""
    typed = {"comment": sheet.comment, "private_note": sheet.private_note}
    for mark in sheet.marks.all():
        typed[f"mark-{mark.criterion_id}"] = "" if mark.value is None else shown(mark.value)
        typed[f"comment-{mark.criterion_id}"] = mark.comment
        if mark.abstained:
            typed[f"abstain-{mark.criterion_id}"] = "1"
    return typed


def entry_page(
    request: UserRequest,
    found: Assignment,
    *,
    typed: dict[str, str] | None = None,
    errors: list[DomainError] | None = None,
) -> HttpResponse:
    """The form; after a refusal everything typed stands where it was."""
    faults = errors or []
    by_line = {
        int(one.field.removeprefix("mark-")): str(one)
        for one in faults
        if one.field.startswith("mark-")
    }
    for one in faults:
        if isinstance(one, MarksMissingError):
            by_line |= {criterion.pk: _("Give a mark, or abstain.") for criterion in one.criteria}
        elif isinstance(one, CommentsMissingError):
            by_line |= {criterion.pk: _("Say why, as on the paper.") for criterion in one.criteria}
    card = getattr(found, "scorecard", None)
    context = {
        "season": found.round.season,
        "assignment": found,
        "sheet": build_sheet(found.round, None, typed=typed, errors=by_line),
        "faults": faults,
        "key": request.POST.get("key") or str(uuid4()),
        "drafted": card is not None and card.marks.exists(),
    }
    return render(request, "judging/paper_enter.html", context, status=422 if faults else 200)


def enter(request: UserRequest, found: Assignment) -> HttpResponse:
    """Keep what was read from the paper."""
    errors: list[DomainError] = []
    marks: dict[int, Written] = {}
    for line in build_sheet(found.round, None).lines:
        try:
            sent = read_mark(request.POST, line.criterion, buttons=False)
        except DomainError as error:
            errors.append(error)
            continue
        if sent is not None:
            marks[line.criterion.pk] = Written(sent.value, sent.abstained, sent.comment)
    scan: CheckedFile | None = None
    file: Any = request.FILES.get("scan")
    if file is not None:
        try:
            scan = check_upload(file, endings=SCANS, max_bytes=LARGEST_SCAN)
        except DomainError as error:
            errors.append(error)
    if not errors:
        try:
            enter_sheet(
                found,
                by=request.user,
                key=key_of(request),
                marks=marks,
                comment=clean_text(request.POST.get("comment")),
                private_note=clean_text(request.POST.get("private_note")),
                scan=scan,
            )
        except DomainError as error:
            errors.append(error)
    if errors:
        return entry_page(request, found, typed=request.POST.dict(), errors=errors)
    messages.success(
        request,
        _("The sheet of %(name)s is entered. Now somebody else countersigns it.")
        % {"name": found.judge.user},
    )
    return redirect("judging:papers", found.round_id)


def key_of(request: UserRequest) -> UUID:
    """The key of the form, so that sending it twice enters one sheet."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def read_sheet(found: Assignment, sheet: PaperSheet) -> tuple[Sheet, Decimal | None]:
    """A sheet laid out by the rubric, and its total."""
    laid = build_sheet(found.round, None, typed=typed_of(sheet))
    criteria = [line.criterion for line in laid.lines]
    values = {mark.criterion_id: mark.value for mark in sheet.marks.all()}
    total = total_of(scored_of(criteria, {pk: values.get(pk) for pk in values}))
    return laid, total


def sheet_page(
    request: UserRequest, found: Assignment, sheet: PaperSheet, errors: list[str] | None = None
) -> HttpResponse:
    """What somebody entered, for the second person to compare with the paper."""
    sheet.assignment = found
    laid, total = read_sheet(found, sheet)
    context = {
        "season": found.round.season,
        "assignment": found,
        "paper": sheet,
        "sheet": laid,
        "total": total,
        "may_decide": can_decide(request.user, sheet),
        "is_judge": found.judge.user_id == request.user.pk,
        "entered_it": sheet.entered_by_id == request.user.pk,
        "errors": errors or [],
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "judging/paper.html", context, status=422 if errors else 200)


def decide(request: UserRequest, found: Assignment) -> HttpResponse:
    """Countersign the sheet that was looked at, or send it back."""
    sent = request.POST.get("sheet", "")
    sheets = PaperSheet.objects.filter(assignment=found).select_related("entered_by")
    sheet = get_object_or_404(sheets, pk=int(sent) if sent.isdecimal() and len(sent) < 18 else 0)
    try:
        if request.POST.get("act") == "countersign":
            countersign(sheet, by=request.user)
            messages.success(request, _("Countersigned. The scorecard is submitted."))
        else:
            send_back(sheet, by=request.user, reason=clean_text(request.POST.get("reason")))
            messages.success(request, _("The sheet is sent back."))
    except DomainError as error:
        waiting = waiting_for(found).filter(pk=sheet.pk).exists()
        if waiting:
            return sheet_page(request, found, sheet, [str(error)])
        messages.error(request, str(error))
    return away_from(request, found)


@policy(SIGNED_IN)
@require_safe
def paper_scan(request: UserRequest, pk: int) -> FileResponse:
    """The picture of a sheet, as a download."""
    sheet = get_object_or_404(PaperSheet.objects.exclude(scan=""), pk=pk)
    assignment_or_404(request, sheet.assignment_id)
    try:
        return private_file_response(sheet.scan, sheet.scan_name, sheet.scan_type)
    except FileNotFoundError as error:
        raise Http404 from error
