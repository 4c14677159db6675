"""A draft version of a rubric for the people who are asked about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.consulting import Subject, subjects_of
from judging.differences import differences
from judging.forms.marks import read_version
from judging.models import Consultation, Invitee
from judging.rubrics import previous_of
from judging.services import say
from nominations.words import clean_text


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: UserRequest, pk: int) -> HttpResponse:
    """The draft, what it changes, and one's own comments; organisers read along."""
    rows = Consultation.objects.visible_to(request.user).select_related("rubric__season")
    found = get_object_or_404(rows, pk=pk)
    invitee = Invitee.objects.of(request.user).filter(consultation=found).first()
    subjects = subjects_of(found, invitee)
    refused = False
    if request.method == "POST":
        if invitee is None:
            raise Http404
        refused = not save_all(request, found, subjects)
        if not refused:
            messages.success(request, _("Thank you. Your comments are kept."))
            return redirect(found)
    previous = previous_of(found.rubric)
    context: dict[str, Any] = {
        "season": found.rubric.season,
        "consultation": found,
        "subjects": subjects,
        "previous": previous,
        "differences": differences(previous, found.rubric) if previous else [],
        "may_write": invitee is not None and found.is_open(),
        "refused": refused,
    }
    return render(request, "judging/consultation.html", context, status=422 if refused else 200)


def save_all(request: UserRequest, found: Consultation, subjects: list[Subject]) -> bool:
    """Save every comment that was sent; what is refused stays on the page as it was typed."""
    saved = True
    for subject in subjects:
        text = request.POST.get(f"text-{subject.slug}")
        if text is None:
            continue
        version = read_version(request.POST.get(f"version-{subject.slug}"))
        subject.text = clean_text(text)
        try:
            say(found, subject.slug, subject.text, by=request.user, base_version=version)
        except DomainError as error:
            subject.error, saved = str(error), False
    return saved
