"""The results room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    """Configuration of the results room."""

    name = "results"
    verbose_name = _("Results")

    def ready(self) -> None:
        from nominations.panels import entry_notes, entry_panels, entry_steps
        from results import guards, jobs  # noqa: F401  (registers what workers do and what is frozen)
        from results.holds import waits_for_second_person
        from results.panels import (
            entry_outcomes,
            entry_results,
            released_steps,
            season_results,
        )
        from seasons.holds import two_person_holds
        from seasons.panels import season_panels

        season_panels.register(season_results, order=10)
        entry_panels.register(entry_results, order=10)
        if entry_outcomes not in entry_notes:
            entry_notes.append(entry_outcomes)
        if released_steps not in entry_steps:
            entry_steps.append(released_steps)
        if waits_for_second_person not in two_person_holds:
            two_person_holds.append(waits_for_second_person)
