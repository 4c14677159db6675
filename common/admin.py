"""The one base of every admin page: organisers see the rows of their own programmes, no more."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from common.localized import LocalizedField
from common.moments import home_zone, zone_label

Scope = Callable[[models.QuerySet[Any], Any], models.QuerySet[Any]]
M = TypeVar("M", bound=models.Model)

# For each model: which rows an organiser may see or pick, wherever the admin shows them.
scopes: dict[type[models.Model], Scope] = {}
# Where an organiser sees or picks more rows than are theirs to change: which those are.
changeable: dict[type[models.Model], Scope] = {}


def scoped(request: HttpRequest, queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """Cut a queryset down to what the person may see; a model without a scope is for superusers."""
    scope = scopes.get(queryset.model)
    if scope is not None:
        return scope(queryset, request.user)
    return queryset if getattr(request.user, "is_superuser", False) else queryset.none()


def is_organiser(request: HttpRequest) -> bool:
    """Staff by sign-in; which rows they get is the scope's business."""
    user = request.user
    return bool(user.is_authenticated and user.is_active and user.is_staff)


class ScopedMixin:
    """Rights by rows instead of by Django's model permissions."""

    may_add: ClassVar[bool] = True
    may_change: ClassVar[bool] = True
    may_delete: ClassVar[bool] = False
    superusers_only: ClassVar[bool] = False

    def _welcome(self, request: HttpRequest) -> bool:
        if self.superusers_only:
            return is_organiser(request) and bool(getattr(request.user, "is_superuser", False))
        return is_organiser(request)

    def _covers(self, request: HttpRequest, obj: models.Model | None) -> bool:
        """Whether a row of this admin's own model is in the person's scope (inlines ask their parent)."""
        if obj is None or not isinstance(obj, self.model):  # type: ignore[attr-defined]
            return True
        rows = scoped(request, type(obj)._default_manager.all())
        return rows.filter(pk=obj.pk).exists()

    def _is_theirs(self, request: HttpRequest, obj: models.Model | None) -> bool:
        """Whether a row that the person may see is also theirs to change."""
        scope = None if obj is None else changeable.get(type(obj))
        if obj is None or scope is None or not isinstance(obj, self.model):  # type: ignore[attr-defined]
            return True
        return scope(type(obj)._default_manager.all(), request.user).filter(pk=obj.pk).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._welcome(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._welcome(request) and self._covers(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and self._welcome(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return (
            self.may_change
            and self._welcome(request)
            and self._covers(request, obj)
            and self._is_theirs(request, obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_delete and self._welcome(request) and self._covers(request, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return scoped(request, super().get_queryset(request))  # type: ignore[misc]

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Say in which zone a time is meant; pages of a season stand in the season's zone."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(db_field, models.DateTimeField):
            zone = zone_label(timezone.now(), home_zone(timezone.get_current_timezone_name()))
            said = [str(field.help_text), gettext("Time: %(zone)s.") % {"zone": zone}]
            field.help_text = " ".join(text for text in said if text)
        return field

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if "queryset" not in kwargs:
            remote: Any = db_field.remote_field.model
            kwargs["queryset"] = scoped(request, remote._default_manager.all())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(
        self, db_field: "models.ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if "queryset" not in kwargs:
            remote: Any = db_field.remote_field.model
            kwargs["queryset"] = scoped(request, remote._default_manager.all())
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


@cache
def in_the_readers_language(field: LocalizedField) -> Any:
    """A list column of a field with a text per language; Django would show it as JSON."""

    def column(row: models.Model) -> str:
        return str(getattr(row, field.name))

    column.__name__ = field.name
    return admin.display(description=field.verbose_name)(column)


def readable(model: type[models.Model], columns: Iterable[Any]) -> list[Any]:
    """The columns of a list, those with a text per language in the reader's."""
    texts = {one.name: one for one in model._meta.fields if isinstance(one, LocalizedField)}
    return [in_the_readers_language(texts[one]) if one in texts else one for one in columns]


class ScopedModelAdmin(ScopedMixin, ModelAdmin):
    """An admin page cut down to an organiser's rows; no bulk delete, no history side door."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = False
    compressed_fields = True
    warn_unsaved_form = True
    season_path: ClassVar[str | None] = None

    def zone_of(self, obj: Any) -> str:
        """The zone a row's times are written in: its season's, when it has one."""
        season = obj
        for step in filter(None, (self.season_path or "").split(".")):
            season = getattr(season, step, None)
        return str(getattr(season, "time_zone", ""))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Read and write times in the zone of the row's season, whoever looks."""
        row = self.get_object(request, unquote(object_id)) if object_id else None
        zone = self.zone_of(row) if row is not None and self.season_path is not None else ""
        with timezone.override(home_zone(zone)):
            response: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        return response

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the page's own filters ask: others would question fields nobody is shown."""
        asked = {self.date_hierarchy} | {
            getattr(one, "parameter_name", one[0] if isinstance(one, list | tuple) else one)
            for one in self.get_list_filter(request)
        }
        known = any(lookup == name or lookup.startswith(f"{name}__") for name in asked if name)
        return known and bool(super().lookup_allowed(lookup, value, request))

    def view_on_site(self, obj: Any) -> str | None:  # type: ignore[override,unused-ignore]
        """Straight to the page of the row; Django's own way there asks nobody whose row it is."""
        address = getattr(obj, "get_absolute_url", None)
        return str(address()) if address is not None else None

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return readable(self.model, super().get_list_display(request))

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> list[Any] | None:
        links = super().get_list_display_links(request, list_display)
        # None means a list whose rows lead nowhere, or by links of their own.
        return None if links is None else readable(self.model, links)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        raise Http404

    # Django's own admin log is not kept: the audit log is, and it knows about conflicts.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None


class ScopedTabularInline(ScopedMixin, TabularInline):
    """Rows of a parent, in a table; the parent's scope has let the person in."""

    extra = 0
    may_delete = True

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A cell has no label but the head of its column, so the field says its name itself."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # Several inputs in one cell are labelled one by one.
        if field is not None and not isinstance(field.widget, forms.MultiWidget):
            field.widget.attrs.setdefault("aria-label", str(field.label))
        return field


class ScopedStackedInline(ScopedMixin, StackedInline):
    """Rows of a parent, one below the other."""

    extra = 0
    may_delete = True


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a related row that offers the person's rows alone."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        remote: Any = field.remote_field.model
        # A name often begins with that of the row it hangs on, as a stage's with its season's.
        named_by = [one.name for one in remote._meta.fields if one.many_to_one and not one.null]
        rows = scoped(request, remote._default_manager.select_related(*named_by))
        return [(str(row.pk), str(row)) for row in rows[:200]]
