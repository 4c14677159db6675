"""Forms of the day of the defence."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReopenForm(forms.Form):
    """Why marks are taken again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason; it is kept in the log.")},
    )
