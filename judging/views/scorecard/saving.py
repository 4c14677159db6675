"""Saving what a judge gave: one mark, the comments, or the whole form at once."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.bands import shown
from judging.evidence import LONGEST_QUOTE, Place
from judging.forms.marks import (
    clean_text,
    read_mark,
    read_number,
    read_seconds,
    read_token,
    read_version,
)
from judging.models import Assignment, Criterion, Mark, Scorecard
from judging.services import (
    MarkConflict,
    NoteConflict,
    attach_quote,
    count_time,
    open_scorecard,
    remove_quote,
    save_comment,
    save_mark,
)
from judging.sheets import Line, build_sheet, running
from judging.views.reading import NewRevisionError, check_revision, own_assignment


def save_all(request: UserRequest, found: Assignment) -> list[DomainError]:
    """Save every field of the form that differs from what is stored; return what was refused."""
    errors: list[DomainError] = []
    try:
        check_revision(request, found)
        scorecard = open_scorecard(found, by=request.user)
    except DomainError as error:
        return [error]
    stored = {mark.criterion_id: mark for mark in scorecard.marks.all()}
    for line in build_sheet(found.round, scorecard).lines:
        try:
            save_line(request, scorecard, line, stored.get(line.criterion.pk))
        except DomainError as error:
            error.field = f"mark-{line.criterion.pk}"
            errors.append(error)
    errors += save_quotes(request, scorecard)
    count_time(scorecard, read_seconds(request.POST.get("seconds")))
    if "comment" in request.POST or "private_note" in request.POST:
        try:
            save_comment(
                scorecard,
                by=request.user,
                comment=clean_text(request.POST.get("comment")),
                private_note=clean_text(request.POST.get("private_note")),
                base_version=read_version(request.POST.get("version")),
            )
        except DomainError as error:
            errors.append(error)
    return errors


def save_quotes(request: UserRequest, scorecard: Scorecard) -> list[DomainError]:
    """Attach the quotes that were typed, and take away the one whose button was pressed."""
    errors: list[DomainError] = []
    criteria = Criterion.objects.filter(dimension__rubric=scorecard.assignment.round.rubric_id)
    for criterion in criteria.select_related("dimension"):
        text = clean_text(request.POST.get(f"quote-{criterion.pk}"))
        if not text:
            continue
        try:
            attach_quote(
                scorecard, criterion, by=request.user, token=uuid4(), place=Place("", 0, text)
            )
        except DomainError as error:
            error.field = f"mark-{criterion.pk}"
            errors.append(error)
    if token := read_token(request.POST.get("remove-quote")):
        remove_quote(scorecard, token, by=request.user)
    return errors


def save_line(request: UserRequest, scorecard: Scorecard, line: Line, stored: Mark | None) -> None:
    """Save one criterion of the whole form, if something of it changed."""
    sent = read_mark(request.POST, line.criterion, buttons=line.has_buttons)
    if sent is None:
        return
    before = (
        (None, False, "") if stored is None else (stored.value, stored.abstained, stored.comment)
    )
    if before == (sent.value, sent.abstained, sent.comment):
        return
    save_mark(
        scorecard,
        line.criterion,
        by=request.user,
        value=sent.value,
        abstained=sent.abstained,
        comment=sent.comment,
        base_version=sent.version,
    )


def refusal(error: DomainError) -> JsonResponse:
    """Tell the script what was refused, and whether the page must be loaded anew."""
    answer: dict[str, Any] = {"message": str(error)}
    if isinstance(error, MarkConflict):
        mark = error.stored
        answer["stored"] = {
            "value": "" if mark.value is None else shown(mark.value),
            "abstained": mark.abstained,
            "comment": mark.comment,
            "version": mark.version,
        }
    elif isinstance(error, NoteConflict):
        card = error.stored
        answer["stored"] = {
            "comment": card.comment,
            "private_note": card.private_note,
            "version": card.version,
        }
    elif isinstance(error, NewRevisionError):
        answer["reload"] = True
    conflict = isinstance(error, MarkConflict | NoteConflict | NewRevisionError)
    return JsonResponse(answer, status=409 if conflict else 422)


def criterion_or_404(found: Assignment, pk: int) -> Criterion:
    """A criterion of the round's rubric."""
    return get_object_or_404(
        Criterion.objects.select_related("dimension"),
        pk=pk,
        dimension__rubric=found.round.rubric_id,
    )


