"""Who acts for an organisation: invitations, roles, leaving, handing over."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import InviteForm
from accounts.models import MemberRole, Organisation, OrganisationInvitation, User
from accounts.permissions import can_manage_members
from accounts.services import (
    accept_organisation_invitation,
    change_member_role,
    invite_member,
    leave_organisation,
    remove_member,
    resend_organisation_invitation,
    revoke_organisation_invitation,
    transfer_ownership,
)
from accounts.services.invitations import find_invitation
from accounts.views.acting import acted, invited, refuse, role_changed, sent_again, taken_back
from accounts.views.joining import Offer, answer
from accounts.views.pages import organisation_page
from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy, public


def owned_or_404(request: UserRequest, pk: int) -> Organisation:
    """An organisation whose people the person may manage."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    if not can_manage_members(request.user, found):
        raise PermissionDenied
    return found


def member_or_404(organisation: Organisation, pk: int) -> User:
    """Somebody who acts for the organisation."""
    return get_object_or_404(User, memberships__organisation=organisation, pk=pk)


def people_of(organisation: Organisation) -> str:
    """Where the people of an organisation are shown."""
    return f"{organisation.get_absolute_url()}#members"


@policy(SIGNED_IN)
@require_POST
def invite(request: UserRequest, pk: int) -> HttpResponse:
    """Invite somebody by mail."""
    found = owned_or_404(request, pk)
    return invited(
        request,
        InviteForm(request.POST, roles=MemberRole.choices),
        lambda email, role: invite_member(found, email=email, role=role, by=request.user),
        people_of(found),
        lambda form: organisation_page(request, found, invite_form=form, status=422),
    )


@policy(SIGNED_IN)
@require_POST
def invitation_resend(request: UserRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Send the letter again, with a new link."""
    found = owned_or_404(request, pk)
    get_object_or_404(found.invitations, pk=invitation_pk)
    return sent_again(
        request,
        lambda: resend_organisation_invitation(found, invitation_pk, by=request.user),
        people_of(found),
    )


@policy(SIGNED_IN)
@require_POST
def invitation_revoke(request: UserRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Take an invitation back."""
    found = owned_or_404(request, pk)
    get_object_or_404(found.invitations, pk=invitation_pk)
    return taken_back(
        request,
        lambda: revoke_organisation_invitation(found, invitation_pk, by=request.user),
        people_of(found),
    )


@policy(SIGNED_IN)
@require_POST
def member_role(request: UserRequest, pk: int, user_pk: int) -> HttpResponse:
    """Give a member another role."""
    found = owned_or_404(request, pk)
    person = member_or_404(found, user_pk)
    return role_changed(
        request,
        MemberRole.values,
        lambda role: change_member_role(found, person, role, by=request.user),
        person,
        people_of(found),
    )


@policy(SIGNED_IN)
@require_POST
def member_remove(request: UserRequest, pk: int, user_pk: int) -> HttpResponse:
    """Take somebody out of the organisation."""
    found = owned_or_404(request, pk)
    person = member_or_404(found, user_pk)
    return acted(
        request,
        lambda: remove_member(found, person, by=request.user),
        _("%(name)s does not act for the organisation any more.") % {"name": person},
        people_of(found),
    )


@policy(SIGNED_IN)
@require_POST
def leave(request: UserRequest, pk: int) -> HttpResponse:
    """Act for the organisation no longer."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    try:
        leave_organisation(found, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(people_of(found))
    messages.success(request, _("You left %(name)s.") % {"name": found.name})
    return redirect("accounts:desk")


@policy(SIGNED_IN)
@require_POST
def transfer(request: UserRequest, pk: int) -> HttpResponse:
    """Make another member the owner."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    told = request.POST.get("member", "")
    if not told.isdecimal():
        if not can_manage_members(request.user, found):
            raise PermissionDenied
        return acted(request, lambda: refuse(_("Choose a member.")), "", people_of(found))
    person = member_or_404(found, int(told))
    return acted(
        request,
        lambda: transfer_ownership(found, person, by=request.user),
        _("%(name)s is the owner now, and you are an editor.") % {"name": person},
        people_of(found),
    )


@public
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of an invitation to an organisation leads to."""
    rows = OrganisationInvitation.objects.select_related("organisation", "invited_by")
    found = find_invitation(rows, token, request.user)
    return answer(request, offer_of(found, token) if found else None)


def offer_of(found: OrganisationInvitation, token: str) -> Offer:
    """The invitation in words."""
    name = found.organisation.name
    return Offer(
        invitation=found,
        about=found.organisation,
        title=_("Act for %(name)s") % {"name": name},
        facts=[
            (_("Organisation"), name),
            (_("Invited by"), str(found.invited_by)),
            (_("Your role"), role_in_words(found.role)),
        ],
        accept=lambda user, meant: accept_organisation_invitation(
            token, by=user, other_address=meant
        ),
        leads_to=found.organisation.get_absolute_url(),
        welcome=_("You act for %(name)s now.") % {"name": name},
    )


def role_in_words(role: str) -> str:
    """What a role lets a member do."""
    return {
        MemberRole.OWNER: _("Owner: enters awards and decides who else acts for the organisation"),
        MemberRole.EDITOR: _("Editor: enters awards, writes and submits entries"),
        MemberRole.VIEWER: _("Viewer: reads entries"),
    }[MemberRole(role)]
