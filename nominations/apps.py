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
        from nominations import deadlines, jobs, joining  # noqa: F401  (they register themselves)
        from nominations.blocks import my_entries, season_nominations, seasons_to_vet
        from seasons.panels import season_panels

        season_panels.register(season_nominations, order=20)
        desk_panels.register(my_entries, order=20)
        desk_panels.register(seasons_to_vet, order=15)
