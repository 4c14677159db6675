"""The results room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    """Configuration of the results room."""

    name = "results"
    verbose_name = _("Results")
