"""What judges and organisers do in judging; each verb is one transaction."""

from judging.services.assigning import (
    DistributionPlan,
    assign,
    distribute,
    plan_distribution,
    recuse,
    withdraw_assignment,
)
from judging.services.defence import advance, plan_defence
from judging.services.juries import (
    accept_agreement,
    add_judge,
    declare_conflict,
    remove_judge,
)
from judging.services.scorecards import (
    MarkConflict,
    NoteConflict,
    open_scorecard,
    save_comment,
    save_mark,
    submit_scorecard,
)

__all__ = [
    "DistributionPlan",
    "MarkConflict",
    "NoteConflict",
    "accept_agreement",
    "add_judge",
    "advance",
    "assign",
    "declare_conflict",
    "distribute",
    "open_scorecard",
    "plan_defence",
    "plan_distribution",
    "recuse",
    "remove_judge",
    "save_comment",
    "save_mark",
    "submit_scorecard",
    "withdraw_assignment",
]
