"""Pages of the jury."""

from judging.views.agreement import agreement
from judging.views.defence import defence
from judging.views.desk import desk
from judging.views.jury import jury
from judging.views.preferences import preferences
from judging.views.proofs import proof, proofs, verifier
from judging.views.scorecard import (
    assignment,
    comment_save,
    file,
    mark_save,
    page,
    quote_add,
    quote_remove,
    recuse,
    scorecard_submit,
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
    "comment_save",
    "compare",
    "defence",
    "desk",
    "file",
    "jury",
    "mark_save",
    "page",
    "preferences",
    "proof",
    "proofs",
    "quote_add",
    "quote_remove",
    "recuse",
    "round_work",
    "scorecard_submit",
    "verdict",
    "verdicts_submit",
    "verifier",
]
