"""The discussion inside an entry: comments on the whole of it and on single answers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from nominations.models import Comment, Entry, Prompt
from nominations.services.comments import (
    add_comment,
    can_delete,
    delete_comment,
    note_read,
    reopen_comment,
    resolve_comment,
)
from nominations.views.access import entry_context, own_entry_or_404


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def discussion(request: UserRequest, pk: int) -> HttpResponse:
    """Read what the people of the entry say to each other, and say something."""
    entry = own_entry_or_404(request, pk)
    if request.method != "POST":
        return discussion_page(request, entry)
    typed = {
        "text": request.POST.get("text", ""),
        "prompt": request.POST.get("prompt", ""),
        "key": request.POST.get("key", ""),
    }
    try:
        add_comment(
            entry,
            text=typed["text"],
            by=request.user,
            key=key_of(typed["key"]),
            prompt=prompt_of(entry, typed["prompt"]),
        )
    except DomainError as error:
        return discussion_page(request, entry, typed=typed, error=str(error))
    if request.htmx:
        return discussion_page(request, entry)
    about = f"#about-{typed['prompt']}" if typed["prompt"] else ""
    return redirect(f"{reverse('nominations:discussion', args=[pk])}{about}")


def key_of(text: str) -> UUID:
    """The key of the form."""
    try:
        return UUID(text)
    except ValueError as error:
        message = _("The form was not complete. Please press the button again.")
        raise DomainError(message) from error


def prompt_of(entry: Entry, text: str) -> Prompt | None:
    """The question a comment is about; none means the whole entry."""
    if not text:
        return None
    prompt = (
        Prompt.objects.filter(nomination=entry.nomination_id, pk=int(text)).first()
        if text.isdecimal() and len(text) < 19
        else None
    )
    if prompt is None:
        raise DomainError(_("This question belongs to another nomination."), field="prompt")
    return prompt


def discussion_page(
    request: UserRequest, entry: Entry, *, typed: dict[str, str] | None = None, error: str = ""
) -> HttpResponse:
    """All threads: the whole entry first, then the questions in their order."""
    context = entry_context(request, entry, "discussion")
    wished = (typed or {}).get("prompt") or request.GET.get("prompt", "")
    context |= {
        "threads": threads(request, entry, may_edit=context["may_edit"]),
        "prompts": [
            {"pk": one.pk, "label": one.label, "chosen": str(one.pk) == wished}
            for one in entry.nomination.prompts.all()
        ],
        "typed": (typed or {}).get("text", ""),
        "key": (typed or {}).get("key") or uuid4(),
        "error": error,
    }
    note_read(entry, request.user)
    template = "nominations/_discussion.html" if request.htmx else "nominations/discussion.html"
    return render(request, template, context, status=422 if error else 200)


def threads(request: UserRequest, entry: Entry, *, may_edit: bool) -> list[dict[str, Any]]:
    """The comments by question; what is settled comes apart."""
    rows = entry.comments.select_related("author", "resolved_by").order_by("written_at", "pk")
    by_prompt: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        own = row.author_id == request.user.pk
        by_prompt.setdefault(row.prompt_id, []).append(
            {
                "row": row,
                "own": own,
                "may_settle": own or may_edit,
                "may_delete": can_delete(request.user, row),
            }
        )
    titles: list[tuple[int | None, str]] = [
        (None, _("The whole entry")),
        *[(one.pk, str(one.label)) for one in entry.nomination.prompts.all()],
    ]
    return [
        {
            "prompt": pk,
            "title": title,
            "open": [one for one in by_prompt[pk] if one["row"].resolved_at is None],
            "settled": [one for one in by_prompt[pk] if one["row"].resolved_at is not None],
        }
        for pk, title in titles
        if pk in by_prompt
    ]


def act_on(
    request: UserRequest, pk: int, comment_pk: int, act: Callable[[Comment], None]
) -> HttpResponse:
    """Do something with one comment, and show the discussion again."""
    entry = own_entry_or_404(request, pk)
    comment = get_object_or_404(entry.comments.select_related("author"), pk=comment_pk)
    comment.entry = entry
    try:
        act(comment)
    except DomainError as error:
        if request.htmx:
            return discussion_page(request, entry, error=str(error))
        messages.error(request, str(error))
    if request.htmx:
        return discussion_page(request, entry)
    return redirect("nominations:discussion", pk)


@policy(SIGNED_IN)
@require_POST
def comment_resolve(request: UserRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Say that it is settled."""
    return act_on(request, pk, comment_pk, lambda one: resolve_comment(one, by=request.user))


@policy(SIGNED_IN)
@require_POST
def comment_reopen(request: UserRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Say that it is not settled after all."""
    return act_on(request, pk, comment_pk, lambda one: reopen_comment(one, by=request.user))


@policy(SIGNED_IN)
@require_POST
def comment_delete(request: UserRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Take an own comment away."""
    return act_on(request, pk, comment_pk, lambda one: delete_comment(one, by=request.user))
