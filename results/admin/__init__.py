"""The back office of results: one console per outcome, and read-only lists."""

from results.admin import ceremony, disclosures, lists, outcomes, preview, retractions

__all__ = ["ceremony", "disclosures", "lists", "outcomes", "preview", "retractions"]
