"""What a judge says beside marks: consent, and stepping back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AgreementForm(forms.Form):
    """Consent to one version, in the language it was read in."""

    agreement = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.CharField(widget=forms.HiddenInput, max_length=10)
    accept = forms.BooleanField(
        label=_("I have read the agreement and accept it."),
        error_messages={"required": _("Tick the box to accept the agreement.")},
    )


class RecusalForm(forms.Form):
    """Why a judge steps back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The organisers read it; the nominee does not."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a few words why you step back.")},
    )
