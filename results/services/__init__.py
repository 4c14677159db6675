"""The verbs of results: compute, confirm, release, feed back."""

from results.services.ceremonies import (
    end_ceremony,
    keep_notes,
    reveal,
    show_nomination,
)
from results.services.decisions import confirm_outcomes, confirm_proposals
from results.services.disclosures import choose_disclosure
from results.services.feedback import create_feedback, mark_read, open_feedback
from results.services.laureates import approve_page, moderate_page, write_page
from results.services.ranking import compute_all, compute_standing
from results.services.releases import (
    arm_release,
    cancel_release,
    confirm_release,
    perform_overdue,
    perform_release,
)
from results.services.retractions import ask_retraction, confirm_retraction, drop_retraction

__all__ = [
    "approve_page",
    "arm_release",
    "ask_retraction",
    "cancel_release",
    "choose_disclosure",
    "compute_all",
    "compute_standing",
    "confirm_outcomes",
    "confirm_proposals",
    "confirm_release",
    "confirm_retraction",
    "create_feedback",
    "drop_retraction",
    "end_ceremony",
    "keep_notes",
    "mark_read",
    "moderate_page",
    "open_feedback",
    "perform_overdue",
    "perform_release",
    "reveal",
    "show_nomination",
    "write_page",
]
