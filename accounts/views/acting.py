"""What the pages of people share, of an organisation and of an entry: acts that say how they went."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.forms import InviteForm
from common.errors import DomainError
from common.http import UserRequest


def acted(
    request: UserRequest, act: Callable[[], object], words: str, back: str
) -> HttpResponseRedirect:
    """Act, say how it went, and go back to the people."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect(back)


def invited(
    request: UserRequest,
    form: InviteForm,
    send: Callable[[str, str], object],
    back: str,
    again: Callable[[InviteForm], HttpResponse],
) -> HttpResponse:
    """Send an invitation to the address with the role; after a refusal show what was typed `again`."""
    if form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        try:
            send(email, role)
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The invitation is sent to %(email)s.") % {"email": email})
            return redirect(back)
    return again(form)


def sent_again(request: UserRequest, send: Callable[[], object], back: str) -> HttpResponse:
    """Send the letter of an invitation again, with a new link."""
    words = _("The invitation is sent again. The link sent before does not work any more.")
    return acted(request, send, words, back)


def taken_back(request: UserRequest, revoke: Callable[[], object], back: str) -> HttpResponse:
    """Take an invitation back."""
    return acted(request, revoke, _("The invitation is taken back."), back)


def refuse(message: str) -> None:
    """Say no in the way services do."""
    raise DomainError(message)


def role_changed(
    request: UserRequest,
    roles: list[str],
    change: Callable[[str], object],
    name: object,
    back: str,
) -> HttpResponse:
    """Give somebody the role that was chosen, if it is one."""
    role = request.POST.get("role", "")
    words = _("The role of %(name)s is changed.") % {"name": name}
    if role not in roles:
        return acted(request, lambda: refuse(_("Choose a role.")), words, back)
    return acted(request, lambda: change(role), words, back)
