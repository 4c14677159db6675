"""The confidentiality agreement: nothing of an entry is shown before it is accepted."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.http import UserRequest, private_document
from common.policy import SIGNED_IN, policy
from judging.forms.judges import AgreementForm
from judging.models import Agreement, Consent
from judging.permissions import is_judge_of, latest_agreement
from judging.services import accept_agreement
from judging.services.juries import text_digest
from judging.signed import signed_pdf
from seasons.models import Season


def next_page(request: UserRequest) -> str:
    """Where the judge was going, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: UserRequest, slug: str) -> HttpResponse:
    """Read the version in force and accept it; one's consent is shown afterwards."""
    season = get_object_or_404(Season, slug=slug)
    if not is_judge_of(request.user, season):
        raise Http404
    latest = latest_agreement(season)
    if latest is None:
        raise Http404
    form = AgreementForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and accepted(request, season, form.cleaned_data)
    ):
        return redirect(next_page(request) or "judging:desk")
    language = shown_language(latest)
    context = {
        "season": season,
        "agreement": latest,
        "language": language,
        "text": latest.text.in_language(language),
        "consent": Consent.objects.filter(agreement=latest, user=request.user).first(),
        "earlier": Consent.objects.filter(agreement__season=season, user=request.user)
        .exclude(agreement=latest)
        .exists(),
        "form": form,
        "next": next_page(request),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/agreement.html", context, status=status)


def shown_language(agreement: Agreement) -> str:
    """The language whose words the reader sees, which may be a fallback."""
    wanted = get_language() or "en"
    text = agreement.text.in_language(wanted)
    for code in (wanted, wanted.split("-")[0], "en"):
        if agreement.text.get(code):
            return code
    return next((code for code, words in agreement.text.items() if words == text), wanted)


def accepted(request: UserRequest, season: Season, sent: dict[str, Any]) -> bool:
    """Accept what was read; a version that has been replaced meanwhile is refused."""
    read = Agreement.objects.filter(season=season, pk=sent["agreement"]).first()
    if read is None or not read.text.get(sent["language"]):
        messages.error(request, _("Please read the agreement below and accept it."))
        return False
    try:
        accept_agreement(read, request.user, language=sent["language"])
    except DomainError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("Thank you. You accepted the agreement."))
    return True


def signed_record(request: UserRequest, pk: int) -> dict[str, Any]:
    """A signed agreement: for whoever signed, and the organisers of the season."""
    organised = Season.objects.organised_by(request.user).values("pk")
    rows = Consent.objects.filter(Q(user=request.user) | Q(agreement__season__in=organised))
    found = get_object_or_404(rows.select_related("agreement__season", "user").distinct(), pk=pk)
    signed = found.agreement
    return {
        "season": signed.season,
        "consent": found,
        "agreement": signed,
        "text": signed.text.in_language(found.language),
        "intact": text_digest(signed, found.language) == found.text_sha256,
    }


@policy(SIGNED_IN)
@require_safe
def consent(request: UserRequest, pk: int) -> HttpResponse:
    """The signed record, to keep or print."""
    return render(request, "judging/consent.html", signed_record(request, pk))


@policy(SIGNED_IN)
@require_safe
def consent_pdf(request: UserRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    record = signed_record(request, pk)
    name = f"{record['season'].slug}-agreement-{record['consent'].pk}.pdf"
    return private_document(signed_pdf(record), name, "application/pdf")
