"""The files and scanned pages of the revision that is read."""

from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response, private_picture_response
from judging.blind import file_shown
from judging.views.reading import opens, own_assignment, read_revision, scorecard_of
from nominations.models import Attachment


def readable_file_or_404(request: UserRequest, pk: int, token: UUID) -> tuple[Attachment, str]:
    """A file of the revision that is read, and the name it goes by, unless it is kept from the jury."""
    found = own_assignment(request, pk)
    if not opens(request, found):
        raise Http404
    listed = file_shown(found.round, read_revision(found, scorecard_of(found)), str(token))
    if listed is None:
        raise Http404
    return get_object_or_404(Attachment, token=token, entry=found.entry_id), listed["name"]


@policy(SIGNED_IN)
@require_safe
def file(request: UserRequest, pk: int, token: UUID) -> FileResponse:
    """A file of the revision that is read, as a download."""
    attachment, name = readable_file_or_404(request, pk, token)
    try:
        return private_file_response(attachment.file, name, attachment.content_type)
    except FileNotFoundError as error:
        raise Http404 from error


@policy(SIGNED_IN)
@require_safe
def page(request: UserRequest, pk: int, token: UUID, number: int) -> FileResponse:
    """The picture of one page of an essay that is a file."""
    attachment, _name = readable_file_or_404(request, pk, token)
    picture = get_object_or_404(attachment.pages.all(), number=number)
    try:
        return private_picture_response(picture.image)
    except FileNotFoundError as error:
        raise Http404 from error
