"""The back office of categories and nominations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.admin import (
    ScopedModelAdmin,
    ScopedRelatedFilter,
    ScopedStackedInline,
    ScopedTabularInline,
)
from common.policy import STAFF, policy
from nominations.admin.prompts import PromptForm, render_form
from nominations.admin.vetting import CheckItemInline
from nominations.models import (
    Category,
    EntryKind,
    Hint,
    Nomination,
    ParticipantRole,
    Prompt,
)


@admin.register(Category)
class CategoryAdmin(ScopedModelAdmin):
    """Groups of nominations."""

    list_display = ("number", "name", "season")
    list_display_links = ("name",)
    list_filter = (("season", ScopedRelatedFilter),)
    list_select_related = ("season",)
    ordering = ("season", "number")


class NominationForm(forms.ModelForm[Nomination]):
    """Kinds and roles as boxes to tick instead of JSON to type."""

    kinds = forms.MultipleChoiceField(
        label=_("who may enter"),
        choices=EntryKind.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    requires_roles = forms.MultipleChoiceField(
        label=_("roles an entry must name"),
        choices=ParticipantRole.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Leave empty when there is no such rule."),
    )

    class Meta:
        model = Nomination
        fields = (
            "season",
            "category",
            "number",
            "slug",
            "name",
            "summary",
            "kinds",
            "requires_roles",
            "max_per_applicant",
            "max_entries",
            "essay_upload",
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        season, category = cleaned.get("season"), cleaned.get("category")
        if season and category and category.season_id != season.pk:
            self.add_error("category", _("Choose a category of the same season."))
        return cleaned


class PromptInline(ScopedStackedInline):
    """The fields of the form in short; each has a page with everything else and a preview."""

    model = Prompt
    form = PromptForm
    ordering = ("position",)
    show_change_link = True
    fields = (
        ("position", "slug", "kind", "required"),
        "label",
        "help",
        ("min_words", "max_words"),
    )


class HintInline(ScopedTabularInline):
    """Where to look instead."""

    model = Hint
    fk_name = "nomination"
    fields = ("better", "text")


@admin.register(Nomination)
class NominationAdmin(ScopedModelAdmin):
    """What is competed for."""

    form = NominationForm
    list_display = ("number", "name", "category", "season")
    list_display_links = ("name",)
    list_filter = (("season", ScopedRelatedFilter), ("category", ScopedRelatedFilter))
    list_select_related = ("season", "category")
    search_fields = ("slug", "number")
    ordering = ("season", "number")
    inlines = (PromptInline, CheckItemInline, HintInline)
    change_form_before_template = "admin/nominations/prompt/to_form.html"

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/form/",
            self.admin_site.admin_view(self.form_view),
            name="nominations_nomination_form",
        )
        return [own, *super().get_urls()]

    @policy(STAFF)
    @method_decorator(require_safe)
    def form_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form as nominees see it; what is tried here is kept nowhere."""
        nomination = get_object_or_404(self.get_queryset(request), pk=pk)
        return render_form(request, nomination)
