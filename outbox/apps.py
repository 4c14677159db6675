"""The outbox room."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Configuration of the outbox room."""

    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        """Let every room register what its jobs do and whom it reminds."""
        autodiscover_modules("reminders", "tasks")
