"""The jury's table of one entry: what the others gave, the discussion, the consensus meeting."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.forms.marks import read_version
from judging.models import Judge, Meeting, Remark, Round
from judging.seats import Seat, seat_of
from judging.services import add_remark, close_meeting, open_meeting, save_minutes
from judging.services.corrections import can_correct
from judging.services.summaries import may_summarise, write_summary
from judging.spread import cards_of, letters_of, name_of_voice, rows_of, voices_of
from nominations.content import as_submitted
from nominations.models import Entry


def seat_or_404(request: UserRequest, pk: int, entry_pk: int) -> Seat:
    """The person's place at the table, or nothing at all."""
    rounds = Round.objects.select_related("stage", "season").prefetch_related("stage__extensions")
    round_ = get_object_or_404(rounds, pk=pk)
    entries = Entry.objects.filter(nomination__season=round_.season_id)
    entry = get_object_or_404(entries.select_related("nomination", "organisation"), pk=entry_pk)
    seat = seat_of(request.user, round_, entry)
    if seat is None:
        raise Http404
    return seat


@policy(SIGNED_IN)
@never_cache
@require_safe
def table(request: UserRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Everything about one entry that the jury of its round shares now."""
    return table_page(request, seat_or_404(request, pk, entry_pk))


def table_page(
    request: UserRequest, seat: Seat, *, refused: DomainError | None = None, what: str = ""
) -> HttpResponse:
    """The page; after a refusal what was typed stands where it was."""
    round_, entry = seat.round, seat.entry
    as_submitted([entry])
    meetings = list(
        Meeting.objects.filter(round=round_, entry=entry)
        .select_related("opened_by", "closed_by", "summary")
        .order_by("-opened_at")
        if seat.reads_meetings
        else []
    )
    remarks = list(
        Remark.objects.filter(round=round_, entry=entry).select_related("author").order_by("pk")
        if seat.reads_discussion
        else []
    )
    names = names_at(seat, [one.author for one in remarks], request.user)
    voices = voices_of(round_, entry, request.user.pk, names) if seat.sees_others else []
    running = next((one for one in meetings if one.closed_at is None), None)
    # An organiser knows the applicant anyway; whoever judges or chairs goes by the round's rule.
    judges = seat.assignment is not None or seat.chairs
    context: dict[str, Any] = {
        "season": round_.season,
        "round": round_,
        "entry": entry,
        "seat": seat,
        "name": round_.name_of(entry) if judges else entry.display_name,
        "title": round_.title_of(entry) if judges else entry.title,
        "counted": cards_of(round_).filter(assignment__entry=entry).count(),
        "voices": voices,
        "rows": rows_of(round_, voices) if voices else [],
        "closes_at": round_.stage.closes_for(),
        "remarks": [
            {"name": names[one.author_id], "own": one.author_id == request.user.pk, "remark": one}
            for one in remarks
        ],
        "discussion_over": round_.discussion_until is not None
        and timezone.now() >= round_.discussion_until,
        "meetings": meetings,
        "running": running,
        "may_summarise": may_summarise(seat),
        "may_correct": seat.assignment is not None
        and seat.submitted
        and can_correct(request.user, seat.assignment),
        "key": request.POST.get("key") or str(uuid4()),
        "typed": request.POST,
        "refused": refused,
        "what": what,
    }
    return render(request, "judging/table.html", context, status=422 if refused else 200)


def names_at(seat: Seat, authors: list[User], reader: User) -> dict[int, str]:
    """What each person at the table is called: by name where the round says so, else by a letter."""
    judges = {
        judge.user_id: judge
        for judge in Judge.objects.filter(
            assignments__round=seat.round, assignments__entry=seat.entry
        ).select_related("user")
    }
    people = {**{pk: one.user for pk, one in judges.items()}, **{one.pk: one for one in authors}}
    if seat.round.others_named:
        names = {pk: str(person) for pk, person in people.items()}
    else:
        letters = letters_of(seat.round, seat.entry, people)
        names = {pk: name_of_voice(pk, letters) for pk in people}
    if reader.pk in names:
        names[reader.pk] = _("You")
    return names


@policy(SIGNED_IN)
@require_POST
def table_say(request: UserRequest, pk: int, entry_pk: int) -> HttpResponse:
    """A remark in the discussion."""
    seat = seat_or_404(request, pk, entry_pk)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    try:
        add_remark(
            seat.round, seat.entry, by=request.user, text=request.POST.get("text", ""), key=key
        )
    except DomainError as error:
        return table_page(request, seat, refused=error, what="say")
    return redirect("judging:table", pk, entry_pk)


@policy(SIGNED_IN)
@require_POST
def meeting(request: UserRequest, pk: int, entry_pk: int) -> HttpResponse:
    """The chair opens a meeting, keeps its minutes, or closes it with a decision."""
    seat = seat_or_404(request, pk, entry_pk)
    try:
        act_on_meeting(request, seat)
    except DomainError as error:
        return table_page(request, seat, refused=error, what="meeting")
    return redirect("judging:table", pk, entry_pk)


@policy(SIGNED_IN)
@require_POST
def meeting_summary(request: UserRequest, pk: int, entry_pk: int, meeting_pk: int) -> HttpResponse:
    """A chair or an organiser writes what the public may read of a meeting."""
    seat = seat_or_404(request, pk, entry_pk)
    found = Meeting.objects.filter(round=seat.round, entry=seat.entry, pk=meeting_pk)
    held = get_object_or_404(found.select_related("round", "entry"))
    typed = request.POST
    try:
        write_summary(
            held,
            by=request.user,
            text=typed.get("summary", ""),
            base_version=read_version(typed.get("version")),
        )
    except DomainError as error:
        return table_page(request, seat, refused=error, what=f"summary {meeting_pk}")
    messages.success(request, _("The summary is kept. It is public only where the season says so."))
    return redirect("judging:table", pk, entry_pk)


def act_on_meeting(request: UserRequest, seat: Seat) -> None:
    """Do what the button says."""
    typed, by = request.POST, request.user
    running = (
        Meeting.objects.open()
        .filter(round=seat.round, entry=seat.entry)
        .select_related("round", "entry")
        .first()
    )
    if running is None:
        open_meeting(seat.round, seat.entry, by=by, agenda=typed.get("agenda", ""))
        messages.success(request, _("The meeting is open: its judges may change their marks."))
        return
    running = save_minutes(
        running,
        by=by,
        agenda=typed.get("agenda", running.agenda),
        notes=typed.get("notes", running.notes),
        base_version=read_version(typed.get("version")),
    )
    if "close" in typed:
        close_meeting(running, by=by, decision=typed.get("decision", ""))
        messages.success(request, _("The meeting is closed."))
    else:
        messages.success(request, _("The minutes are saved."))
