"""The page behind the link of an invitation: what it is for, and the button that accepts it.

Shared by invitations to organisations and to entries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.joining import warnings_for
from accounts.models import Invitation, User
from accounts.services.invitations import Gone, OtherAddress, is_addressed_to


@dataclass(frozen=True)
class Offer:
    """An invitation as its page shows it."""

    invitation: Invitation
    about: models.Model
    title: str
    facts: list[tuple[str, str]]
    accept: Callable[[User, bool], object]
    """Called with the person and whether another address is meant."""
    leads_to: str
    welcome: str
    text: str = ""
    """Personal words of whoever invites."""
    decline_url: str = ""
    """Where a "no" goes, when there is one."""


def answer(request: HttpRequest, offer: Offer | None) -> HttpResponse:
    """Show the invitation, or accept it; a link that does not work says why that may be."""
    if offer is None:
        return gone(request)
    user = request.user
    if isinstance(user, User):
        if offer.invitation.accepted_by_id == user.pk:
            return redirect(offer.leads_to)
        if request.method == "POST":
            return accept(request, user, offer)
    elif request.method == "POST":
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    return show(request, offer)


def accept(request: HttpRequest, user: User, offer: Offer) -> HttpResponse:
    """Accept the invitation; one that went to another address is asked about first."""
    try:
        offer.accept(user, request.POST.get("as") == user.email)
    except OtherAddress:
        return show(request, offer, asks=True)
    except Gone:
        return gone(request)
    messages.success(request, offer.welcome)
    return redirect(offer.leads_to)


def show(request: HttpRequest, offer: Offer, *, asks: bool = False) -> HttpResponse:
    """What the invitation is for; `asks` adds the question about the two addresses."""
    user = request.user if isinstance(request.user, User) else None
    there = urlencode({"next": request.path})
    context = {
        "offer": offer,
        "asks": asks,
        "other_address": user is not None and not is_addressed_to(offer.invitation, user),
        "warnings": warnings_for(user, offer.about) if user else [],
        "login_url": f"{reverse('account_login')}?{there}",
        "signup_url": f"{reverse('account_signup')}?{there}&"
        + urlencode({"email": offer.invitation.email}),
    }
    response = render(request, "accounts/invitation.html", context, status=422 if asks else 200)
    return private(response)


def gone(request: HttpRequest) -> HttpResponse:
    """The same page for a link that is unknown, used, taken back or too old."""
    return private(render(request, "accounts/invitation_gone.html", status=404))


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page whose address is a secret out of every cache."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
