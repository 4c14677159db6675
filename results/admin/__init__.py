"""The back office of results: one console per outcome, and read-only lists."""

from results.admin import lists, outcomes

__all__ = ["lists", "outcomes"]
