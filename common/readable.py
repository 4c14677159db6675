"""Localised texts in the back office: words in the reader's language instead of JSON."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db import models
from django.http import HttpRequest

from common.localized import LocalizedField


@cache
def in_words(field: LocalizedField) -> Callable[[Any], str]:
    """A column or a read-only field that shows one localised text."""

    def show(row: Any) -> str:
        return str(getattr(row, field.name)) or "—"

    show.__name__ = field.name
    show.short_description = field.verbose_name  # type: ignore[attr-defined]
    return show


def readable(model: type[models.Model], names: Iterable[Any]) -> list[Any]:
    """Put `in_words` in the place of localised fields, in a list that may hold rows of fields."""
    texts = {field.name: field for field in model._meta.fields if isinstance(field, LocalizedField)}
    return [
        tuple(readable(model, name))
        if isinstance(name, list | tuple)
        else in_words(texts[name])
        if name in texts
        else name
        for name in names
    ]


class ReadableTexts:
    """For an admin page or an inline: columns, and pages that may only be read."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return readable(self.model, super().get_list_display(request))  # type: ignore[attr-defined,misc]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fieldsets: list[Any] = super().get_fieldsets(request, obj)  # type: ignore[misc]
        writes = self.has_change_permission(request, obj) or (  # type: ignore[attr-defined]
            not isinstance(obj, self.model) and self.has_add_permission(request, obj)  # type: ignore[attr-defined]
        )
        if obj is None or writes:
            return fieldsets
        return [
            (title, {**options, "fields": readable(self.model, options["fields"])})  # type: ignore[attr-defined]
            for title, options in fieldsets
        ]
