"""The diplomas room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiplomasConfig(AppConfig):
    """Configuration of the diplomas room."""

    name = "diplomas"
    verbose_name = _("Diplomas")

    def ready(self) -> None:
        from diplomas import jobs  # noqa: F401  (registers what workers do)
