"""Forms of criteria and their bands."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judging.bands import Advice, band_faults, guidance_faults
from judging.models import Criterion, Phase, Round, Rubric, SplitCriterion
from judging.soundness import rubric_faults
from seasons.models import Stage


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
            "part_of",
            "phase",
            "measure",
            "measure_prompt",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the split criteria and the phases of the criterion's own rubric."""
        super().__init__(*args, **kwargs)
        dimension = self.instance.dimension if self.instance.dimension_id else None
        own: dict[str, Any] = {
            "part_of": SplitCriterion.objects.filter(dimension=dimension),
            "phase": Phase.objects.filter(rubric=dimension.rubric_id if dimension else None),
        }
        for name, rows in own.items():
            if name in self.fields:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        maximum, step = data.get("maximum"), data.get("step")
        if maximum and step and maximum % step:
            self.add_error("step", _("The maximum is not a whole number of steps."))
        if data.get("phase") and not data.get("part_of"):
            self.add_error("phase", _("Only a sub-item of a split criterion stands for a phase."))
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


class GuidanceFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Ranges of figures that meet, without a gap or an overlap; each fault names its place."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.instance.maximum or not self.instance.step:
            return
        rows = [
            Advice(data["at_least"], data["below"], data["low"], data["high"])
            for data in (form.cleaned_data for form in self.forms)
            if data and not data.get("DELETE", False)
        ]
        faults = guidance_faults(rows, maximum=self.instance.maximum, step=self.instance.step)
        if faults:
            raise forms.ValidationError([str(fault.message) for fault in faults])


class RoundForm(forms.ModelForm):  # type: ignore[type-arg]
    """A round is judged by a rubric that is whole, and in force all the while."""

    class Meta:
        model = Round
        fields = ["rubric", "stage"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rubric = data.get("rubric")
        if rubric is None:
            return data
        if "rubric" in self.changed_data:
            for fault in rubric_faults(rubric):
                self.add_error("rubric", str(fault))
        stage = data.get("stage")
        if stage is not None and not is_in_force(rubric, stage):
            message = _("The rubric is not in force on all days of the round's stage.")
            self.add_error("rubric", message)
        return data


def is_in_force(rubric: Rubric, stage: Stage) -> bool:
    """Whether a rubric is in force from the first to the last day of a stage, in its season's zone."""
    zone = rubric.season.zone
    first = stage.opens_at.astimezone(zone).date()
    last = (stage.closes_at - timedelta(microseconds=1)).astimezone(zone).date()
    early = rubric.valid_from is not None and first < rubric.valid_from
    late = rubric.valid_until is not None and last > rubric.valid_until
    return not (early or late)
