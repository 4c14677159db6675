"""Standings, decisions, releases, and the public rows a release creates."""

from results.models.feedback import Feedback
from results.models.outcomes import Decision, OutcomeKind, OutcomeRule, Standing, StandingRow
from results.models.releases import PublishedResult, Release, ReleaseState

__all__ = [
    "Decision",
    "Feedback",
    "OutcomeKind",
    "OutcomeRule",
    "PublishedResult",
    "Release",
    "ReleaseState",
    "Standing",
    "StandingRow",
]
