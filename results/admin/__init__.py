"""The back office of results: one console per outcome, and read-only lists."""

from results.admin import (
    appeals,
    ceremony,
    comments,
    disclosures,
    insight,
    lists,
    outcomes,
    preview,
    retractions,
    reviews,
)

__all__ = [
    "appeals",
    "ceremony",
    "comments",
    "disclosures",
    "insight",
    "lists",
    "outcomes",
    "preview",
    "retractions",
    "reviews",
]
