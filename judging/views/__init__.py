"""Pages of the jury."""

from judging.views.agreement import agreement, consent, consent_pdf
from judging.views.ballots import ballots, take
from judging.views.calibration import calibration, calibration_judges, sample
from judging.views.chair import chair, chair_remind
from judging.views.coming import (
    invitation,
    invitation_decline,
    own_profile,
    portrait,
    register,
)
from judging.views.comparison import comparison
from judging.views.consultation import consultation
from judging.views.correcting import correct
from judging.views.defence import (
    clock,
    clock_turn,
    close_entry,
    close_round,
    defence,
    defence_calendar,
)
from judging.views.desk import desk
from judging.views.jury import jury
from judging.views.objections import objections
from judging.views.paper import paper, paper_scan, papers
from judging.views.planning import plan
from judging.views.preferences import preferences
from judging.views.proofs import proof, proofs, verifier
from judging.views.rubrics import rubrics
from judging.views.scorecard import (
    assignment,
    comment_save,
    file,
    mark_save,
    page,
    quote_add,
    quote_remove,
    recuse,
    scorecard_print,
    scorecard_submit,
)
from judging.views.table import meeting, meeting_summary, table, table_say
from judging.views.visits import (
    entry_visit,
    finding_add,
    finding_remove,
    visit,
    visit_answer,
    visit_calendar,
    visit_done,
    visit_photo,
)
from judging.views.ways import (
    ballot,
    ballot_submit,
    compare,
    round_work,
    verdict,
    verdicts_submit,
)

__all__ = [
    "agreement",
    "assignment",
    "ballot",
    "ballot_submit",
    "ballots",
    "calibration",
    "calibration_judges",
    "chair",
    "chair_remind",
    "clock",
    "clock_turn",
    "close_entry",
    "close_round",
    "comment_save",
    "compare",
    "comparison",
    "consent",
    "consent_pdf",
    "consultation",
    "correct",
    "defence",
    "defence_calendar",
    "desk",
    "entry_visit",
    "file",
    "finding_add",
    "finding_remove",
    "invitation",
    "invitation_decline",
    "jury",
    "mark_save",
    "meeting",
    "meeting_summary",
    "objections",
    "own_profile",
    "page",
    "paper",
    "paper_scan",
    "papers",
    "plan",
    "portrait",
    "preferences",
    "proof",
    "proofs",
    "quote_add",
    "quote_remove",
    "recuse",
    "register",
    "round_work",
    "rubrics",
    "sample",
    "scorecard_print",
    "scorecard_submit",
    "table",
    "table_say",
    "take",
    "verdict",
    "verdicts_submit",
    "verifier",
    "visit",
    "visit_answer",
    "visit_calendar",
    "visit_done",
    "visit_photo",
]
