"""The wiring as an app, so that its checks of the settings are known before anything starts."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class AwardsPortalConfig(AppConfig):
    """Configuration of the portal as a whole."""

    name = "awards_portal"
    verbose_name = _("Awards portal")

    def ready(self) -> None:
        """Register the checks of the settings; those of a public portal run with --deploy."""
        from awards_portal.checks import check_environment, check_publicity

        register(check_environment, Tags.security)
        register(check_publicity, Tags.security, deploy=True)
