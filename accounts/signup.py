"""What registration asks beside e-mail and password."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User, check_time_zone


class SignupForm(forms.Form):
    """Name, and the browser's time zone when it tells."""

    full_name = forms.CharField(label=_("Your full name"), max_length=150)
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("full_name", "email", "password1")

    def clean_time_zone(self) -> str:
        """Keep only a zone that exists; a wrong one is no reason to refuse a person."""
        value: str = self.cleaned_data["time_zone"]
        try:
            check_time_zone(value)
        except forms.ValidationError:
            return "Europe/Moscow"
        return value

    def signup(self, request: HttpRequest, user: User) -> None:
        """Fill the new account."""
        data: dict[str, Any] = self.cleaned_data
        user.full_name = data["full_name"]
        user.time_zone = data["time_zone"]
        user.language = get_language() or "en"
        user.save()