@policy(SIGNED_IN)
@require_POST
def mark_save(request: UserRequest, pk: int, criterion_pk: int) -> HttpResponse:
    """Autosave of one criterion."""
    found = own_assignment(request, pk)
    criterion = criterion_or_404(found, criterion_pk)
    try:
        check_revision(request, found)
        scorecard = open_scorecard(found, by=request.user)
        mark = save_mark(
            scorecard,
            criterion,
            by=request.user,
            value=read_number(request.POST.get("value", ""), f"mark-{criterion.pk}"),
            abstained=request.POST.get("abstained") == "1",
            comment=clean_text(request.POST.get("comment")),
            base_version=read_version(request.POST.get("version")),
        )
    except DomainError as error:
        return refusal(error)
    return JsonResponse(
        {
            "version": mark.version,
            "saved_at": timezone.now().isoformat(),
            "active_seconds": spent(request, scorecard),
            **running(found.round, scorecard.marks.all()),
        }
    )


@policy(SIGNED_IN)
@require_POST
def comment_save(request: UserRequest, pk: int) -> HttpResponse:
    """Autosave of the two texts about the whole entry."""
    found = own_assignment(request, pk)
    try:
        check_revision(request, found)
        scorecard = save_comment(
            open_scorecard(found, by=request.user),
            by=request.user,
            comment=clean_text(request.POST.get("comment")),
            private_note=clean_text(request.POST.get("private_note")),
            base_version=read_version(request.POST.get("version")),
        )
    except DomainError as error:
        return refusal(error)
    return JsonResponse(
        {
            "version": scorecard.version,
            "saved_at": timezone.now().isoformat(),
            "active_seconds": spent(request, scorecard),
        }
    )


def spent(request: UserRequest, scorecard: Scorecard) -> int:
    """Count the seconds that came along with a change."""
    return count_time(scorecard, read_seconds(request.POST.get("seconds")))


@policy(SIGNED_IN)
@require_POST
def quote_add(request: UserRequest, pk: int, criterion_pk: int) -> HttpResponse:
    """Attach words of the essay to a criterion."""
    found = own_assignment(request, pk)
    token = read_token(request.POST.get("token"))
    criterion = criterion_or_404(found, criterion_pk)
    place = Place(
        request.POST.get("prompt", ""),
        read_version(request.POST.get("start")),
        # The browser's own text: its ends of lines and spaces are those of the page.
        request.POST.get("text", "")[: LONGEST_QUOTE + 100],
    )
    try:
        check_revision(request, found)
        scorecard = open_scorecard(found, by=request.user)
        quote = attach_quote(
            scorecard, criterion, by=request.user, token=token or uuid4(), place=place
        )
    except DomainError as error:
        return refusal(error)
    context = {
        "quote": quote,
        "may_score": True,
        "assignment": found,
        "revision": quote.revision,
    }
    return JsonResponse(
        {
            "token": str(quote.token),
            "html": render_to_string("judging/_quote.html", context, request),
            "active_seconds": spent(request, scorecard),
        }
    )


@policy(SIGNED_IN)
@require_POST
def quote_remove(request: UserRequest, pk: int, token: UUID) -> HttpResponse:
    """Take a quote away from a draft."""
    found = own_assignment(request, pk)
    try:
        scorecard = open_scorecard(found, by=request.user)
        remove_quote(scorecard, token, by=request.user)
    except DomainError as error:
        return refusal(error)
    return JsonResponse({"active_seconds": spent(request, scorecard)})
