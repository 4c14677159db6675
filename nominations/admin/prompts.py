"""The form builder: fields of a nomination, one page each, with a preview that follows the typing."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from common.admin import ScopedModelAdmin, ScopedRelatedFilter, ScopedTabularInline
from common.localized import Localized
from common.policy import STAFF, policy
from nominations.drafts import Written
from nominations.editor import Field
from nominations.models import Answer, Nomination, Option, Prompt, PromptKind

LISTED = {PromptKind.CHOICE, PromptKind.CHOICES, PromptKind.TABLE}
# Settings that say something about some kinds alone; static/js/prompt-form.js hides the others.
ONLY_FOR = {
    "min_words": "text",
    "max_words": "text",
    "unit": "number metric",
    "decimals": "number metric",
    "minimum": "year number metric table file",
    "maximum": "year number metric table file",
    "minimum_message": "year number metric",
}


class PromptForm(forms.ModelForm[Prompt]):
    """A field of the form; what has answers keeps its kind."""

    class Meta:
        model = Prompt
        exclude: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        kept = self.instance.pk and "kind" in self.changed_data
        if kept and Answer.objects.filter(prompt=self.instance).exclude(text="").exists():
            self.add_error("kind", _("There are answers of the old kind; add a new field instead."))
        other, value = cleaned.get("shown_if"), cleaned.get("shown_value")
        if value and other is None:
            self.add_error("shown_value", _("Choose the field whose answer counts."))
        elif (
            value
            and other
            and other.kind in LISTED
            and not other.options.filter(slug=value).exists()
        ):
            self.add_error("shown_value", _("That field has no option with this short name."))
        return cleaned


class OptionFormSet(forms.BaseInlineFormSet[Option, Prompt, "forms.ModelForm[Option]"]):
    """Choices or columns; what is in answers stays."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            gone = form in self.deleted_forms
            if not form.instance.pk or not (gone or "slug" in form.changed_data):
                continue
            slug = form.initial.get("slug", form.instance.slug)
            if is_used(self.instance, str(slug)):
                raise forms.ValidationError(
                    _("“%(name)s” stands in answers already and stays as it is."),
                    params={"name": slug},
                )


def is_used(prompt: Prompt, slug: str) -> bool:
    """Whether an answer names the option, or fills the column."""
    texts = Answer.objects.filter(prompt=prompt, text__contains=slug).values_list("text", flat=True)
    if prompt.kind == PromptKind.TABLE:
        return any(f'"{slug}":' in text for text in texts)
    return any(slug in text.split() for text in texts)


class OptionInline(ScopedTabularInline):
    """The choices of a choice, the columns of a table."""

    model = Option
    formset = OptionFormSet
    fields = ("position", "slug", "label")
    ordering = ("position",)


@admin.register(Prompt)
class PromptAdmin(ScopedModelAdmin):
    """One field of a nomination's form."""

    form = PromptForm
    list_display = ("position", "label", "kind", "required", "nomination")
    list_display_links = ("label",)
    list_filter = (
        ("nomination__season", ScopedRelatedFilter),
        ("nomination", ScopedRelatedFilter),
        "kind",
    )
    list_select_related = ("nomination__season",)
    search_fields = ("slug",)
    ordering = ("nomination", "position")
    inlines = (OptionInline,)
    readonly_fields = ("preview",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "nomination",
                    ("position", "slug"),
                    "kind",
                    "required",
                    "jury_sees",
                    "label",
                    "help",
                )
            },
        ),
        (
            _("What it takes"),
            {
                "fields": (
                    ("min_words", "max_words"),
                    "unit",
                    "decimals",
                    ("minimum", "maximum"),
                    "minimum_message",
                )
            },
        ),
        (_("When it is asked"), {"fields": (("shown_if", "shown_value"),)}),
        (_("How the nominee sees it"), {"fields": ("preview",)}),
    )

    class Media:
        js = ("js/prompt-form.js",)
        css = {"all": ("css/nominations-admin.css",)}

    @display(description=_("preview"))
    def preview(self, prompt: Prompt) -> str:
        """A frame that shows the field as it is being made."""
        context = {
            "url": reverse("admin:nominations_prompt_preview"),
            "only_for": ONLY_FOR,
            "listed": " ".join(sorted(LISTED)),
        }
        return render_to_string("admin/nominations/prompt/preview.html", context)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Offer as a condition only fields of the same nomination."""
        form = super().get_form(request, obj, **kwargs)
        field = form.base_fields.get("shown_if")
        if field is not None and obj is not None:
            others = Prompt.objects.filter(nomination=obj.nomination_id, position__lt=obj.position)
            field.queryset = others
        return form

    def get_urls(self) -> list[Any]:
        own = path(
            "preview/",
            self.admin_site.admin_view(self.preview_view),
            name="nominations_prompt_preview",
        )
        return [own, *super().get_urls()]

    @policy(STAFF)
    @method_decorator(require_POST)
    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Draw the field that was posted as the nominee would see it; nothing is kept."""
        prompt, options = drawn_from(request.POST)
        field = Field(Written(prompt, None), number=prompt.position, options=tuple(options))
        context = {"fields": [field], "may_write": True, "bare": True}
        return render(request, "admin/nominations/prompt/frame.html", context)


def drawn_from(data: Any) -> tuple[Prompt, list[Option]]:
    """A field and its options made of what stands in the builder, whole or not; it is never saved."""
    kind = data.get("kind", "")
    prompt = Prompt(
        pk=0,
        position=whole(data.get("position")) or 1,
        slug="preview",
        kind=kind if kind in PromptKind.values else PromptKind.TEXT,
        label=from_widgets(data, "label"),
        help=from_widgets(data, "help"),
        unit=from_widgets(data, "unit"),
        required="required" in data,
        jury_sees="jury_sees" in data,
        min_words=whole(data.get("min_words")),
        max_words=whole(data.get("max_words")),
        decimals=whole(data.get("decimals")) or 0,
        minimum=whole(data.get("minimum")),
        maximum=whole(data.get("maximum")),
    )
    rows = range(min(whole(data.get("options-TOTAL_FORMS")) or 0, 50))
    options = [
        Option(
            pk=at,
            slug=data.get(f"options-{at}-slug") or f"option-{at}",
            label=from_widgets(data, f"options-{at}-label"),
        )
        for at in rows
        if f"options-{at}-DELETE" not in data
    ]
    return prompt, [one for one in options if one.label]


def from_widgets(data: Any, name: str) -> Localized:
    """A text per language from the inputs of the localised widget."""
    field = Prompt._meta.get_field("label").formfield()
    value = field.widget.value_from_datadict(data, {}, name)
    return Localized(field.compress(value))


def whole(text: str | None) -> int | None:
    """A whole number that was typed, or nothing."""
    try:
        return int(float(text or ""))
    except (ValueError, OverflowError):
        return None


def render_form(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """All fields of a nomination as its nominees see them."""
    prompts = nomination.prompts.prefetch_related("options")
    fields = [
        Field(Written(prompt, None, asked=prompt.shown_if_id is None), number=number)
        for number, prompt in enumerate(prompts, start=1)
    ]
    context = {"nomination": nomination, "fields": fields, "may_write": True, "bare": False}
    return render(request, "admin/nominations/prompt/frame.html", context)
