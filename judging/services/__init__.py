"""What judges and organisers do in judging; each verb is one transaction."""

from judging.services.assigning import (
    assign,
    recuse,
    withdraw_assignment,
)
from judging.services.consultations import (
    answer_consultation,
    close_consultation,
    invite,
    say,
    start_consultation,
)
from judging.services.corrections import correct_scorecard, give_leave
from judging.services.defence import advance, plan_defence
from judging.services.distributing import (
    Confirmed,
    confirm_proposal,
    distribute,
    propose,
    propose_file,
    work_out,
)
from judging.services.evidence import attach_quote, count_time, remove_quote
from judging.services.juries import (
    accept_agreement,
    add_judge,
    declare_conflict,
    remove_judge,
)
from judging.services.lists import ListConflict, compare, save_order, save_points, submit_list
from judging.services.live import (
    assign_everybody,
    close_scoring,
    missing_cards,
    reopen_scoring,
    turn_clock,
)
from judging.services.scorecards import (
    MarkConflict,
    NoteConflict,
    open_scorecard,
    save_comment,
    save_mark,
    submit_scorecard,
)
from judging.services.screening import VerdictConflict, save_verdict, submit_verdicts
from judging.services.summaries import write_summary
from judging.services.together import (
    add_remark,
    close_meeting,
    open_meeting,
    remind_judge,
    save_minutes,
)
from judging.services.wishes import save_wishes

__all__ = [
    "Confirmed",
    "ListConflict",
    "MarkConflict",
    "NoteConflict",
    "VerdictConflict",
    "accept_agreement",
    "add_judge",
    "add_remark",
    "advance",
    "answer_consultation",
    "assign",
    "assign_everybody",
    "attach_quote",
    "close_consultation",
    "close_meeting",
    "close_scoring",
    "compare",
    "confirm_proposal",
    "correct_scorecard",
    "count_time",
    "declare_conflict",
    "distribute",
    "give_leave",
    "invite",
    "missing_cards",
    "open_meeting",
    "open_scorecard",
    "plan_defence",
    "propose",
    "propose_file",
    "recuse",
    "remind_judge",
    "remove_judge",
    "remove_quote",
    "reopen_scoring",
    "save_comment",
    "save_mark",
    "save_minutes",
    "save_order",
    "save_points",
    "save_verdict",
    "save_wishes",
    "say",
    "start_consultation",
    "submit_list",
    "submit_scorecard",
    "submit_verdicts",
    "turn_clock",
    "withdraw_assignment",
    "work_out",
    "write_summary",
]
