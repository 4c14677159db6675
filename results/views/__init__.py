"""The public results of a season, and what nominees read and write about theirs."""

from results.views.appeals import appeal, appeal_file, appeal_new, appeal_withdraw
from results.views.ceremony import screen, state
from results.views.disclosed import disclosure, disclosure_csv, disclosure_json
from results.views.own_page import own_page, own_picture
from results.views.protocols import protocol, recomputer, verifier
from results.views.public import (
    archive,
    feed,
    laureate,
    method,
    picture,
    printable,
    sitemap,
    social_card,
    widget,
)
from results.views.results import feedback, feedback_pdf, feedback_question, feedback_read, results

__all__ = [
    "appeal",
    "appeal_file",
    "appeal_new",
    "appeal_withdraw",
    "archive",
    "disclosure",
    "disclosure_csv",
    "disclosure_json",
    "feed",
    "feedback",
    "feedback_pdf",
    "feedback_question",
    "feedback_read",
    "laureate",
    "method",
    "own_page",
    "own_picture",
    "picture",
    "printable",
    "protocol",
    "recomputer",
    "results",
    "screen",
    "sitemap",
    "social_card",
    "state",
    "verifier",
    "widget",
]
