"""The common room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """Configuration of the common room."""

    name = "common"
    verbose_name = _("Common")
