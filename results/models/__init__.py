"""Standings, decisions, releases, and the public rows a release creates."""

from results.models.feedback import Feedback
from results.models.outcomes import Decision, OutcomeKind, OutcomeRule, Standing, StandingRow
from results.models.publishing import Disclosure, LaureatePage, PageState
from results.models.releases import (
    ENDED,
    Ceremony,
    PublishedResult,
    Release,
    ReleaseState,
    Retraction,
    Reveal,
)

__all__ = [
    "ENDED",
    "Ceremony",
    "Decision",
    "Disclosure",
    "Feedback",
    "LaureatePage",
    "OutcomeKind",
    "OutcomeRule",
    "PageState",
    "PublishedResult",
    "Release",
    "ReleaseState",
    "Retraction",
    "Reveal",
    "Standing",
    "StandingRow",
]
