"""Text of a programme in several languages, stored as one JSON object per value."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

# Who reads one script of a language reads the other one better than English.
OTHER_SCRIPT = {"zh-hans": "zh-hant", "zh-hant": "zh-hans"}


class Localized(dict[str, str]):
    """A value per language; `str()` gives the reader's, else English, else the first there is."""

    def __str__(self) -> str:
        return self.in_language(get_language() or settings.LANGUAGE_CODE)

    def in_language(self, language: str) -> str:
        """Return the text in a language, falling back to its other script or base, English, any."""
        base = language.split("-", maxsplit=1)[0]
        for code in (language, OTHER_SCRIPT.get(language, base), base, "en"):
            if self.get(code):
                return self[code]
        return next((text for text in self.values() if text), "")

    def __html__(self) -> str:
        from django.utils.html import escape

        return escape(str(self))

    def __bool__(self) -> bool:
        return any(self.values())


class LocalizedWidget(forms.MultiWidget):
    """One input per interface language, each labelled with its language."""

    template_name = "components/localized_widget.html"

    def __init__(self, *, long: bool = False, attrs: dict[str, Any] | None = None) -> None:
        self.languages = [code for code, _name in settings.LANGUAGES]
        one = forms.Textarea if long else forms.TextInput
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            code: one(attrs={"lang": code, "rows": 3} if long else {"lang": code})
            for code in self.languages
        }
        super().__init__(inputs, attrs)

    def decompress(self, value: Any) -> list[str]:
        value = value or {}
        return [value.get(code, "") for code in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        from unfold.widgets import INPUT_CLASSES, TEXTAREA_CLASSES

        context = super().get_context(name, value, attrs)
        for part, (code, label) in zip(
            context["widget"]["subwidgets"], settings.LANGUAGES, strict=True
        ):
            part["language"] = label
            part["language_code"] = code
            # Forms of the site itself have dressed each input already.
            if "form-control" not in part["attrs"].get("class", ""):
                classes = TEXTAREA_CLASSES if "rows" in part["attrs"] else INPUT_CLASSES
                part["attrs"]["class"] = " ".join(classes)
        return context


class LocalizedFormField(forms.MultiValueField):
    """A form field per language; one filled language is enough for a required value."""

    def __init__(self, *, long: bool = False, **kwargs: Any) -> None:
        for unwanted in ("encoder", "decoder", "max_length"):
            kwargs.pop(unwanted, None)
        self.languages = [code for code, _name in settings.LANGUAGES]
        kwargs["widget"] = LocalizedWidget(long=long)
        fields = [forms.CharField(required=False) for _code in self.languages]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str] | None) -> Localized:
        pairs = zip(self.languages, data_list or [], strict=False)
        return Localized({code: text for code, text in pairs if text})


class LocalizedField(models.JSONField):
    """A database column that holds a Localized; `long=True` edits it in text areas."""

    description = _("Text in several languages")

    def __init__(self, *args: Any, long: bool = False, **kwargs: Any) -> None:
        self.long = long
        kwargs.setdefault("default", Localized)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.long:
            kwargs["long"] = True
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        value = super().from_db_value(value, expression, connection)
        return Localized(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = json.loads(value) if value else {}
        return Localized(value) if isinstance(value, dict) else value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not isinstance(value, dict) or any(not isinstance(text, str) for text in value.values()):
            raise ValidationError(gettext("Give one text per language."))
        if not self.blank and not any(value.values()):
            raise ValidationError(gettext("Give the text in at least one language."))

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """Keep the texts in languages that the form has no input for."""
        shown = {code for code, _name in settings.LANGUAGES}
        stored = getattr(instance, self.name) or {}
        unseen = {code: text for code, text in stored.items() if code not in shown}
        super().save_form_data(instance, Localized({**unseen, **(data or {})}))

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(
            self,
            form_class=LocalizedFormField,
            long=self.long,
            # A hidden copy of the initial value, which a callable default asks for, is of no use here.
            show_hidden_initial=False,
            **{key: value for key, value in kwargs.items() if key not in {"form_class", "widget"}},
        )
