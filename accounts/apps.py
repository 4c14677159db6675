"""The accounts room."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Configuration of the accounts room."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register what workers do, and let every room say its part of personal data."""
        from accounts import jobs  # noqa: F401  (registers what workers do)

        autodiscover_modules("own_data")
