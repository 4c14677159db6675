"""What vetting decides, each on a page that asks first: admit, return, disqualify, reopen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from nominations.checklist import in_comments, lines_of
from nominations.clock import entry_window
from nominations.models import Entry, EntryStatus
from nominations.permissions import can_reopen
from nominations.services import (
    admit_entry,
    disqualify_entry,
    end_reopening,
    reopen_entry,
    return_entry,
)
from nominations.services.vetting import objections
from nominations.vetting_forms import ActForm, DatedForm
from nominations.views.vetting import vetted_entry_or_404

PERSONAL_DAYS = 3


@dataclass
class Question:
    """What a page asks before it acts."""

    title: str
    text: str
    button: str
    form: ActForm | None = None
    danger: bool = False
    warnings: list[str] = field(default_factory=list)
    warning_title: str = ""
    blocked: bool = False
    done: str = ""


def ask(
    request: UserRequest, entry: Entry, question: Question, act: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    """Show what will happen; do it when the form comes back whole, and say so."""
    error: DomainError | None = None
    form = question.form
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            act(form.cleaned_data if form is not None else {})
        except DomainError as refused:
            error = refused
            place = {"until": "until"}.get(refused.field, "text")
            if form is not None:
                form.add_error(place if refused.field else None, str(refused))
        else:
            messages.success(request, question.done)
            return redirect("nominations:vetting_entry", entry.pk)
    context = {
        "season": entry.season,
        "entry": entry,
        "question": question,
        "form": form,
        "error": error if form is None else None,
        "window": entry_window(entry.season, entry.organisation, entry=entry),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "nominations/vetting_ask.html", context, status=status)


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def vetting_admit(request: UserRequest, pk: int) -> HttpResponse:
    """Admit; against an open check list with a reason."""
    entry = vetted_entry_or_404(request, pk)
    against = objections(entry)
    organises = can_reopen(request.user, entry)
    form = None
    if against and organises:
        form = ActForm(
            request.POST or None,
            label=_("Why you admit it all the same"),
            help_text=_("Kept in the log of the season; the nominee does not see it."),
        )
    title = _("Not everything is in order")
    if not organises:
        title = _("Not everything is in order. Only an organiser can admit the entry now.")
    question = Question(
        title=_("Admit this entry to judging?"),
        text=_("The jury gets the latest revision to judge. The nominee gets a mail."),
        button=_("Admit to judging"),
        form=form,
        warnings=against,
        warning_title=title,
        blocked=bool(against) and not organises,
        done=_("%(number)s is admitted.") % {"number": entry.number},
    )

    def act(values: dict[str, Any]) -> Entry:
        return admit_entry(entry, by=request.user, reason=values.get("text", ""))

    return ask(request, entry, question, act)


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def vetting_return(request: UserRequest, pk: int) -> HttpResponse:
    """Give it back with comments and a deadline of its own."""
    entry = vetted_entry_or_404(request, pk)
    lines = lines_of(entry, entry.latest_revision())
    form = DatedForm(
        request.POST or None,
        label=_("What is to be changed"),
        help_text=_("The nominee reads it as it stands here, by mail and on the entry's page."),
        zone=entry.season.zone,
        initial={"text": in_comments(lines), "until": default_deadline(entry)},
    )
    question = Question(
        title=_("Return this entry for changes?"),
        text=_(
            "The nominee gets your comments and the deadline by mail. "
            "The entry does not take part until it is submitted again."
        ),
        button=_("Return the entry"),
        form=form,
        done=_("%(number)s is returned to its nominee.") % {"number": entry.number},
    )

    def act(values: dict[str, Any]) -> Entry:
        return return_entry(entry, by=request.user, comments=values["text"], until=values["until"])

    return ask(request, entry, question, act)


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def vetting_disqualify(request: UserRequest, pk: int) -> HttpResponse:
    """Exclude it, with the reason."""
    entry = vetted_entry_or_404(request, pk)
    question = Question(
        title=_("Disqualify this entry?"),
        text=_("It no longer takes part. Its record, its revisions and its files are kept."),
        button=_("Disqualify"),
        danger=True,
        form=ActForm(
            request.POST or None,
            label=_("Reason"),
            help_text=_("The nominee reads it as it stands here, by mail and on the entry's page."),
        ),
        done=_("%(number)s is disqualified.") % {"number": entry.number},
    )

    def act(values: dict[str, Any]) -> Entry:
        return disqualify_entry(entry, by=request.user, reason=values["text"])

    return ask(request, entry, question, act)


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def vetting_reopen(request: UserRequest, pk: int) -> HttpResponse:
    """Let it be changed after the deadline; for organisers."""
    entry = vetted_entry_or_404(request, pk)
    if not can_reopen(request.user, entry):
        raise PermissionDenied
    form = DatedForm(
        request.POST or None,
        label=_("Reason"),
        help_text=_("The nominee reads it as it stands here, by mail and on the entry's page."),
        zone=entry.season.zone,
        initial={"until": default_deadline(entry, beyond=timedelta(days=1))},
    )
    stays = _("It keeps its status until it is submitted again; the jury reads what is in.")
    if entry.status in {EntryStatus.DRAFT, EntryStatus.WITHDRAWN}:
        stays = _("It takes part only if it is submitted within that time.")
    question = Question(
        title=_("Open this entry for changes?"),
        text=_("The nominee gets a mail and can change and submit it until then.") + " " + stays,
        button=_("Open for changes"),
        form=form,
        done=_("%(number)s can be changed again.") % {"number": entry.number},
    )

    def act(values: dict[str, Any]) -> Any:
        return reopen_entry(entry, by=request.user, reason=values["text"], until=values["until"])

    return ask(request, entry, question, act)


@policy(SIGNED_IN)
@require_POST
def reopening_end(request: UserRequest, pk: int, reopening_pk: int) -> HttpResponse:
    """Take a reopening back."""
    entry = vetted_entry_or_404(request, pk)
    if not can_reopen(request.user, entry):
        raise PermissionDenied
    reopening = get_object_or_404(entry.reopenings.all(), pk=reopening_pk)
    reopening.entry = entry
    end_reopening(reopening, by=request.user)
    messages.success(request, _("The extra time is taken back. The nominee gets a mail."))
    return redirect("nominations:vetting_entry", pk)


def default_deadline(entry: Entry, beyond: timedelta = timedelta(0)) -> datetime:
    """Three days from now, at the end of the day, and never before the deadline that holds anyway."""
    local = timezone.now().astimezone(entry.season.zone) + timedelta(days=PERSONAL_DAYS + 1)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    closes = entry_window(entry.season, entry.organisation, entry=entry).closes_at
    return max(midnight, closes + beyond) if closes else midnight
