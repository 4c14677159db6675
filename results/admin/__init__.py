"""The back office of results: one console per outcome, and read-only lists."""

from results.admin import (
    appeals,
    ceremony,
    disclosures,
    insight,
    lists,
    outcomes,
    preview,
    retractions,
)

__all__ = [
    "appeals",
    "ceremony",
    "disclosures",
    "insight",
    "lists",
    "outcomes",
    "preview",
    "retractions",
]
