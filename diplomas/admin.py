"""Issued diplomas: whether their files are there, what failed, and how to revoke one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.admin import ScopedModelAdmin, ScopedRelatedFilter, scopes
from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from diplomas.forms import RevokeForm
from diplomas.models import Diploma, DiplomaState
from diplomas.services import retry_diploma, revoke_diploma
from nominations.models import Entry

scopes[Diploma] = lambda rows, user: rows.filter(
    entry__in=Entry.objects.organised_by(user).values("pk")
)


def diploma_for(request: HttpRequest, pk: int) -> Diploma:
    """The diploma, if the person runs its season and no conflict hides its entry."""
    rows = scopes[Diploma](Diploma.objects.all(), request.user)
    found: Diploma | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def to_diploma(diploma: Diploma) -> HttpResponseRedirect:
    """Back to the diploma."""
    return redirect("admin:diplomas_diploma_change", diploma.pk)


def page(
    request: HttpRequest, diploma: Diploma, title: str, form: forms.Form, *, revoking: bool
) -> TemplateResponse:
    """Ask before doing."""
    return TemplateResponse(
        request,
        "admin/diplomas/act.html",
        {
            **admin.site.each_context(request),
            "title": title,
            "diploma": diploma,
            "form": form,
            "revoking": revoking,
            "back_url": reverse("admin:diplomas_diploma_change", args=[diploma.pk]),
        },
    )


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def retry(request: UserRequest, pk: int) -> HttpResponse:
    """Make a failed file again."""
    diploma = diploma_for(request, pk)
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        try:
            retry_diploma(diploma, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The diploma is being made again."))
        return to_diploma(diploma)
    return page(request, diploma, _("Try again"), form, revoking=False)


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: UserRequest, pk: int) -> HttpResponse:
    """Declare a diploma invalid."""
    diploma = diploma_for(request, pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_diploma(diploma, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("The diploma is revoked."))
            return to_diploma(diploma)
    return page(request, diploma, _("Revoke the diploma"), form, revoking=True)


@admin.register(Diploma)
class DiplomaAdmin(ScopedModelAdmin):
    """Diplomas are issued by releases; here they are watched, tried again and revoked."""

    list_display = ["number", "kind", "entry", "file_state", "issued_at", "revoked_at", "act"]
    list_filter = ["state", "kind", ("season", ScopedRelatedFilter)]
    list_select_related = ["entry__organisation"]
    search_fields = ["number", "entry__number", "entry__organisation__name"]
    change_form_outer_before_template = "admin/diplomas/_actions.html"
    fields = [
        "number",
        "kind",
        "entry",
        "language",
        "state",
        "error",
        "sha256",
        "issued_at",
        "revoked_at",
        "revoked_by",
        "revoked_reason",
    ]
    may_add = False
    may_change = False

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("<int:pk>/retry/", guarded(retry), name="diplomas_diploma_retry"),
            path("<int:pk>/revoke/", guarded(revoke), name="diplomas_diploma_revoke"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("file"), ordering="state")
    def file_state(self, diploma: Diploma) -> str:
        if diploma.error:
            return f"{diploma.get_state_display()}: {diploma.error}"
        return str(diploma.get_state_display())

    @admin.display(description="")
    def act(self, diploma: Diploma) -> Any:
        if diploma.state != DiplomaState.FAILED:
            return ""
        return format_html(
            '<a class="font-semibold" href="{}">{}</a>',
            reverse("admin:diplomas_diploma_retry", args=[diploma.pk]),
            _("Try again…"),
        )
