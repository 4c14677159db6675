"""Who works on an entry: the page of its people, invitations to it, and their links."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import InviteForm
from accounts.services.invitations import find_invitation, pending
from accounts.views.acting import invited, role_changed, sent_again, taken_back
from accounts.views.joining import Offer, answer
from common.http import UserRequest
from common.policy import SIGNED_IN, policy, public
from nominations.models import Entry, EntryInvitation, EntryShare, ShareRole
from nominations.permissions import can_share
from nominations.services.people import (
    accept_entry_invitation,
    change_share,
    end_share,
    invite_to_entry,
    resend_entry_invitation,
    revoke_entry_invitation,
)
from nominations.views.access import entry_context, entry_or_404, own_entry_or_404


def people_page(
    request: UserRequest, entry: Entry, *, form: InviteForm | None = None, status: int = 200
) -> HttpResponse:
    """Members of the organisation, those the entry is shared with, and who is invited."""
    context = entry_context(request, entry, "people")
    members = entry.organisation.memberships.select_related("user").order_by("since", "pk")
    context |= {
        "members": members,
        "shares": entry.shares.select_related("user").order_by("since", "pk"),
        "roles": ShareRole.choices,
    }
    if context["may_share"]:
        now = timezone.now()
        context |= {
            "invite_form": form or InviteForm(roles=ShareRole.choices),
            "invitations": [
                {"row": one, "waiting": one.is_waiting(now)}
                for one in pending(entry.invitations.all())
            ],
        }
    return render(request, "nominations/people.html", context, status=status)


@policy(SIGNED_IN)
@require_safe
def people(request: UserRequest, pk: int) -> HttpResponse:
    """Who sees the entry, and who may do what with it."""
    return people_page(request, own_entry_or_404(request, pk))


def shareable_entry_or_404(request: UserRequest, pk: int) -> Entry:
    """An entry whose people the person may manage."""
    entry = entry_or_404(request, pk)
    if not can_share(request.user, entry):
        raise PermissionDenied
    return entry


def people_of(entry: Entry) -> str:
    """Where the people of an entry are shown."""
    return reverse("nominations:people", args=[entry.pk])


@policy(SIGNED_IN)
@require_POST
def invite(request: UserRequest, pk: int) -> HttpResponse:
    """Invite somebody to this entry by mail."""
    entry = shareable_entry_or_404(request, pk)
    return invited(
        request,
        InviteForm(request.POST, roles=ShareRole.choices),
        lambda email, role: invite_to_entry(entry, email=email, role=role, by=request.user),
        people_of(entry),
        lambda form: people_page(request, entry, form=form, status=422),
    )


@policy(SIGNED_IN)
@require_POST
def invitation_resend(request: UserRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Send the letter again, with a new link."""
    entry = shareable_entry_or_404(request, pk)
    get_object_or_404(entry.invitations, pk=invitation_pk)
    return sent_again(
        request,
        lambda: resend_entry_invitation(entry, invitation_pk, by=request.user),
        people_of(entry),
    )


@policy(SIGNED_IN)
@require_POST
def invitation_revoke(request: UserRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Take an invitation back."""
    entry = shareable_entry_or_404(request, pk)
    get_object_or_404(entry.invitations, pk=invitation_pk)
    return taken_back(
        request,
        lambda: revoke_entry_invitation(entry, invitation_pk, by=request.user),
        people_of(entry),
    )


def share_or_404(entry: Entry, pk: int) -> EntryShare:
    """Somebody the entry is shared with."""
    return get_object_or_404(entry.shares.select_related("user"), pk=pk)


@policy(SIGNED_IN)
@require_POST
def share_role(request: UserRequest, pk: int, share_pk: int) -> HttpResponse:
    """Let somebody do more or less with the entry."""
    entry = shareable_entry_or_404(request, pk)
    share = share_or_404(entry, share_pk)
    return role_changed(
        request,
        ShareRole.values,
        lambda role: change_share(entry, share, role, by=request.user),
        share.user,
        people_of(entry),
    )


@policy(SIGNED_IN)
@require_POST
def share_end(request: UserRequest, pk: int, share_pk: int) -> HttpResponse:
    """Take the entry away from somebody, or step out of it."""
    entry = own_entry_or_404(request, pk)
    share = share_or_404(entry, share_pk)
    own = share.user_id == request.user.pk
    end_share(entry, share.user, by=request.user)
    if own:
        messages.success(request, _("You do not work on %(entry)s any more.") % {"entry": entry})
        return redirect("accounts:desk")
    messages.success(request, _("%(name)s does not see the entry any more.") % {"name": share.user})
    return redirect(people_of(entry))


@public
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of an invitation to an entry leads to."""
    rows = EntryInvitation.objects.select_related(
        "entry__nomination__season", "entry__organisation", "invited_by"
    )
    found = find_invitation(rows, token, request.user)
    return answer(request, offer_of(found, token) if found else None)


def offer_of(found: EntryInvitation, token: str) -> Offer:
    """The invitation in words."""
    entry = found.entry
    return Offer(
        invitation=found,
        about=entry,
        title=_("Work on the entry %(number)s") % {"number": entry.number},
        facts=[
            (_("Award"), str(entry.season)),
            (_("Nomination"), str(entry.nomination)),
            (_("Applicant"), entry.display_name),
            (_("Invited by"), str(found.invited_by)),
            (_("You will be able to"), str(found.get_role_display())),
        ],
        accept=lambda user, meant: accept_entry_invitation(token, by=user, other_address=meant),
        leads_to=reverse("nominations:entry", args=[entry.pk]),
        welcome=_("You work on the entry %(number)s now.") % {"number": entry.number},
    )
