"""My data: everything about me as an archive, and deleting my account."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import DeleteAccountForm
from accounts.models import DataExport
from accounts.personal import hindrances
from accounts.services.deletion import Hindered, delete_account
from accounts.services.exports import job_key, request_export
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response
from outbox.models import Job, State


@policy(SIGNED_IN)
@require_safe
def data(request: UserRequest) -> HttpResponse:
    """How far the archive is, and the way to delete the account; htmx asks for the state alone."""
    now = timezone.now()
    export = request.user.exports.order_by("-requested_at").first()
    if export is not None and export.expires_at is not None and export.expires_at <= now:
        export = None
    job = Job.objects.filter(effect_key=job_key(export)).first() if export else None
    context = {
        "export": export,
        "progress": job.progress if job else 0,
        "failed": job is not None and job.state == State.FAILED,
    }
    template = "accounts/_export.html" if request.htmx else "accounts/data.html"
    return render(request, template, context)


@policy(SIGNED_IN)
@require_POST
@reauthentication_required
def data_export(request: UserRequest) -> HttpResponse:
    """Ask for the archive."""
    request_export(request.user)
    messages.success(request, _("The archive is being made. We will write when it is ready."))
    return redirect("accounts:data")


@policy(SIGNED_IN)
@require_safe
@reauthentication_required
def data_download(request: UserRequest, token: UUID) -> HttpResponseBase:
    """Hand out one's own archive during its week."""
    found = get_object_or_404(
        DataExport, user=request.user, token=token, expires_at__gt=timezone.now()
    )
    name = f"my-data-{found.requested_at:%Y-%m-%d}.zip"
    return private_file_response(found.file, name, "application/zip")


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def account_delete(request: UserRequest) -> HttpResponse:
    """Say what goes and what stays; delete when the person proves who it is."""
    form = DeleteAccountForm(request.POST or None, user=request.user)
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            delete_account(request.user)
        except Hindered as hindered:
            reasons = hindered.reasons
        else:
            logout(request)
            messages.success(request, _("Your account is deleted. Goodbye!"))
            return redirect("seasons:home")
    context = {
        "form": form,
        "reasons": reasons or hindrances(request.user),
        "number": request.user.pk,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/delete.html", context, status=status)
