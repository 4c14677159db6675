"""The nominee's page about the public page: summary, picture, approval."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response
from nominations.models import Entry
from nominations.permissions import can_submit
from results.forms.console import LaureatePageForm
from results.models import LaureatePage, PublishedResult
from results.services import approve_page, write_page


def own_or_404(request: UserRequest, pk: int) -> Entry:
    """An own entry with a public outcome; before the release there is no such page."""
    entry = get_object_or_404(
        Entry.objects.of_member(request.user).select_related(
            "organisation", "nomination__season__programme"
        ),
        pk=pk,
    )
    if not can_submit(request.user, entry):
        raise Http404
    if not PublishedResult.objects.filter(entry=entry).exists():
        raise Http404
    return entry


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def own_page(request: UserRequest, pk: int) -> HttpResponse:
    """Write, send a picture, approve; each stands alone."""
    entry = own_or_404(request, pk)
    page = LaureatePage.objects.filter(entry=entry).first()
    form = LaureatePageForm(request.POST or None, request.FILES or None, page=page)
    if request.method == "POST" and form.is_valid():
        try:
            write_page(entry, by=request.user, **form.values())
            if "approve" in request.POST:
                approve_page(entry, by=request.user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(
                request,
                _("Approved. An organiser looks at it, then it is public.")
                if "approve" in request.POST
                else _("Kept. It is not public until you approve it."),
            )
            return redirect("results:own_page", pk)
    response = render(
        request,
        "results/own_page.html",
        {
            "entry": entry,
            "season": entry.nomination.season,
            "page": page,
            "form": form,
        },
        status=422 if form.errors else 200,
    )
    response["Cache-Control"] = "private, no-store"
    return response


@policy(SIGNED_IN)
@require_safe
def own_picture(request: UserRequest, pk: int) -> FileResponse:
    """The picture as it is kept."""
    page = get_object_or_404(LaureatePage, entry=own_or_404(request, pk))
    if not page.picture:
        raise Http404
    response = private_file_response(page.picture, "picture.jpg", "image/jpeg")
    response["Content-Disposition"] = "inline"
    return response
