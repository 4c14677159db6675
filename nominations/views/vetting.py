"""Vetting: the queue of a season, one entry beside its check list, and its files."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit.models import Event
from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response, private_picture_response
from nominations.checklist import Line, lines_of, seen
from nominations.clock import entry_window
from nominations.conditions import conditions_of
from nominations.content import readable
from nominations.errors import CheckConflict
from nominations.models import (
    Attachment,
    Check,
    Entry,
    EntryStatus,
    PromptKind,
    Revision,
    Verdict,
)
from nominations.permissions import EDITABLE, can_reopen
from nominations.queue import (
    STATES,
    in_queue,
    left_to_do,
    next_waiting,
    read_filters,
    seasons_vetted_by,
    with_deadlines,
)
from nominations.services import save_check
from nominations.services.files import is_submitted
from nominations.services.vetting import CHECKABLE
from seasons.models import StageKind

PER_PAGE = 50
HISTORY = {
    "entry.submitted": gettext_noop("submitted"),
    "entry.submitted-by-rule": gettext_noop(
        "submitted at the deadline, by the rules of the season"
    ),
    "entry.admitted": gettext_noop("admitted to judging"),
    "entry.returned": gettext_noop("returned for changes"),
    "entry.disqualified": gettext_noop("disqualified"),
    "entry.reopened": gettext_noop("opened for changes"),
    "entry.reopening-ended": gettext_noop("closed for changes"),
    "entry.withdrawn": gettext_noop("withdrawn"),
    "entry.restored": gettext_noop("made a draft again"),
}


def vetted_entry_or_404(request: UserRequest, pk: int) -> Entry:
    """An entry the person may vet; one that was never submitted is the organisers' alone."""
    entries = Entry.objects.vetted_by(request.user).select_related(
        "nomination__season__programme", "nomination__category", "organisation"
    )
    entry = get_object_or_404(
        entries.prefetch_related("nomination__season__stages__extensions", "reopenings"), pk=pk
    )
    if not entry.revisions.exists() and not can_reopen(request.user, entry):
        raise Http404
    return entry


@policy(SIGNED_IN)
@require_safe
def queue(request: UserRequest, slug: str) -> HttpResponse:
    """Submitted entries of a season: those that wait first, oldest first."""
    seasons = seasons_vetted_by(request.user).select_related("programme")
    season = get_object_or_404(seasons.prefetch_related("stages__extensions"), slug=slug)
    filters = read_filters(request.GET)
    rows = filters.applied(in_queue(request.user, season), request.user)
    rows = rows.select_related("nomination", "organisation").prefetch_related("reopenings")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    left = left_to_do(request.user, season)
    context = {
        "season": season,
        "page": page,
        "rows": with_deadlines(page.object_list, season, season.stage(StageKind.ENTRY)),
        "filters": filters,
        "states": [
            (state, {"waiting": _("waiting"), "returned": _("returned")}.get(state, status.label))
            for state, status in STATES.items()
        ],
        "left": left,
        "waiting": sum(one.waiting for one in left),
        "total": sum(one.total for one in left),
        "filtered": filters != read_filters({}),
    }
    return render(request, "nominations/vetting.html", context)


@dataclass
class Row:
    """A line of the check list on the page, with what was typed when it could not be saved."""

    line: Line
    verdict: str
    note: str
    seen: str
    error: str = ""
    conflict: Check | None = None
    verdicts: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.verdicts = [
            {"value": value, "label": label, "checked": value == self.verdict}
            for value, label in Verdict.choices
        ]


def rows_of(lines: list[Line], typed: Any = None, refused: "Refused | None" = None) -> list[Row]:
    """The check list for the page: what is kept, or what was just typed and refused."""
    found = []
    for line in lines:
        pk = line.item.pk
        row = Row(
            line,
            verdict=line.check.verdict if line.check else "",
            note=line.check.note if line.check else "",
            seen=line.seen,
        )
        if refused is not None and pk in refused:
            error = refused[pk]
            row = Row(
                line,
                verdict=typed.get(f"verdict-{pk}", ""),
                note=typed.get(f"note-{pk}", ""),
                seen=line.seen,
                error=str(error),
                conflict=error.check if isinstance(error, CheckConflict) else None,
            )
        found.append(row)
    return found


Refused = dict[int, DomainError]


@policy(SIGNED_IN)
@require_safe
def vetting_entry(request: UserRequest, pk: int) -> HttpResponse:
    """What was submitted, beside the check list."""
    return entry_page(request, vetted_entry_or_404(request, pk))


def entry_page(
    request: UserRequest, entry: Entry, *, refused: Refused | None = None
) -> HttpResponse:
    """Everything a vetter needs of one entry."""
    revision = entry.latest_revision()
    lines = lines_of(entry, revision)
    content = content_of(entry, revision) if revision else None
    window = entry_window(entry.season, entry.organisation, entry=entry)
    organises = can_reopen(request.user, entry)
    if content and content["essay"] and organises:
        token = content["essay"]["token"]
        content["essay"]["retry"] = reverse("nominations:attachment_pages", args=[entry.pk, token])
    context = {
        "season": entry.season,
        "entry": entry,
        "revision": revision,
        "previous": entry.revisions.filter(number__lt=revision.number).first()
        if revision
        else None,
        "content": content,
        "figures": [one for one in content["answers"] if one["kind"] == PromptKind.METRIC]
        if content
        else [],
        "conditions": conditions_of(entry),
        "rows": rows_of(lines, request.POST, refused),
        "done": sum(line.check is not None for line in lines),
        "may_check": revision is not None and entry.status in CHECKABLE,
        "window": window,
        "overdue": entry.status == EntryStatus.RETURNED and not window.is_open,
        "organises": organises,
        "verbs": verbs(entry, organises=organises),
        "reopenings": list(entry.reopenings.all()),
        "history": history(entry),
        "next": next_waiting(request.user, entry),
    }
    status = 200
    if refused:
        conflicts = [one for one in refused.values() if isinstance(one, CheckConflict)]
        status = 409 if conflicts else 422
    return render(request, "nominations/vetting_entry.html", context, status=status)


