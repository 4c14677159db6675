"""The public results of a season, and the jury's feedback for the nominee."""

from results.views.ceremony import screen, state
from results.views.results import feedback, feedback_read, results

__all__ = ["feedback", "feedback_read", "results", "screen", "state"]
