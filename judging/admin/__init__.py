"""The back office of judging: each module registers its pages."""

from judging.admin import (
    calibration,
    coming,
    consultations,
    juries,
    papers,
    rounds,
    rubrics,
    scorecards,
    visits,
    wishes,
)

__all__ = [
    "calibration",
    "coming",
    "consultations",
    "juries",
    "papers",
    "rounds",
    "rubrics",
    "scorecards",
    "visits",
    "wishes",
]
