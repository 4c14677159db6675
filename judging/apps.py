"""The judging room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JudgingConfig(AppConfig):
    """Configuration of the judging room."""

    name = "judging"
    verbose_name = _("Judging")

    def ready(self) -> None:
        from judging import barriers, guards, jobs, panels  # noqa: F401 - some register themselves

        barriers.register()
        panels.register()
