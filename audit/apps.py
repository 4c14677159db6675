"""The audit room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Configuration of the audit room."""

    name = "audit"
    verbose_name = _("Log")

    def ready(self) -> None:
        from audit import guards  # noqa: F401  (registers the guard)
