"""The back office of judging: each module registers its pages."""

from judging.admin import juries, rounds, rubrics, scorecards, wishes

__all__ = ["juries", "rounds", "rubrics", "scorecards", "wishes"]
