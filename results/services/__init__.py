"""The verbs of results: compute, confirm, release, feed back."""

from results.services.ceremonies import (
    end_ceremony,
    keep_notes,
    reveal,
    show_nomination,
)
from results.services.comments import collect_comments, decide_comment, show_comments
from results.services.decisions import confirm_outcomes, confirm_proposals
from results.services.disclosures import choose_disclosure
from results.services.feedback import create_feedback, mark_read
from results.services.firmness import ask_firmness, perform_firmness
from results.services.laureates import approve_page, moderate_page, write_page
from results.services.locking import fix_open_rules, fix_rules
from results.services.ranking import compute_all, compute_standing
from results.services.releases import (
    arm_release,
    cancel_release,
    confirm_release,
    perform_overdue,
    perform_release,
)
from results.services.retractions import ask_retraction, confirm_retraction, drop_retraction
from results.services.runs import ask_standings, latest_run, perform_run
from results.services.telling import make_feedback, open_feedback

__all__ = [
    "approve_page",
    "arm_release",
    "ask_firmness",
    "ask_retraction",
    "ask_standings",
    "cancel_release",
    "choose_disclosure",
    "collect_comments",
    "compute_all",
    "compute_standing",
    "confirm_outcomes",
    "confirm_proposals",
    "confirm_release",
    "confirm_retraction",
    "create_feedback",
    "decide_comment",
    "drop_retraction",
    "end_ceremony",
    "fix_open_rules",
    "fix_rules",
    "keep_notes",
    "latest_run",
    "make_feedback",
    "mark_read",
    "moderate_page",
    "open_feedback",
    "perform_firmness",
    "perform_overdue",
    "perform_release",
    "perform_run",
    "reveal",
    "show_comments",
    "show_nomination",
    "write_page",
]