def content_of(entry: Entry, revision: Revision) -> dict[str, Any]:
    """The revision with the addresses of its files for the vetting team."""
    return readable(
        revision.content,
        lambda token: reverse("nominations:vetting_file", args=[entry.pk, token]),
        lambda token, number: reverse("nominations:vetting_page", args=[entry.pk, token, number]),
    )


def verbs(entry: Entry, *, organises: bool) -> dict[str, bool]:
    """Which outcomes are open, as far as the status goes."""
    status = EntryStatus(entry.status)
    live = {EntryStatus.SUBMITTED, EntryStatus.ADMITTED, EntryStatus.RETURNED}
    return {
        "admit": status in {EntryStatus.SUBMITTED, EntryStatus.RETURNED, EntryStatus.DISQUALIFIED},
        "return": status in {EntryStatus.SUBMITTED, EntryStatus.ADMITTED},
        "disqualify": status in live,
        "reopen": organises and status in {*EDITABLE, EntryStatus.WITHDRAWN},
    }


def history(entry: Entry) -> list[dict[str, Any]]:
    """What happened to the entry, from the log: who did what, when and why; the latest first."""
    about = f"nominations.entry:{entry.pk}"
    events = list(Event.objects.filter(about=about, verb__in=HISTORY).order_by("-position")[:30])
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [
        {
            "at": event.at,
            "what": _(HISTORY[event.verb]),
            "who": people.get(event.actor_id),
            "reason": event.data.get("reason", ""),
            "revision": event.data.get("revision"),
        }
        for event in events
    ]


@policy(SIGNED_IN)
@require_POST
def checks_save(request: UserRequest, pk: int) -> HttpResponse:
    """Save the lines that were sent: to the page's script in JSON, to a plain form the page again."""
    entry = vetted_entry_or_404(request, pk)
    revision = entry.revisions.filter(number=whole(request.POST.get("revision", ""))).first()
    if revision is None:
        raise Http404
    revision.entry = entry
    refused: Refused = {}
    saved: list[Check] = []
    for item in entry.nomination.check_items.all():
        verdict = request.POST.get(f"verdict-{item.pk}", "")
        note = request.POST.get(f"note-{item.pk}", "")
        if not verdict and not note.strip():
            continue
        base = request.POST.get(f"seen-{item.pk}", "")
        try:
            saved.append(
                save_check(revision, item, by=request.user, verdict=verdict, note=note, base=base)
            )
        except DomainError as error:
            refused[item.pk] = error
    if request.headers.get("accept") == "application/json":
        return answer(entry, saved, refused)
    if refused:
        return entry_page(request, entry, refused=refused)
    return redirect(f"{reverse('nominations:vetting_entry', args=[pk])}#checklist")


def answer(entry: Entry, saved: list[Check], refused: Refused) -> JsonResponse:
    """What became of each line, and how far the list is."""
    conflicts = {pk: one.check for pk, one in refused.items() if isinstance(one, CheckConflict)}
    errors = {pk: str(one) for pk, one in refused.items() if pk not in conflicts}
    lines = lines_of(entry, entry.latest_revision())
    data = {
        "saved": [finding(check) for check in saved],
        "conflicts": [finding(check) for check in conflicts.values()],
        "errors": errors,
        "done": sum(line.check is not None for line in lines),
    }
    return JsonResponse(data, status=409 if conflicts else 422 if errors else 200)


def finding(check: Check) -> dict[str, Any]:
    """One finding as the page's script takes it."""
    return {
        "item": check.item_id,
        "verdict": check.verdict,
        "label": str(check.get_verdict_display()),
        "note": check.note,
        "by": str(check.by),
        "at": check.at.isoformat(),
        "seen": seen(check),
    }


def whole(text: str) -> int:
    """A small number from a form, or zero."""
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def submitted_file_or_404(request: UserRequest, pk: int, token: UUID) -> Attachment:
    """A file of the entry, if it was submitted."""
    entry = vetted_entry_or_404(request, pk)
    found = get_object_or_404(entry.attachments.all(), token=token)
    found.entry = entry
    if not is_submitted(found):
        raise Http404
    return found


@policy(SIGNED_IN)
@require_safe
def vetting_file(request: UserRequest, pk: int, token: UUID) -> HttpResponseBase:
    """A submitted file, as a download."""
    found = submitted_file_or_404(request, pk, token)
    return private_file_response(found.file, found.name, found.content_type)


@policy(SIGNED_IN)
@require_safe
def vetting_page(request: UserRequest, pk: int, token: UUID, number: int) -> HttpResponseBase:
    """The picture of one page of an essay that is a file."""
    found = submitted_file_or_404(request, pk, token)
    picture = get_object_or_404(found.pages.all(), number=number)
    return private_picture_response(picture.image)
