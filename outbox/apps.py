"""The outbox room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Configuration of the outbox room."""

    name = "outbox"
    verbose_name = _("Outbox")
