"""The back office of results: one console per outcome, and read-only lists."""

from results.admin import ceremony, lists, outcomes, preview, retractions

__all__ = ["ceremony", "lists", "outcomes", "preview", "retractions"]
