"""The rules and the check list of visits on the page of their round; the first visit fixes the list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from common.admin import ScopedStackedInline, ScopedTabularInline
from judging.models import Round, SiteVisit, VisitItem, VisitRules


def is_fixed(round_: Round | None) -> bool:
    """Whether a team has noted something: the check list stands still from then on."""
    if round_ is None or round_.pk is None:
        return False
    return SiteVisit.objects.filter(round=round_, begun_at__isnull=False).exists()


class VisitRulesInline(ScopedStackedInline):
    """What the applicant and other rounds learn, and how many photos a finding takes."""

    model = VisitRules
    fields = ("names_shown", "report_for_all", "photos")
    extra = 0
    max_num = 1


class VisitItemInline(ScopedTabularInline):
    """The lines the team answers on site."""

    model = VisitItem
    fields = ("position", "slug", "text", "kind", "unit", "required")
    readonly_fields = ("said",)
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A fixed line shows its text in words."""
        if not is_fixed(obj):
            return self.fields
        return ("position", "said", "kind", "required")

    @admin.display(description=gettext_lazy("text"))
    def said(self, item: VisitItem) -> str:
        """The line in the reader's language, with its unit."""
        return " · ".join(filter(None, [str(item.text), str(item.unit or "")]))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_fixed(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_fixed(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_fixed(obj) and super().has_delete_permission(request, obj)
