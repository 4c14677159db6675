"""Where a nominee contests a result and follows what becomes of it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from common.uploads import private_file_response
from nominations.models import Entry
from nominations.permissions import can_submit
from results.appeals import Contestable, contestable
from results.forms.appeals import AppealForm
from results.models import Appeal, AppealStatus, Ground
from results.services.appeals import file_appeal, reviews_given, withdraw_appeal


def contested_or_404(request: UserRequest, pk: int, kind: str) -> tuple[Entry, Contestable]:
    """An own entry with an outcome that may be contested now."""
    entry = get_object_or_404(
        Entry.objects.of_member(request.user).select_related(
            "organisation", "nomination__season__programme"
        ),
        pk=pk,
    )
    for one in contestable(request.user, entry):
        if one.rule.kind == kind:
            return entry, one
    raise Http404


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_new(request: UserRequest, pk: int, kind: str) -> HttpResponse:
    """File an appeal; outside its window the page does not exist."""
    if request.method == "POST" and (there := filed_before(request, pk, kind)):
        return redirect(there)
    entry, found = contested_or_404(request, pk, kind)
    form = AppealForm(request.POST or None, request.FILES or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            appeal = file_appeal(
                found.rule,
                entry,
                by=request.user,
                ground=Ground(form.cleaned_data["ground"]),
                text=form.cleaned_data["text"],
                files=form.cleaned_data["attachments"],
                key=form.cleaned_data["key"],
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Your appeal is filed. A receipt is on its way by mail."))
            return redirect(appeal)
    context = {
        "season": entry.nomination.season,
        "entry": entry,
        "rule": found.rule,
        "until": found.until,
        "form": form,
    }
    return render(request, "results/appeal_new.html", context, status=422 if form.errors else 200)


def filed_before(request: UserRequest, pk: int, kind: str) -> Appeal | None:
    """The appeal that this very form filed already."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    return (
        Appeal.objects.of_member(request.user)
        .filter(idempotency_key=key, entry=pk, rule__kind=kind)
        .first()
    )


def own_appeal_or_404(request: UserRequest, pk: int) -> Appeal:
    """An appeal about one's own entry."""
    rows = Appeal.objects.of_member(request.user).select_related(
        "rule__season__programme", "entry__organisation", "entry__nomination"
    )
    return get_object_or_404(rows, pk=pk)


@policy(SIGNED_IN)
@never_cache
@require_safe
def appeal(request: UserRequest, pk: int) -> HttpResponse:
    """What was filed, how far it is, and the decision with its reasons once it is final."""
    found = own_appeal_or_404(request, pk)
    final = found.status in {AppealStatus.UPHELD, AppealStatus.CHANGED}
    context = {
        "season": found.rule.season,
        "entry": found.entry,
        "appeal": found,
        "final": final,
        "refused": found.status == AppealStatus.REFUSED,
        # What two people have not agreed on yet is nobody else's business.
        "status": AppealStatus.ADMITTED.label
        if found.status == AppealStatus.PROPOSED
        else found.get_status_display(),
        "files": list(found.files.all()),
        "asked": found.reviews.count(),
        "given": sum(reviews_given(found).values()),
        "may_withdraw": found.status in {AppealStatus.FILED, AppealStatus.ADMITTED}
        and can_submit(request.user, found.entry),
    }
    return render(request, "results/appeal.html", context)


@policy(SIGNED_IN)
@require_POST
def appeal_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Take it back before it is decided."""
    found = own_appeal_or_404(request, pk)
    try:
        withdraw_appeal(found, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your appeal is withdrawn."))
    return redirect(found)


@policy(SIGNED_IN)
@require_safe
def appeal_file(request: UserRequest, pk: int, token: UUID) -> FileResponse:
    """A file of an own appeal, or of one that is organised without a conflict."""
    rows = Appeal.objects.of_member(request.user) | Appeal.objects.organised_by(request.user)
    found = get_object_or_404(rows.distinct(), pk=pk)
    row = get_object_or_404(found.files, token=token)
    return private_file_response(row.file, row.name, row.content_type)
