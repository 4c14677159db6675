"""Rubrics, from the scheme down to the bands; the first mark locks all of it."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import ScopedModelAdmin, ScopedRelatedFilter, ScopedTabularInline
from common.readable import ReadableTexts
from judging.differences import differences
from judging.forms.rubrics import BandFormSet, CriterionForm, GuidanceFormSet
from judging.models import (
    Band,
    Consultation,
    Criterion,
    Dimension,
    Guidance,
    Phase,
    Rubric,
    SplitCriterion,
)
from judging.rubrics import copy_rubric, is_locked, previous_of, rubric_of, with_lock
from judging.soundness import rubric_faults


class LockedByMarks(ReadableTexts, ScopedModelAdmin):
    """A part of a rubric: it can be changed until somebody has marked by it."""

    may_delete = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        locked = obj is not None and is_locked(rubric_of(obj))
        return not locked and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        locked = obj is None or is_locked(rubric_of(obj))
        return not locked and super().has_delete_permission(request, obj)


class PartInline(ScopedTabularInline):
    """Parts of a rubric below their parent; locked with it."""

    show_change_link = True
    readonly_fields = ("title",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._unlocked(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._unlocked(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._unlocked(obj) and super().has_delete_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A locked part shows its name in words."""
        fields = super().get_fields(request, obj)
        if self._unlocked(obj):
            return fields
        return ["title" if name == "name" else name for name in fields if name != "descriptor"]

    @admin.display(description=gettext_lazy("name"))
    def title(self, part: Any) -> str:
        """The part's name in the reader's language."""
        return str(part.name)

    def _unlocked(self, parent: Any) -> bool:
        return parent is None or parent.pk is None or not is_locked(rubric_of(parent))


class DimensionInline(PartInline):
    """Dimensions; each has a page with its criteria."""

    model = Dimension
    fields = ("position", "name")


class PhaseInline(PartInline):
    """Phases of a levelled standard; most rubrics have none."""

    model = Phase
    fields = ("position", "slug", "name", "reached_at")


class SplitInline(PartInline):
    """Criteria that are split into sub-items; most dimensions have none."""

    model = SplitCriterion
    fields = ("slug", "name")


class CriterionInline(PartInline):
    """Criteria; each has a page with its bands."""

    model = Criterion
    form = CriterionForm
    fields = ("position", "slug", "name", "maximum", "weight", "step")


class BandInline(PartInline):
    """Bands from 0 to the maximum, without a gap or an overlap."""

    model = Band
    formset = BandFormSet
    fields = ("low", "high", "name", "descriptor")
    show_change_link = False


class GuidanceInline(PartInline):
    """Which mark a figure suggests; ranges meet without a gap or an overlap."""

    model = Guidance
    formset = GuidanceFormSet
    fields = ("at_least", "below", "low", "high")
    show_change_link = False


@admin.register(Rubric)
class RubricAdmin(LockedByMarks):
    """Scoring schemes by version."""

    list_display = ("name", "slug", "version", "season", "criteria", "in_force", "locked")
    list_filter = (("season", ScopedRelatedFilter),)
    list_select_related = ("season",)
    fields = (
        "name",
        ("season", "version"),
        "slug",
        "total",
        ("valid_from", "valid_until"),
        ("comment_at_or_below", "comment_at_or_above"),
    )
    inlines = (DimensionInline, PhaseInline)
    actions = ("copy_as_new_version",)
    change_form_before_template = "admin/judging/_rubric_lock.html"

    @admin.display(description=gettext_lazy("criteria"))
    def criteria(self, rubric: Rubric) -> int:
        """How many there are."""
        return sum(len(dimension.criteria.all()) for dimension in rubric.dimensions.all())

    @admin.display(description=gettext_lazy("in force"), ordering="valid_from")
    def in_force(self, rubric: Rubric) -> str:
        """From when until when."""
        days = (rubric.valid_from, rubric.valid_until)
        return " – ".join(date_format(day) if day else "…" for day in days) if any(days) else "—"

    @admin.display(description=gettext_lazy("locked"), boolean=True)
    def locked(self, rubric: Rubric) -> bool:
        """Whether somebody has marked by it."""
        return bool(getattr(rubric, "has_marks", False))

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_lock(super().get_queryset(request)).prefetch_related("dimensions__criteria")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Say above the form what is wrong with the rubric and what this version changes."""
        rubric = kwargs.get("obj")
        if rubric is not None:
            previous = previous_of(rubric)
            context |= {
                "faults": rubric_faults(rubric),
                "previous": previous,
                "differences": differences(previous, rubric) if previous else [],
                "consultation": Consultation.objects.filter(rubric=rubric).first(),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=gettext_lazy("Copy as a new version"), permissions=["view"])
    def copy_as_new_version(self, request: HttpRequest, rows: Any) -> None:
        """A locked rubric changes by a copy with the next number."""
        for rubric in rows:
            made = copy_rubric(rubric, by=request.user)  # type: ignore[arg-type]
            messages.success(
                request,
                _("Version %(version)d of “%(name)s” is ready to be changed.")
                % {"version": made.version, "name": made.name},
            )


class PartAdmin(LockedByMarks):
    """Reached from the rubric, not from the menu."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Dimension)
class DimensionAdmin(PartAdmin):
    """A group of criteria."""

    list_display = ("name", "rubric", "position")
    list_select_related = ("rubric__season",)
    fields = (("rubric", "position"), "name")
    inlines = (CriterionInline, SplitInline)


@admin.register(Criterion)
class CriterionAdmin(PartAdmin):
    """What is marked, and what each mark means."""

    form = CriterionForm
    list_display = ("name", "dimension", "maximum", "weight", "step")
    list_select_related = ("dimension__rubric__season",)
    fields = (
        "name",
        ("dimension", "position"),
        "slug",
        "description",
        ("maximum", "weight", "step"),
        ("part_of", "phase"),
        "measure",
        "measure_prompt",
    )
    inlines = (BandInline, GuidanceInline)


@admin.register(Phase)
class PhaseAdmin(PartAdmin):
    """A step of a levelled standard."""

    list_display = ("name", "rubric", "position", "reached_at")
    list_select_related = ("rubric__season",)
    fields = (("rubric", "position"), "slug", "name", "description", "reached_at")


@admin.register(SplitCriterion)
class SplitCriterionAdmin(PartAdmin):
    """A criterion whose sub-items are marked."""

    list_display = ("name", "dimension")
    list_select_related = ("dimension__rubric__season",)
    fields = ("dimension", "slug", "name", "description")
