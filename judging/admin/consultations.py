"""Consultations on draft rubrics: whom to ask, what they said, what came of it."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import ScopedModelAdmin, ScopedRelatedFilter, ScopedTabularInline
from common.errors import DomainError
from common.readable import ReadableTexts
from judging.consulting import subjects_of
from judging.forms.consultations import ConsultationForm
from judging.models import Consultation, Invitee
from judging.services import (
    answer_consultation,
    close_consultation,
    invite,
    start_consultation,
)


class InviteeInline(ScopedTabularInline):
    """Who is asked; more are invited by their addresses."""

    model = Invitee
    may_add = False
    may_change = False
    may_delete = False
    fields = ("email", "user", "role", "invited_at")
    readonly_fields = fields


@admin.register(Consultation)
class ConsultationAdmin(ReadableTexts, ScopedModelAdmin):
    """A draft shown to invited people, who comment until it closes."""

    form = ConsultationForm
    list_display = ("rubric", "opens_at", "closes_at", "answered_at")
    list_filter = (("rubric", ScopedRelatedFilter),)
    list_select_related = ("rubric__season",)
    inlines = (InviteeInline,)
    actions = ("close_now",)
    season_path = "rubric.season"
    change_form_before_template = "admin/judging/_consultation.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ["rubric", "text", ("opens_at", "closes_at"), "shares_comments"]
        return [*fields, "emails", "role"] if obj is None else [*fields, "emails", "role", "answer"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What people were told stands; it closes earlier by the action."""
        if obj is None:
            return ()
        told = obj.has_opened() or obj.invitees.exists()
        return ("rubric", "opens_at", "closes_at") if told else ("rubric",)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        fixed = self.get_readonly_fields(request, obj)
        names = ["rubric", "text", "opens_at", "closes_at", "shares_comments"]
        names = [name for name in names if name not in fixed]
        kwargs["fields"] = names if obj is None else [*names, "answer"]
        return super().get_form(request, obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by: Any = request.user
        if change:
            told = [name for name in form.changed_data if name not in {"answer", "emails", "role"}]
            if told:
                obj.save(update_fields=told)
        else:
            start_consultation(obj, by=by)
        if form.cleaned_data.get("emails"):
            made = invite(obj, form.cleaned_data["emails"], form.cleaned_data["role"], by=by)
            messages.success(request, _("Invited: %(count)d.") % {"count": len(made)})
        if change and "answer" in form.changed_data:
            answer_consultation(obj, form.cleaned_data["answer"], by=by)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """What was said stands above the form."""
        if kwargs.get("obj") is not None:
            context["subjects"] = subjects_of(kwargs["obj"], None)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=gettext_lazy("Close now"), permissions=["change"])
    def close_now(self, request: HttpRequest, rows: Any) -> None:
        """Before its day; comments are no longer taken."""
        for row in rows:
            try:
                close_consultation(row, by=request.user)  # type: ignore[arg-type]
            except DomainError as error:
                messages.error(request, f"{row}: {error}")
            else:
                messages.success(request, _("Closed: %(what)s.") % {"what": row})
