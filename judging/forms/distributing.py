"""What organisers ask of a distribution."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judging.distribution import MUCH, NONE, SOME, Wanted
from judging.models import (
    Background,
)

LARGEST_FILE = 2_000_000


LEVELS = [
    (NONE, _("does not matter")),
    (SOME, _("matters")),
    (MUCH, _("matters much")),
]


def level(label: Any, start: int) -> forms.TypedChoiceField:
    """How much a part of the cost matters."""
    return forms.TypedChoiceField(label=label, choices=LEVELS, coerce=int, initial=start)


class DistributionForm(forms.Form):
    """What an organiser asks of a distribution."""

    least = forms.IntegerField(
        label=_("Judges per entry, at least"),
        min_value=1,
        max_value=50,
        help_text=_("Counting those who have the entry already."),
    )
    most = forms.IntegerField(
        label=_("Judges per entry, at most"),
        min_value=1,
        max_value=50,
        help_text=_("The same number for exactly so many; more is given while judges have room."),
    )
    load_least = forms.IntegerField(
        label=_("Entries per judge, at least"), min_value=0, max_value=5000, initial=0
    )
    load_most = forms.IntegerField(
        label=_("Entries per judge, at most"),
        min_value=1,
        max_value=5000,
        required=False,
        help_text=_("Empty means no limit; a judge's own limit holds as well."),
    )
    areas = level(_("Judges know the area"), SOME)
    languages = level(_("Judges read the language"), MUCH)
    wishes = level(_("Judges' preferences"), SOME)
    spread = level(_("Even loads"), SOME)
    ties = level(_("Distance: another city, no employer with a similar name"), SOME)
    backgrounds = forms.MultipleChoiceField(
        label=_("Each entry needs at least one"),
        choices=Background.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    linked = forms.BooleanField(
        label=_("Link all judges through shared entries"),
        required=False,
        initial=True,
        help_text=_("Without links, a strict jury cannot be told from weak entries."),
    )
    replace = forms.BooleanField(
        label=_("Replace judges who are not available"),
        required=False,
        help_text=_("Only entries they have not begun go to others; no scorecard moves."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("most") and data.get("least") and data["most"] < data["least"]:
            self.add_error("most", _("The most is less than the least."))
        top, bottom = data.get("load_most"), data.get("load_least")
        if top is not None and bottom is not None and top < bottom:
            self.add_error("load_most", _("The most is less than the least."))
        return data

    def wanted(self) -> Wanted:
        """As the distribution takes it."""
        return Wanted.from_json(self.cleaned_data)


class PairsForm(forms.Form):
    """Pairs of entry and judge, typed or from a file."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "entry,judge"}),
        help_text=_("The columns entry and judge; a judge by e-mail or full name."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sent = data.get("file")
        if sent is not None:
            if sent.size > LARGEST_FILE:
                raise forms.ValidationError(_("The file is too large."))
            try:
                data["text"] = sent.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(_("Save the file as UTF-8, please.")) from error
        elif not data.get("text", "").strip():
            raise forms.ValidationError(_("Choose a file, or type the lines."))
        return data
