"""The essay beside the scorecard, and everything a judge does there."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response, private_picture_response
from judging.bands import shown
from judging.desk import next_of
from judging.forms.judges import RecusalForm
from judging.forms.marks import clean_text, read_mark, read_number, read_version
from judging.models import Assignment, Criterion, Mark, Scorecard, ScorecardStatus
from judging.permissions import can_read, can_recuse, has_agreed, has_opened
from judging.permissions import in_competition as competes
from judging.services import (
    MarkConflict,
    NoteConflict,
    open_scorecard,
    save_comment,
    save_mark,
    submit_scorecard,
)
from judging.services import (
    recuse as step_back,
)
from judging.services.scorecards import MarksMissingError
from judging.sheets import Line, build_sheet, running
from nominations.content import as_submitted, for_jury, readable
from nominations.models import Attachment, Revision


class NewRevisionError(DomainError):
    """The nominee submitted again while the judge was reading."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The nominee's essay was replaced by a new revision while you were reading."
                " Read it below, check your marks and save again."
            )
        )


def own_assignment(request: UserRequest, pk: int) -> Assignment:
    """The judge's own assignment, or nothing at all."""
    rows = Assignment.objects.visible_to(request.user).select_related(
        "round__stage", "round__season", "round__rubric", "judge", "entry__nomination"
    )
    return get_object_or_404(rows.prefetch_related("round__stage__extensions"), pk=pk)


def scorecard_of(assignment: Assignment) -> Scorecard | None:
    """The scorecard, if it was started."""
    return (
        Scorecard.objects.filter(assignment=assignment)
        .select_related("revision")
        .prefetch_related("marks")
        .first()
    )


def read_revision(assignment: Assignment, scorecard: Scorecard | None) -> Revision | None:
    """What is read: the revision that was scored, or the latest one while it is a draft."""
    if scorecard is not None and scorecard.status == ScorecardStatus.SUBMITTED:
        return scorecard.revision
    return assignment.entry.latest_revision()


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: UserRequest, pk: int) -> HttpResponse:
    """Read and mark; a POST saves the whole form, for browsers without scripts."""
    mine = Assignment.objects.of_judge(request.user).select_related("round__season")
    found = get_object_or_404(mine, pk=pk)
    if not has_agreed(request.user, found.round.season):
        agreement = reverse("judging:agreement", args=[found.round.season.slug])
        return redirect(f"{agreement}?{urlencode({'next': request.path})}")
    found = own_assignment(request, pk)
    if not can_read(request.user, found):
        return closed_page(request, found)
    if request.method == "POST":
        errors = save_all(request, found)
        if not errors:
            messages.success(request, _("Your scorecard is saved. It is not submitted yet."))
            return redirect(found)
        return sheet_page(request, found, typed=True, errors=errors)
    return sheet_page(request, found)


def closed_page(request: UserRequest, found: Assignment) -> HttpResponse:
    """Nothing to read yet, or no longer."""
    as_submitted([found.entry])
    context = {
        "season": found.round.season,
        "assignment": found,
        "opened": has_opened(found.round),
        "competes": competes(found),
        "can_recuse": can_recuse(request.user, found, scorecard_of(found)),
    }
    return render(request, "judging/assignment_closed.html", context)


def sheet_page(
    request: UserRequest,
    found: Assignment,
    *,
    typed: bool = False,
    errors: list[DomainError] | None = None,
) -> HttpResponse:
    """The page itself; after a refusal everything typed stands where it was."""
    scorecard = scorecard_of(found)
    revision = read_revision(found, scorecard)
    if revision is None:
        raise Http404
    faults = errors or []
    by_field = {error.field: str(error) for error in faults if error.field}
    marks = {
        int(name.removeprefix("mark-")): text
        for name, text in by_field.items()
        if name.startswith("mark-")
    }
    may_score = found.round.stage.is_open()  # whoever sees this page may read: can_read was asked
    locked = scorecard is not None and scorecard.status == ScorecardStatus.SUBMITTED
    if locked:
        typed = False
    sheet = build_sheet(
        found.round, scorecard, typed=request.POST.dict() if typed else None, errors=marks
    )
    missing = [error for error in faults if isinstance(error, MarksMissingError)]
    if missing or request.GET.get("missing"):
        for line in sheet.missing:
            line.error = line.error or str(_("Give a mark, or abstain."))
    context = {
        "season": found.round.season,
        "assignment": found,
        "scorecard": scorecard,
        "locked": locked,
        "may_score": may_score and not locked,
        "can_recuse": can_recuse(request.user, found, scorecard),
        "closes_at": found.round.stage.closes_for(),
        "sheet": sheet,
        "progress": running(found.round, scorecard.marks.all() if scorecard else []),
        "unsaved": typed and not may_score,
        "faults": faults,
        "key": request.POST.get("key") or str(uuid4()),
        "revision": revision,
        "essay": essay_of(found, revision),
        "next": next_of(request.user, found.round, after=found.pk) if may_score else None,
        "stale": is_stale(scorecard, revision),
    }
    return render(request, "judging/assignment.html", context, status=422 if faults else 200)


