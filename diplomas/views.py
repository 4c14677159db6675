"""The public page that confirms a diploma, and the file for those it belongs to."""

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy, public
from common.uploads import private_file_response
from diplomas.models import Diploma
from diplomas.permissions import can_download


def find(diplomas: QuerySet[Diploma], number: str) -> Diploma:
    """The diploma with a number, however it was typed; what no database can hold is unknown."""
    return get_object_or_404(diplomas, number=number.replace("\x00", "?").strip().upper())


@public
@require_safe
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """Say what a diploma proves, or that it was revoked; an unknown number is an unknown page."""
    diploma = find(Diploma.objects.select_related("season"), number)
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
    diploma = find(Diploma.objects.visible_to(request.user), number)
    if not can_download(request.user, diploma):
        raise Http404
    return private_file_response(diploma.file, f"{diploma.number}.pdf", "application/pdf")
