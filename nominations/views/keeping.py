"""What a nominee takes along: history, calendar files, documents, a copy in another nomination."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.http import CALENDAR, UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response
from nominations.calendars import calendar_of, file_name
from nominations.documents import TYPES, as_file, paper_of
from nominations.history import history_of, letters_of
from nominations.models import Entry, Nomination, Revision
from nominations.permissions import can_enter_for, can_read_draft
from nominations.services import copy_entry, is_copy_of, left_behind, nominations_for
from nominations.views.access import entry_context, entry_or_404, own_entry_or_404


@policy(SIGNED_IN)
@require_safe
def history(request: UserRequest, pk: int) -> HttpResponse:
    """What happened to the entry, and the mails about it that the reader was sent."""
    entry = own_entry_or_404(request, pk)
    context = entry_context(request, entry, "history")
    context |= {
        "happened": history_of(entry, request.user),
        "letters": letters_of(entry, request.user),
    }
    return render(request, "nominations/history.html", context)


@policy(SIGNED_IN)
@require_safe
def entry_calendar(request: UserRequest, pk: int) -> HttpResponseBase:
    """The deadlines of one entry."""
    entry = own_entry_or_404(request, pk)
    content = calendar_of(request.user, [entry], entry.number)
    return private_file_response(ContentFile(content), file_name(entry), CALENDAR)


@policy(SIGNED_IN)
@require_safe
def desk_calendar(request: UserRequest) -> HttpResponseBase:
    """All deadlines of the reader's entries."""
    entries = list(
        Entry.objects.of_member(request.user)
        .select_related("nomination__season", "organisation")
        .prefetch_related("nomination__season__stages__extensions", "reopenings")
        .order_by("pk")
    )
    content = calendar_of(request.user, entries, _("My deadlines"))
    return private_file_response(ContentFile(content), file_name(), CALENDAR)


@policy(SIGNED_IN)
@require_safe
def document(request: UserRequest, pk: int, ending: str) -> HttpResponseBase:
    """The entry as PDF or DOCX: a revision, or for its own people the draft."""
    entry = entry_or_404(request, pk)
    revision = asked_revision(request, entry)
    if revision is None and not can_read_draft(request.user, entry):
        raise PermissionDenied
    paper = paper_of(entry, revision)
    content = ContentFile(as_file(paper, ending))
    return private_file_response(content, paper.file_name(ending), TYPES[ending])


def asked_revision(request: UserRequest, entry: Entry) -> Revision | None:
    """The revision the address names; none means the draft."""
    number = request.GET.get("revision", "")
    if not number:
        return None
    if not number.isascii() or not number.isdecimal() or len(number) > 6:
        raise Http404
    return get_object_or_404(entry.revisions, number=int(number))


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: UserRequest, pk: int) -> HttpResponse:
    """Choose a nomination and start an entry there with what was written here."""
    entry = own_entry_or_404(request, pk)
    if not can_enter_for(request.user, entry.organisation):
        raise PermissionDenied
    if request.method != "POST":
        return copy_page(request, entry)
    chosen = request.POST.get("nomination", "")
    try:
        key = UUID(request.POST.get("key", ""))
        nomination = Nomination.objects.filter(pk=int(chosen)).first()
    except ValueError:
        key, nomination = uuid4(), None
    if nomination is None:
        error = DomainError(_("Choose a nomination."), field="nomination")
        return copy_page(request, entry, error=error, key=key)
    try:
        made = copy_entry(entry, nomination, by=request.user, key=key)
    except DomainError as error:
        return copy_page(request, entry, error=error, key=key, chosen=chosen)
    return redirect("nominations:copied", entry.pk, made.pk)


def copy_page(
    request: UserRequest,
    entry: Entry,
    *,
    error: DomainError | None = None,
    key: UUID | None = None,
    chosen: str = "",
) -> HttpResponse:
    """The nominations that take an entry of this kind, by season."""
    groups: dict[int, list[Nomination]] = {}
    for nomination in nominations_for(entry, request.user):
        groups.setdefault(nomination.season_id, []).append(nomination)
    context = entry_context(request, entry, "copy")
    context |= {
        "groups": [{"season": rows[0].season, "nominations": rows} for rows in groups.values()],
        "error": error,
        "key": key or uuid4(),
        "chosen": chosen,
    }
    return render(request, "nominations/copy.html", context, status=422 if error else 200)


@policy(SIGNED_IN)
@require_safe
def copied(request: UserRequest, pk: int, copy_pk: int) -> HttpResponse:
    """What went along into the new entry and what stayed behind."""
    entry = own_entry_or_404(request, pk)
    made = own_entry_or_404(request, copy_pk)
    if not is_copy_of(made, entry):
        raise Http404
    context = entry_context(request, made, "entry")
    context |= {"source": entry, "left": left_behind(entry, made)}
    return render(request, "nominations/copied.html", context)
