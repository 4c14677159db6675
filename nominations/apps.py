"""The nominations room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NominationsConfig(AppConfig):
    """Configuration of the nominations room."""

    name = "nominations"
    verbose_name = _("Nominations")