def is_stale(scorecard: Scorecard | None, revision: Revision) -> bool:
    """Whether marks were given to an earlier revision than the one shown."""
    return (
        scorecard is not None
        and scorecard.status == ScorecardStatus.DRAFT
        and scorecard.revision_id != revision.pk
    )


def essay_of(found: Assignment, revision: Revision) -> dict[str, Any]:
    """The frozen entry as the jury may read it, in the reader's language where it has several."""
    content = readable(
        for_jury(revision.content),
        lambda token: reverse("judging:file", args=[found.pk, token]),
        lambda token, number: reverse("judging:page", args=[found.pk, token, number]),
    )
    return {**content, "name": content["nominee_name"] or content["organisation"]}


def check_revision(request: UserRequest, found: Assignment) -> None:
    """Refuse marks that were given while reading a revision that has been replaced."""
    latest, read = found.entry.latest_revision(), request.POST.get("revision", "")
    if latest is not None and read and read != str(latest.pk):
        raise NewRevisionError


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


@policy(SIGNED_IN)
@require_POST
def mark_save(request: UserRequest, pk: int, criterion_pk: int) -> HttpResponse:
    """Autosave of one criterion."""
    found = own_assignment(request, pk)
    criterion = get_object_or_404(
        Criterion.objects.select_related("dimension"),
        pk=criterion_pk,
        dimension__rubric=found.round.rubric_id,
    )
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
    return JsonResponse({"version": scorecard.version, "saved_at": timezone.now().isoformat()})


@policy(SIGNED_IN)
@require_POST
def scorecard_submit(request: UserRequest, pk: int) -> HttpResponse:
    """Save what the form holds and lock it; sending it again changes nothing."""
    found = own_assignment(request, pk)
    if not can_read(request.user, found):
        return redirect(found)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    scorecard = scorecard_of(found)
    replayed = (
        scorecard is not None
        and scorecard.status == ScorecardStatus.SUBMITTED
        and scorecard.idempotency_key == key
    )
    if not replayed:
        errors = save_all(request, found)
        if errors:
            return sheet_page(request, found, typed=True, errors=errors)
        try:
            submit_scorecard(open_scorecard(found, by=request.user), by=request.user, key=key)
        except DomainError as error:
            return sheet_page(request, found, typed=True, errors=[error])
    messages.success(request, _("Your scorecard is submitted. Thank you!"))
    return redirect(found)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: UserRequest, pk: int) -> HttpResponse:
    """Step back from an entry, after a page that says what follows from it."""
    found = own_assignment(request, pk)
    if not can_recuse(request.user, found, scorecard_of(found)):
        messages.error(
            request,
            _("You can no longer step back from this entry here. Please write to the organisers."),
        )
        return redirect(found)
    form = RecusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            step_back(found, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(
                request,
                _("You stepped back from entry %(number)s. The organisers have been told.")
                % {"number": found.entry.number},
            )
            return redirect("judging:desk")
    context = {"season": found.round.season, "assignment": found, "form": form}
    return render(request, "judging/recuse.html", context, status=422 if form.is_bound else 200)


def readable_file_or_404(request: UserRequest, pk: int, token: UUID) -> Attachment:
    """A file of the revision that is read, unless it is kept from the jury."""
    found = own_assignment(request, pk)
    if not can_read(request.user, found):
        raise Http404
    revision = read_revision(found, scorecard_of(found))
    listed = for_jury(revision.content)["attachments"] if revision else []
    if all(one["token"] != str(token) for one in listed):
        raise Http404
    return get_object_or_404(Attachment, token=token, entry=found.entry_id)


@policy(SIGNED_IN)
@require_safe
def file(request: UserRequest, pk: int, token: UUID) -> FileResponse:
    """A file of the revision that is read, as a download."""
    attachment = readable_file_or_404(request, pk, token)
    try:
        return private_file_response(attachment.file, attachment.name, attachment.content_type)
    except FileNotFoundError as error:
        raise Http404 from error


@policy(SIGNED_IN)
@require_safe
def page(request: UserRequest, pk: int, token: UUID, number: int) -> FileResponse:
    """The picture of one page of an essay that is a file."""
    attachment = readable_file_or_404(request, pk, token)
    picture = get_object_or_404(attachment.pages.all(), number=number)
    try:
        return private_picture_response(picture.image)
    except FileNotFoundError as error:
        raise Http404 from error
