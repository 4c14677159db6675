"""Sheets from paper, for reading: who entered and who countersigned which; marks stand on their own page.

An organiser who still has to mark something in the round sees here that a sheet came, and not what it says.
"""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedRelatedFilter
from judging.admin.common import ReadOnlyAdmin
from judging.models import PaperSheet


@admin.register(PaperSheet)
class PaperSheetAdmin(ReadOnlyAdmin):
    """Every sheet that was entered, those sent back or entered anew included."""

    list_display = (
        "entry",
        "judge",
        "round",
        "status",
        "entered_by",
        "entered_at",
        "decided_by",
        "decided_at",
    )
    list_filter = (
        "status",
        ("assignment__round", ScopedRelatedFilter),
        ("assignment__judge", ScopedRelatedFilter),
    )
    list_select_related = (
        "assignment__entry__organisation",
        "assignment__judge__user",
        "assignment__round__season",
        "entered_by",
        "decided_by",
    )
    search_fields = (
        "assignment__entry__number",
        "assignment__entry__organisation__name",
        "assignment__judge__user__full_name",
        "entered_by__full_name",
        "decided_by__full_name",
    )
    fields = (
        "entry",
        ("judge", "round"),
        "status",
        ("entered_by", "entered_at"),
        ("decided_by", "decided_at"),
        "reason",
        "scan_name",
        "marks_on_page",
    )
    readonly_fields = ("entry", "judge", "round", "marks_on_page")
    date_hierarchy = "entered_at"
    ordering = ("-entered_at", "-pk")

    @admin.display(description=_("entry"), ordering="assignment__entry__number")
    def entry(self, sheet: PaperSheet) -> str:
        """Number and name."""
        return str(sheet.assignment.entry)

    @admin.display(description=_("judge"), ordering="assignment__judge__user__full_name")
    def judge(self, sheet: PaperSheet) -> str:
        """Whose paper it is."""
        return str(sheet.assignment.judge)

    @admin.display(description=_("round"))
    def round(self, sheet: PaperSheet) -> str:
        """In which round."""
        return str(sheet.assignment.round)

    @admin.display(description=_("marks"))
    def marks_on_page(self, sheet: PaperSheet) -> SafeString:
        """The way to the page of the sheet, which shows the marks to those who may see them."""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("judging:paper", args=[sheet.assignment_id]),
            gettext("To the page of the sheet"),
        )
