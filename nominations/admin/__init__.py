"""The back office of nominations and entries."""

from nominations.admin import (
    catalogue,
    channels,
    conditions,
    entries,
    prompts,
    recommendations,
    scopes,
    vetting,
)

__all__ = [
    "catalogue",
    "channels",
    "conditions",
    "entries",
    "prompts",
    "recommendations",
    "scopes",
    "vetting",
]
