"""Model fields with the portal's manners."""

from typing import Any

from django.db import models


class WebAddressField(models.URLField[str, str]):
    """An address that means https:// when it says nothing; in the database a plain URLField."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
