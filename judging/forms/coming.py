"""Registering for a public jury, declining an invitation, a judge's own profile, an objection."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from common.uploads import PICTURES
from judging.models import Judge, Registration
from nominations.models import Category


class RegistrationForm(forms.Form):
    """Who asks onto a public jury; `website` is bait that people neither see nor fill."""

    profile = forms.ChoiceField(
        label=_("I am a"), choices=Registration.PROFILES, widget=forms.RadioSelect
    )
    employer = forms.CharField(label=_("Employer"), max_length=200, required=False)
    about = forms.CharField(
        label=_("Why you would like to judge"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    rules = forms.BooleanField(
        label=_("I judge by myself, once, and by the rules above."),
        error_messages={"required": _("Tick the box to agree to the rules.")},
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )


class DeclineForm(forms.Form):
    """Why somebody does not come onto the jury, if they like to say."""

    reason = forms.CharField(max_length=1000, required=False)


class ObjectionForm(forms.Form):
    """Whom, and why."""

    judge = forms.ModelChoiceField(
        Judge.objects.none(), label=_("Member of the jury"), empty_label=_("Choose…")
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The organisers read it; the judge is not told who objected."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why this judge should not judge your entry.")},
    )

    def __init__(self, *args: Any, judges: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["judge"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = judges


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a judge says of themselves."""

    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("PNG or JPEG up to 5 MB; it is cut to a square."),
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(PICTURES))}),
    )
    without_photo = forms.BooleanField(label=_("Take the photo away"), required=False)

    class Meta:
        model = Judge
        fields = [
            "position",
            "employer",
            "past_employers",
            "city",
            "background",
            "languages",
            "areas",
            "biography",
            "listed",
        ]
        widgets = {
            "past_employers": forms.Textarea(attrs={"rows": 3}),
            "areas": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, others: Iterable[Judge] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for seat in others:
            self.fields[f"listed-{seat.pk}"] = forms.BooleanField(
                label=now_("Listed publicly: %(jury)s") % {"jury": seat.jury.name},
                required=False,
                initial=seat.listed,
            )
        areas = self.fields["areas"]
        assert isinstance(areas, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type checker
        areas.queryset = Category.objects.filter(season=self.instance.jury.season_id)
        if not self.instance.photo:
            del self.fields["without_photo"]
