"""The essay beside the scorecard, and everything a judge does there."""

from judging.views.scorecard.files import file, page
from judging.views.scorecard.printing import scorecard_print
from judging.views.scorecard.recusing import recuse
from judging.views.scorecard.saving import comment_save, mark_save, quote_add, quote_remove
from judging.views.scorecard.sheet import assignment, scorecard_submit

__all__ = [
    "assignment",
    "comment_save",
    "file",
    "mark_save",
    "page",
    "quote_add",
    "quote_remove",
    "recuse",
    "scorecard_print",
    "scorecard_submit",
]
