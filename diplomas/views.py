"""The public page that confirms a diploma, and the file for those it belongs to."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy, public
from diplomas.models import Diploma
from diplomas.permissions import can_download


@public
@require_safe
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """Say what a diploma proves, or that it was revoked; an unknown number is an unknown page."""
    diploma = get_object_or_404(Diploma.objects.select_related("season"), number=number.upper())
    response = render(
        request,
        "diplomas/verify.html",
        {
            "diploma": diploma,
            "season": diploma.season,
            "may_download": Diploma.objects.visible_to(request.user).filter(pk=diploma.pk).exists()
            and can_download(request.user, diploma),
        },
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@policy(SIGNED_IN)
@require_safe
def download(request: UserRequest, number: str) -> FileResponse:
    """Hand out the file."""
    diploma = get_object_or_404(Diploma.objects.visible_to(request.user), number=number.upper())
    if not can_download(request.user, diploma):
        raise Http404
    return FileResponse(
        diploma.file.open("rb"),
        as_attachment=True,
        filename=f"{diploma.number}.pdf",
        content_type="application/pdf",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
