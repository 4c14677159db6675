"""The back office of vetting: who is in the team, and the check list of each nomination."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ScopedModelAdmin, ScopedRelatedFilter, ScopedTabularInline, scopes
from nominations.models import CheckItem, Vetter
from nominations.services import add_vetter, remove_vetter
from seasons.models import Season

scopes[Vetter] = lambda rows, user: rows.filter(season__in=Season.objects.organised_by(user))
scopes[CheckItem] = lambda rows, user: rows.filter(
    nomination__season__in=Season.objects.organised_by(user)
)


class CheckItemInline(ScopedTabularInline):
    """What the vetting team checks in each entry; a line that was used stays."""

    model = CheckItem
    ordering = ("position",)
    fields = ("position", "slug", "aspect", "text")


@admin.register(Vetter)
class VetterAdmin(ScopedModelAdmin):
    """The vetting team of a season: they check entries and see nothing else of the back office."""

    season_path = "season"
    may_change = False
    list_display = ("user", "season", "since")
    list_display_links = ("user",)
    list_filter = (("season", ScopedRelatedFilter),)
    list_select_related = ("season", "user")
    search_fields = ("user__full_name", "user__email")
    fields = ("season", "user")
    autocomplete_fields = ("user",)
    actions = ("remove_from_team",)

    def save_model(self, request: HttpRequest, obj: Vetter, form: Any, change: bool) -> None:
        """A seat in the team is a right: it is given by the service, which logs it and writes a mail."""
        by: Any = request.user
        obj.pk = add_vetter(obj.season, obj.user, by=by).pk

    @admin.action(description=_("Remove from the vetting team…"), permissions=["view"])
    def remove_from_team(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Ask, then take the chosen people out; what they found stays."""
        rows = list(queryset.select_related("season", "user"))
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Remove from the vetting team"),
                "opts": self.opts,
                "rows": rows,
            }
            return TemplateResponse(request, "admin/nominations/vetter/remove.html", context)
        by: Any = request.user
        for row in rows:
            remove_vetter(row, by=by)
        text = ngettext("%(count)d person is removed.", "%(count)d people are removed.", len(rows))
        messages.success(request, text % {"count": len(rows)})
        return None
