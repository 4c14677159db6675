"""Forms of accounts and organisations."""

from collections.abc import Iterable
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User


class OrganisationForm(forms.ModelForm[Organisation]):
    """What a nominee says of its organisation; warns of one it has already."""

    class Meta:
        model = Organisation
        fields = ("name", "legal_name", "industry", "country", "city", "website", "about")
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("As it should stand on the results page and the diploma."),
            "legal_name": _("Only if it differs from the name."),
            "website": _("For example https://example.org"),
        }
        widgets: ClassVar[dict[str, Any]] = {"about": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["website"].widget.attrs["placeholder"] = "https://"

    def clean_name(self) -> str:
        """Refuse a second organisation of the same person under one name."""
        name: str = " ".join(self.cleaned_data["name"].split())
        own = Organisation.objects.visible_to(self.user).exclude(pk=self.instance.pk)
        if own.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("You have an organisation with this name already."))
        return name


class InviteForm(forms.Form):
    """Whom to invite, in which role."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 - for the type checker
        role.choices = [(value, capfirst(str(label))) for value, label in roles]
        if len(role.choices) > 1:
            role.initial = role.choices[1][0]
        self.fields["email"].widget.attrs["autocomplete"] = "off"


class DeleteAccountForm(forms.Form):
    """The address typed by hand, and the password: nobody deletes an account by mistake."""

    email = forms.EmailField(label=_("Your e-mail, to be sure"))
    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_email(self) -> str:
        """It must be the account's own."""
        email: str = self.cleaned_data["email"]
        if email.strip().lower() != self.user.email.lower():
            raise forms.ValidationError(_("This is not the address of this account."))
        return email

    def clean_password(self) -> str:
        """It must be right."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This password is not right."))
        return password


def time_zones() -> list[tuple[str, str]]:
    """Zones by region and city, UTC first."""
    zones = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")
    )
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]


class ProfileForm(forms.ModelForm[User]):
    """Name, language of mails, time zone."""

    language = forms.ChoiceField(
        label=_("Language of mails and diplomas"), choices=settings.LANGUAGES
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        choices=time_zones,
        help_text=_("Deadlines are shown in the award's time and in yours."),
    )

    class Meta:
        model = User
        fields = ("full_name", "language", "time_zone")
