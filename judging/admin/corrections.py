"""Corrections beside a scorecard, and who let them be made; for reading."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedTabularInline, scopes
from judging.admin.common import of_entries
from judging.bands import shown
from judging.models import CorrectedMark, Correction, CorrectionLeave, Meeting

scopes[Meeting] = of_entries("entry")
scopes[CorrectionLeave] = of_entries("scorecard__assignment__entry")
scopes[Correction] = of_entries("scorecard__assignment__entry")
scopes[CorrectedMark] = of_entries("correction__scorecard__assignment__entry")


class CorrectionInline(ScopedTabularInline):
    """What was corrected on a scorecard, and why."""

    model = Correction
    fields = ("number", "kind", "total", "marks_shown", "reason", "by", "made_at")
    readonly_fields = fields
    may_add = False
    may_change = False
    may_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("by").order_by("number")
        return rows.prefetch_related("marks__criterion__dimension")

    @admin.display(description=_("marks"))
    def marks_shown(self, correction: Correction) -> str:
        """Criterion by criterion."""
        return "; ".join(
            f"{mark.criterion.name}: {'—' if mark.value is None else shown(mark.value)}"
            for mark in sorted(
                correction.marks.all(),
                key=lambda one: (one.criterion.dimension.position, one.criterion.position),
            )
        )


class LeaveInline(ScopedTabularInline):
    """Who let the judge correct, and why."""

    model = CorrectionLeave
    fields = ("reason", "given_by", "given_at")
    readonly_fields = fields
    may_add = False
    may_change = False
    may_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("given_by").order_by("pk")
