"""The back office of categories and nominations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.admin import (
    ScopedModelAdmin,
    ScopedRelatedFilter,
    ScopedStackedInline,
    ScopedTabularInline,
)
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
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        season, category = cleaned.get("season"), cleaned.get("category")
        if season and category and category.season_id != season.pk:
            self.add_error("category", _("Choose a category of the same season."))
        return cleaned


class PromptInline(ScopedStackedInline):
    """What the essay answers."""

    model = Prompt
    ordering = ("position",)
    fields = (
        ("position", "slug", "kind", "required"),
        "label",
        "help",
        ("min_words", "max_words", "minimum"),
        "minimum_message",
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
    inlines = (PromptInline, HintInline)
