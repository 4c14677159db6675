"""Writing the essay: the editor, and saving one answer or all of them."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from nominations.editor import Refused, fields_of, in_words
from nominations.fields import answer_problem
from nominations.inputs import typed
from nominations.models import Answer, Entry, Prompt
from nominations.services import AnswerConflict, Closed, save_answer
from nominations.team import beside_questions
from nominations.views.access import editable_entry_or_404, entry_context, own_entry_or_404
from nominations.words import count_words


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def essay(request: UserRequest, pk: int) -> HttpResponse:
    """The editor; without JavaScript its form saves all answers at once."""
    if request.method == "POST":
        entry = editable_entry_or_404(request, pk)
        refused = save_all(request, entry)
        if not refused:
            messages.success(request, _("All answers are saved."))
            return redirect(
                "nominations:preview" if "onward" in request.POST else "nominations:essay", pk
            )
    else:
        entry = own_entry_or_404(request, pk)
        refused = {}
    context = entry_context(request, entry, "essay")
    context |= {
        "fields": fields_of(context["draft"], refused),
        "team": beside_questions(entry, request.user),
        "closed": next(
            (one.error for one in refused.values() if isinstance(one.error, Closed)), None
        ),
    }
    return render(request, "nominations/essay.html", context, status=422 if refused else 200)


def save_all(request: UserRequest, entry: Entry) -> dict[int, Refused]:
    """Save each answer of the form on its own; return what was refused, by prompt."""
    refused: dict[int, Refused] = {}
    for prompt in entry.nomination.prompts.prefetch_related("options"):
        text = typed(request.POST, prompt)
        if text is None:
            continue
        base = request.POST.get(f"base-{prompt.pk}", "")
        version = int(base) if base.isdecimal() else 0
        try:
            save_answer(entry, prompt, text, by=request.user, base_version=version)
        except DomainError as error:
            refused[prompt.pk] = Refused(text, error)
    return refused


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def answer_save(request: UserRequest, pk: int, prompt_pk: int) -> HttpResponse:
    """Save one answer, or read what is saved; the body is JSON: {"text": …, "base_version": …}."""
    if request.method == "GET":
        return answer_now(own_entry_or_404(request, pk), prompt_pk)
    entry = editable_entry_or_404(request, pk)
    prompt = get_object_or_404(Prompt, pk=prompt_pk, nomination=entry.nomination_id)
    text, base = told(request)
    if text is None or base is None:
        message = _("The request could not be read.")
        return JsonResponse({"state": "refused", "message": message}, status=400)
    try:
        answer = save_answer(entry, prompt, text, by=request.user, base_version=base)
    except AnswerConflict as conflict:
        stored = {"stored": stored_answer(conflict.answer)}
        return JsonResponse({"state": "conflict", "message": str(conflict), **stored}, status=409)
    except Closed as closed:
        return JsonResponse(
            {
                "state": "closed",
                "message": str(closed),
                "deadline": closed.deadline,
                "now": closed.now,
            },
            status=423,
        )
    except DomainError as error:
        return JsonResponse({"state": "refused", "message": str(error)}, status=422)
    return JsonResponse({"state": "saved", **stored_answer(answer)})


def answer_now(entry: Entry, prompt_pk: int) -> JsonResponse:
    """What is saved of one answer, for a page that another person overtook."""
    answers = entry.answers.select_related("prompt", "updated_by")
    answer = get_object_or_404(answers, prompt=prompt_pk)
    return JsonResponse({"state": "saved", **stored_answer(answer)})


def told(request: UserRequest) -> tuple[str | None, int | None]:
    """Read the text and the version it was written upon from the body."""
    try:
        body = json.loads(request.body)
        text, base = body["text"], body["base_version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, None
    well_formed = isinstance(text, str) and isinstance(base, int) and not isinstance(base, bool)
    return (text, base) if well_formed else (None, None)


def stored_answer(answer: Answer) -> dict[str, Any]:
    """What the editor needs to know of a stored answer."""
    prompt = answer.prompt
    files = answer.entry.attachments.filter(removed_at=None, prompt=prompt).count()
    return {
        "text": answer.text,
        "shown": in_words(prompt, answer.text),
        "version": answer.version,
        "words": count_words(answer.text),
        "problem": answer_problem(prompt, answer.text, files) if answer.text else "",
        "at": answer.updated_at,
        "by": str(answer.updated_by or ""),
    }
