"""The nominee's one question about its feedback, answered in the back office."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from nominations.models import Entry
from results.forms.console import AnswerForm
from results.models import Feedback
from results.services.questions import answer_question


def asked(request: HttpRequest, pk: int) -> Feedback:
    """Feedback somebody asked about, of an entry one runs and no conflict hides."""
    entries = Entry.objects.organised_by(request.user).values("pk")
    rows = Feedback.objects.filter(entry__in=entries, asked_at__isnull=False)
    return get_object_or_404(
        rows.select_related(
            "entry__organisation", "entry__nomination__season", "asked_by", "answered_by"
        ),
        pk=pk,
    )


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: UserRequest, pk: int) -> HttpResponse:
    """Read the question and answer it."""
    feedback = asked(request, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(feedback, text=form.cleaned_data["text"], by=request.user)
        except DomainError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("The answer is sent."))
            return redirect("admin:results_feedback_question", pk)
    feedback = asked(request, pk)
    return TemplateResponse(
        request,
        "admin/results/feedback_question.html",
        {
            **admin.site.each_context(request),
            "title": _("Question about the feedback on %(number)s")
            % {"number": feedback.entry.number},
            "feedback": feedback,
            "season": feedback.entry.nomination.season,
            "form": form,
        },
        status=422 if form.errors else 200,
    )
