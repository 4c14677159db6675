"""The back office of prerequisites: which documents a season's nominations ask for."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.admin import ScopedModelAdmin, ScopedRelatedFilter, scopes
from nominations.models import Nomination, Prerequisite
from seasons.models import Season

scopes[Prerequisite] = lambda rows, user: rows.filter(season__in=Season.objects.organised_by(user))


class PrerequisiteForm(forms.ModelForm[Prerequisite]):
    """A document with the nominations of its season that ask for it."""

    class Meta:
        model = Prerequisite
        fields = (
            "season",
            "slug",
            "position",
            "name",
            "help",
            "missing",
            "needs_proof",
            "nominations",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["nominations"]
        rows: Any = field.queryset.select_related("season")
        if self.instance.pk:
            field.queryset = rows.filter(season=self.instance.season_id)
        else:
            field.queryset = rows
            field.label_from_instance = with_season

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        season = cleaned.get("season")
        if season and any(one.season_id != season.pk for one in cleaned.get("nominations", [])):
            self.add_error("nominations", _("Choose nominations of the same season."))
        return cleaned


def with_season(nomination: Nomination) -> str:
    """A nomination among those of several seasons."""
    return f"{nomination.season.code} · {nomination}"


@admin.register(Prerequisite)
class PrerequisiteAdmin(ScopedModelAdmin):
    """What applicants must hold, and what a missing document does."""

    form = PrerequisiteForm
    list_display = ("name", "season", "missing", "needs_proof")
    list_filter = (("season", ScopedRelatedFilter), "missing")
    list_select_related = ("season",)
    fields = (
        "season",
        ("slug", "position"),
        "name",
        "help",
        ("missing", "needs_proof"),
        "nominations",
    )

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "nominations":
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)
