"""Standings, decisions, releases, and the public rows a release creates."""

from results.models.appeals import (
    OPEN_APPEALS,
    Appeal,
    AppealFile,
    AppealReview,
    AppealStatus,
    Ground,
)
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
    "OPEN_APPEALS",
    "Appeal",
    "AppealFile",
    "AppealReview",
    "AppealStatus",
    "Ceremony",
    "Decision",
    "Disclosure",
    "Feedback",
    "Ground",
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
