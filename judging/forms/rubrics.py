"""Forms of criteria and their bands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judging.bands import band_faults
from judging.models import (
    Criterion,
)


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A criterion whose maximum is reachable by its steps."""

    class Meta:
        model = Criterion
        fields = [
            "dimension",
            "position",
            "slug",
            "name",
            "description",
            "maximum",
            "weight",
            "step",
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        maximum, step = data.get("maximum"), data.get("step")
        if maximum and step and maximum % step:
            self.add_error("step", _("The maximum is not a whole number of steps."))
        return data


class BandFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Bands that cover every mark of the criterion once; each fault names its place."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [
            form
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE", False)
        ]
        if not kept or not self.instance.maximum or not self.instance.step:
            return
        bands = [(form.cleaned_data["low"], form.cleaned_data["high"]) for form in kept]
        faults = band_faults(bands, maximum=self.instance.maximum, step=self.instance.step)
        if faults:
            raise forms.ValidationError([str(fault.message) for fault in faults])
