"""Pages of rounds that are not judged by scorecards."""

from judging.views.ways.entry import entry_page, verdict
from judging.views.ways.lists import ballot, ballot_submit, compare
from judging.views.ways.rounds import round_work, verdicts_submit

__all__ = [
    "ballot",
    "ballot_submit",
    "compare",
    "entry_page",
    "round_work",
    "verdict",
    "verdicts_submit",
]
