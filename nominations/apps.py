"""The nominations room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NominationsConfig(AppConfig):
    """Configuration of the nominations room."""

    name = "nominations"
    verbose_name = _("Nominations")

    def ready(self) -> None:
        """Show this room's blocks on pages of lower rooms."""
        from common.panels import desk_panels
        from nominations import jobs  # noqa: F401  (registers what workers do)
        from nominations.blocks import my_entries, season_nominations
        from seasons.panels import season_panels

        season_panels.register(season_nominations, order=20)
        desk_panels.register(my_entries, order=20)
