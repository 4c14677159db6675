"""The common room."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """Configuration of the common room."""

    name = "common"
    verbose_name = _("Common")

    def ready(self) -> None:
        """Make both databases compare letters alike."""
        from common.sqlite import teach

        connection_created.connect(teach, dispatch_uid="common.sqlite")
