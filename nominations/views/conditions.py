"""The documents an entry shows: its own people write them, the vetting team confirms or refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import ConflictError, DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response
from nominations.conditions import Condition, conditions_of, newest_elsewhere
from nominations.errors import Closed
from nominations.forms import CredentialForm, DecisionForm
from nominations.models import Credential, Entry, Prerequisite
from nominations.permissions import can_enter_for
from nominations.services.credentials import (
    Written,
    confirm_credential,
    refuse_credential,
    save_credential,
    take_over_credential,
    written_in,
)
from nominations.views.access import editable_entry_or_404, entry_context, own_entry_or_404


@dataclass
class Card:
    """One document on the page: what is asked, what is shown, what somebody typed."""

    condition: Condition
    form: CredentialForm
    offer: Credential | None = None
    stored: Written | None = None
    """What somebody else saved meanwhile, to compare with."""
    base: str = ""
    """The mark of what is stored now; the next save names it."""

    @property
    def prerequisite(self) -> Prerequisite:
        """What is asked."""
        return self.condition.prerequisite

    @property
    def scans(self) -> list[Any]:
        """The scan, as a list of files."""
        one = self.condition.credential
        return [one.proof] if one is not None and one.proof is not None else []


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def conditions(request: UserRequest, pk: int) -> HttpResponse:
    """What the applicant must hold; everything typed is kept, whole or not."""
    posted = request.method == "POST"
    entry = editable_entry_or_404(request, pk) if posted else own_entry_or_404(request, pk)
    asked = conditions_of(entry)
    if not asked:
        raise Http404
    cards = [card(one, request.POST if posted else None) for one in asked]
    closed: Closed | None = None
    quiet = request.headers.get("Accept") == "application/json"
    if posted:
        try:
            good = save_all(request, entry, cards)
            if quiet:
                return as_json(cards, good=good)
            if good:
                messages.success(request, _("The documents are saved."))
                onward = "onward" in request.POST
                return redirect("nominations:essay" if onward else "nominations:conditions", pk)
        except Closed as error:
            if quiet:
                return JsonResponse({"closed": str(error)}, status=422)
            closed = error
        shown = {one.prerequisite.pk: one for one in conditions_of(entry)}
        for one in cards:
            one.condition = shown[one.prerequisite.pk]
    context = entry_context(request, entry, "conditions")
    if context["may_write"] and can_enter_for(request.user, entry.organisation):
        offer_earlier(entry, cards)
    context |= {"cards": cards, "closed": closed, "rules": {one.blocks for one in asked}}
    return render(request, "nominations/conditions.html", context, status=422 if posted else 200)


def offer_earlier(entry: Entry, cards: list[Card]) -> None:
    """For what is missing, what the organisation showed in another entry."""
    for one in cards:
        if one.condition.state == "missing":
            one.offer = newest_elsewhere(one.prerequisite, entry.organisation)


def as_json(cards: list[Card], *, good: bool) -> JsonResponse:
    """What became of each document, for the script that saves while one types."""
    found = {
        str(one.prerequisite.pk): {
            "base": one.base,
            "errors": [str(error) for errors in one.form.errors.values() for error in errors],
            "conflict": one.stored is not None,
            "stored": in_a_line(one.stored) if one.stored else "",
        }
        for one in cards
    }
    return JsonResponse({"cards": found}, status=200 if good else 422)


def in_a_line(written: Written) -> str:
    """A document in short."""
    day = written.expires_on.isoformat() if written.expires_on else ""
    return " · ".join(part for part in (written.number, written.issuer, day) if part) or "—"


def card(condition: Condition, data: Any) -> Card:
    """One document with its form."""
    form = CredentialForm(
        data,
        prefix=f"document-{condition.prerequisite.pk}",
        stored=written_in(condition.credential),
    )
    return Card(condition, form)


def save_all(request: UserRequest, entry: Entry, cards: list[Card]) -> bool:
    """Save each document on its own, so that a fault in one holds no other back."""
    good = True
    for one in cards:
        if not one.form.is_valid():
            good = False
            continue
        try:
            saved = save_credential(
                entry,
                one.prerequisite,
                one.form.written(),
                by=request.user,
                base=one.form.cleaned_data["base"],
            )
            one.base = written_in(saved).base
            if request.POST.get("take") == str(one.prerequisite.pk):
                take_over_credential(entry, one.prerequisite, by=request.user)
        except ConflictError as error:
            show_conflict(entry, one, error)
            good = False
        except Closed:
            raise
        except DomainError as error:
            one.form.add_error(None, str(error))
            good = False
    return good


def show_conflict(entry: Entry, one: Card, error: ConflictError) -> None:
    """Show what is stored beside what was typed; the next save is written upon what is stored."""
    stored = Credential.objects.filter(entry=entry, prerequisite=one.prerequisite).first()
    one.stored = written_in(stored)
    one.form.add_error(None, str(error))
    one.base = one.stored.base
    typed = one.form.data
    if isinstance(typed, QueryDict):
        one.form.data = {**typed.dict(), one.form.add_prefix("base"): one.base}


VERBS: dict[str, tuple[Any, Callable[..., Credential]]] = {
    "confirm": (gettext_lazy("Confirm the document"), confirm_credential),
    "refuse": (gettext_lazy("Refuse the document"), refuse_credential),
}


def vetted_credential_or_404(request: UserRequest, pk: int) -> Credential:
    """A document of a submitted entry that the person may vet."""
    entries = Entry.objects.vetted_by(request.user).exclude(revisions=None)
    rows = Credential.objects.filter(entry__in=entries.values("pk")).select_related(
        "entry__nomination__season", "entry__organisation", "prerequisite", "proof"
    )
    return get_object_or_404(rows, pk=pk)


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def credential_decide(request: UserRequest, pk: int, verb: str) -> HttpResponse:
    """Ask, then confirm or refuse a document."""
    credential = vetted_credential_or_404(request, pk)
    if verb not in VERBS:
        raise Http404
    title, act = VERBS[verb]
    here = reverse("nominations:credential_decide", args=[pk, verb])
    back = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = here
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            act(credential, by=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            form.add_error("note" if error.field == "note" else None, str(error))
        else:
            messages.success(request, _("Done. The nominee gets a mail."))
            return redirect(back)
    condition = next(one for one in conditions_of(credential.entry) if one.credential == credential)
    context = {
        "credential": credential,
        "condition": condition,
        "entry": credential.entry,
        "season": credential.entry.season,
        "form": form,
        "verb": verb,
        "back": back,
        "title": title,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "nominations/credential_decide.html", context, status=status)


@policy(SIGNED_IN)
@require_safe
def credential_scan(request: UserRequest, pk: int) -> HttpResponseBase:
    """The scan of a document, to whoever vets the entry."""
    credential = vetted_credential_or_404(request, pk)
    if credential.proof is None:
        raise Http404
    scan = credential.proof
    return private_file_response(scan.file, scan.name, scan.content_type)
