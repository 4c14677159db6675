"""The seasons room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeasonsConfig(AppConfig):
    """Configuration of the seasons room."""

    name = "seasons"
    verbose_name = _("Seasons")

    def ready(self) -> None:
        """Show organisers their seasons on the desk."""
        from common.panels import desk_panels
        from seasons.desk import organised_seasons

        desk_panels.register(organised_seasons, order=5)
