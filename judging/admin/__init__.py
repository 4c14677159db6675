"""The back office of judging: each module registers its pages."""

from judging.admin import coming, consultations, juries, rounds, rubrics, scorecards, visits, wishes

__all__ = [
    "coming",
    "consultations",
    "juries",
    "rounds",
    "rubrics",
    "scorecards",
    "visits",
    "wishes",
]
