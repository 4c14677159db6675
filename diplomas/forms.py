"""What an organiser fills in about a diploma."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevokeForm(forms.Form):
    """Why a diploma is no longer valid."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
