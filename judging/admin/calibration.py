"""Samples of a round with their reference marks; locked once a judge has answered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import (
    ScopedModelAdmin,
    ScopedRelatedFilter,
    ScopedStackedInline,
    ScopedTabularInline,
)
from common.readable import ReadableTexts
from judging.bands import shown
from judging.models import Criterion, ReferenceMark, Sample, SampleAnswer, Trial


def is_answered(sample: Sample | None) -> bool:
    """Whether a judge has submitted marks of the sample."""
    return (
        sample is not None
        and sample.pk is not None
        and Trial.objects.filter(sample=sample, submitted_at__isnull=False).exists()
    )


class LockedWithSample:
    """Parts of a sample that judges have answered stay as they are."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_answered(obj) and super().has_add_permission(request, obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_answered(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_answered(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]


class AnswerInline(LockedWithSample, ScopedStackedInline):
    """Questions and answers in the organiser's words."""

    model = SampleAnswer
    fields = ("position", "question", "text")
    extra = 1


class ReferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A mark that the criterion allows."""

    class Meta:
        model = ReferenceMark
        fields = ["criterion", "value", "reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        criterion, value = data.get("criterion"), data.get("value")
        if criterion is not None and value is not None and not criterion.allows(value):
            self.add_error(
                "value",
                _("Give a mark from 0 to %(maximum)s in steps of %(step)s.")
                % {"maximum": shown(criterion.maximum), "step": shown(criterion.step)},
            )
        return data


class ReferenceInline(LockedWithSample, ScopedTabularInline):
    """One reference mark per criterion of the round's rubric, each with its reason."""

    model = ReferenceMark
    form = ReferenceForm
    fields = ("criterion", "value", "reason")
    extra = 1
    rubric: int | None = None

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        self.rubric = obj.round.rubric_id if obj is not None else None
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "criterion":
            field.queryset = Criterion.objects.filter(dimension__rubric=self.rubric)
        return field


@admin.register(Sample)
class SampleAdmin(ReadableTexts, ScopedModelAdmin):
    """What judges of a round score before its entries."""

    list_display = ("title", "round", "position", "answered")
    list_filter = (("round", ScopedRelatedFilter),)
    list_select_related = ("round__season",)
    fields = ("round", "slug", "position", "title")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_answered()

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Reference marks need the round's rubric: they follow once the sample is saved."""
        return (AnswerInline,) if obj is None else (AnswerInline, ReferenceInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("round",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_answered(obj) and super().has_change_permission(request, obj)

    @admin.display(description=_("answered"))
    def answered(self, sample: Any) -> int:
        """How many judges have submitted marks of it."""
        return int(sample.answered)
