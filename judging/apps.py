"""The judging room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JudgingConfig(AppConfig):
    """Configuration of the judging room."""

    name = "judging"
    verbose_name = _("Judging")

    def ready(self) -> None:
        from judging import (  # noqa: F401 - most register themselves
            barriers,
            guards,
            jobs,
            panels,
            signals,
        )

        barriers.register()
        panels.register()
