"""The seasons room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeasonsConfig(AppConfig):
    """Configuration of the seasons room."""

    name = "seasons"
    verbose_name = _("Seasons")
