"""Two revisions of an entry side by side, for its nominee, the organisers and the vetting team."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from nominations.compare import compare as compared
from nominations.drafts import Draft
from nominations.models import Entry, EntryStatus, Revision
from nominations.permissions import EDITABLE, can_read_draft

DRAFT = "draft"


@dataclass(frozen=True)
class Side:
    """One of the two: a submitted revision, or what the nominee writes now."""

    value: str
    label: str
    content: dict[str, Any]
    revision: Revision | None = None


@policy(SIGNED_IN)
@require_safe
def compare(request: UserRequest, pk: int) -> HttpResponse:
    """What was put in and taken out between two revisions; own people compare their draft too."""
    entry, own = readable_entry_or_404(request, pk)
    sides = sides_of(entry, own=own)
    numbers = [side.value for side in sides]
    after = request.GET.get("b") or (numbers[-1] if numbers else "")
    earlier = numbers[numbers.index(after) - 1] if after in numbers[1:] else numbers[0]
    before = request.GET.get("a") or earlier
    by_value = {side.value: side for side in sides}
    if before not in by_value or after not in by_value:
        raise Http404
    file_page = "attachment" if own or entry_is_organised(request, entry) else "vetting_file"
    tokens = {file["token"] for side in sides for file in side.content.get("attachments", [])}
    urls = {token: reverse(f"nominations:{file_page}", args=[entry.pk, token]) for token in tokens}
    comparison = compared(by_value[before].content, by_value[after].content, urls)
    context = {
        "entry": entry,
        "season": entry.season,
        "own": own,
        "sides": sides,
        "before": by_value[before],
        "after": by_value[after],
        "comparison": comparison,
        "back_url": entry.get_absolute_url()
        if own
        else reverse("nominations:vetting_entry", args=[entry.pk]),
    }
    return render(request, "nominations/compare.html", context)


def readable_entry_or_404(request: UserRequest, pk: int) -> tuple[Entry, bool]:
    """An entry the person may compare, and whether it is their own; there must be something to read."""
    own = Entry.objects.of_member(request.user).values("pk")
    vetted = Entry.objects.vetted_by(request.user).values("pk")
    entries = Entry.objects.filter(pk__in=own) | Entry.objects.filter(pk__in=vetted)
    entry = get_object_or_404(
        entries.select_related("nomination__season__programme", "organisation"), pk=pk
    )
    if not entry.revisions.exists():
        raise Http404
    return entry, can_read_draft(request.user, entry)


def entry_is_organised(request: UserRequest, entry: Entry) -> bool:
    """Whether the person reads its files as an organiser."""
    return Entry.objects.organised_by(request.user).filter(pk=entry.pk).exists()


def sides_of(entry: Entry, *, own: bool) -> list[Side]:
    """Everything that can be compared, the oldest first; the draft only for its own people."""
    revisions = entry.revisions.select_related("submitted_by").order_by("number")
    sides = [
        Side(
            str(revision.number),
            _("Revision %(number)s") % {"number": revision.number},
            revision.content,
            revision,
        )
        for revision in revisions
    ]
    if own and entry.status in {*EDITABLE, EntryStatus.WITHDRAWN}:
        sides.append(Side(DRAFT, _("The draft now"), Draft(entry).content()))
    return sides
