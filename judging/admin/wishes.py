"""Pairs of judges kept apart, and what judges would like to judge."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from audit.services import record
from common.admin import ScopedModelAdmin, ScopedRelatedFilter, scopes
from judging.admin.common import ReadOnlyAdmin, of_seasons
from judging.forms.back_office import AvoidPairForm
from judging.models import AvoidPair, Bid, Judge

scopes[AvoidPair] = of_seasons("season", "season", "one", "other")
scopes[Bid] = of_seasons("judge__jury__season", "judge__user", "nomination")


@admin.register(AvoidPair)
class AvoidPairAdmin(ScopedModelAdmin):
    """Two judges who get no entry together."""

    form = AvoidPairForm
    list_display = ("one", "other", "season", "reason", "active")
    list_filter = (("season", ScopedRelatedFilter), "active")
    list_select_related = ("season", "one", "other")
    fields = ("season", "first", "second", "reason")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else ("season", "one", "other", "reason", "active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("season", "one", "other")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["fields"] = ("season", "reason") if obj is None else ("reason", "active")
        if obj is not None:
            kwargs["form"] = forms.ModelForm
        made = super().get_form(request, obj, **kwargs)
        if obj is not None:
            return made
        judges = scopes[Judge](Judge.objects.active(), request.user)
        return type("AvoidPairFormOfOrganiser", (made,), {"judges": judges})

    def save_model(self, request: HttpRequest, obj: AvoidPair, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.log("judges.kept-apart" if obj.active else "judges.may-meet", obj, request)

    def log(self, verb: str, obj: AvoidPair, request: HttpRequest) -> None:
        """Who is kept apart, in the chain of the season."""
        data = {"one": obj.one_id, "other": obj.other_id, "reason": obj.reason}
        record(verb, by=request.user, about=obj, season=obj.season.slug, data=data)  # type: ignore[arg-type]


@admin.register(Bid)
class BidAdmin(ReadOnlyAdmin):
    """What judges said before entries were given out."""

    list_display = ("judge", "nomination", "wish", "changed_at")
    list_filter = (("judge", ScopedRelatedFilter), "wish")
    list_select_related = ("judge__user", "nomination")
    search_fields = ("judge__user__full_name",)
    fields = ("judge", "nomination", "wish", "changed_at")
