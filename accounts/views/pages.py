"""The desk, the profile and the organisations of a signed-in person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import InviteForm, OrganisationForm, ProfileForm
from accounts.models import MemberRole, Organisation
from accounts.permissions import can_edit_organisation
from accounts.services import create_organisation, update_organisation
from accounts.services.invitations import pending
from common.http import UserRequest
from common.panels import desk_panels
from common.policy import SIGNED_IN, policy


@policy(SIGNED_IN)
@require_safe
def desk(request: UserRequest) -> HttpResponse:
    """Everything that waits for the person: entries, assignments, seasons to run."""
    panels = desk_panels.render(request)
    organisations = Organisation.objects.visible_to(request.user)
    return render(request, "accounts/desk.html", {"panels": panels, "organisations": organisations})


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def profile(request: UserRequest) -> HttpResponse:
    """Name, language and time zone."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


def next_address(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this portal, or nothing."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else ""


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def organisation_add(request: UserRequest) -> HttpResponse:
    """Add an organisation to act for."""
    form = OrganisationForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        organisation = create_organisation(by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is added.") % {"name": organisation.name})
        return redirect(next_address(request) or organisation.get_absolute_url())
    context = {"form": form, "next": next_address(request)}
    return render(request, "accounts/organisation_form.html", context)


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def organisation(request: UserRequest, pk: int) -> HttpResponse:
    """Show an organisation to its members; owners and editors may change it."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return organisation_page(request, found)
    if not can_edit_organisation(request.user, found):
        raise PermissionDenied
    form = OrganisationForm(request.POST, instance=found, user=request.user)
    if form.is_valid():
        found.refresh_from_db()
        update_organisation(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The changes are saved."))
        return redirect(found)
    return organisation_page(request, found, form=form, status=422)


def organisation_page(
    request: UserRequest,
    found: Organisation,
    *,
    form: OrganisationForm | None = None,
    invite_form: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """What is said of the organisation, and its people."""
    members = list(found.memberships.select_related("user").order_by("since", "pk"))
    mine = next((one for one in members if one.user_id == request.user.pk), None)
    role = mine.role if mine else MemberRole.VIEWER
    may_manage = role == MemberRole.OWNER
    context = {
        "organisation": found,
        "form": form or OrganisationForm(instance=found, user=request.user),
        "members": members,
        "others": [one for one in members if one.user_id != request.user.pk],
        "roles": MemberRole.choices,
        "may_edit": role in {MemberRole.OWNER, MemberRole.EDITOR},
        "may_manage": may_manage,
    }
    if may_manage:
        now = timezone.now()
        context |= {
            "invite_form": invite_form or InviteForm(roles=MemberRole.choices),
            "invitations": [
                {"row": one, "waiting": one.is_waiting(now)}
                for one in pending(found.invitations.all())
            ],
        }
    return render(request, "accounts/organisation.html", context, status=status)
