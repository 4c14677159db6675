"""Juries, rubrics, rounds and the scorecards that judges fill."""

from judging.models.assigning import AvoidPair, Bid, Proposal, ProposalKind, ProposalState, Wish
from judging.models.assignments import (
    NEXT_ASSIGNMENT_STATUSES,
    Assignment,
    AssignmentStatus,
    Purpose,
)
from judging.models.ballots import Answer, Ballot, Comparison, Outcome, Verdict
from judging.models.coming import (
    NEXT_REGISTRATION_STATUSES,
    JuryInvitation,
    Registration,
    RegistrationStatus,
)
from judging.models.consultations import Consultation, Invitee, InviteeRole, Opinion
from judging.models.corrections import (
    CorrectedMark,
    Correction,
    CorrectionKind,
    CorrectionLeave,
    Meeting,
)
from judging.models.defence import DefenceSlot
from judging.models.interests import ConflictRules, Employment, Severity
from judging.models.juries import (
    Admission,
    Agreement,
    Background,
    Conflict,
    Consent,
    Handout,
    Judge,
    Jury,
    JuryKind,
)
from judging.models.ledger import Leaf, RoundSeal, SealedLeaf
from judging.models.objections import NEXT_OBJECTION_STATUSES, Objection, ObjectionStatus
from judging.models.remarks import Remark
from judging.models.rounds import (
    LIST_WAYS,
    Advancement,
    Entrants,
    PanelWeight,
    Round,
    SeeOthers,
    Shows,
    Way,
)
from judging.models.rubrics import (
    Band,
    Criterion,
    Dimension,
    Guidance,
    Phase,
    Rubric,
    SplitCriterion,
)
from judging.models.scorecards import (
    NEXT_SCORECARD_STATUSES,
    Mark,
    Quote,
    Scorecard,
    ScorecardStatus,
)

__all__ = [
    "LIST_WAYS",
    "NEXT_ASSIGNMENT_STATUSES",
    "NEXT_OBJECTION_STATUSES",
    "NEXT_REGISTRATION_STATUSES",
    "NEXT_SCORECARD_STATUSES",
    "Admission",
    "Advancement",
    "Agreement",
    "Answer",
    "Assignment",
    "AssignmentStatus",
    "AvoidPair",
    "Background",
    "Ballot",
    "Band",
    "Bid",
    "Comparison",
    "Conflict",
    "ConflictRules",
    "Consent",
    "Consultation",
    "CorrectedMark",
    "Correction",
    "CorrectionKind",
    "CorrectionLeave",
    "Criterion",
    "DefenceSlot",
    "Dimension",
    "Employment",
    "Entrants",
    "Guidance",
    "Handout",
    "Invitee",
    "InviteeRole",
    "Judge",
    "Jury",
    "JuryInvitation",
    "JuryKind",
    "Leaf",
    "Mark",
    "Meeting",
    "Objection",
    "ObjectionStatus",
    "Opinion",
    "Outcome",
    "PanelWeight",
    "Phase",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "Purpose",
    "Quote",
    "Registration",
    "RegistrationStatus",
    "Remark",
    "Round",
    "RoundSeal",
    "Rubric",
    "Scorecard",
    "ScorecardStatus",
    "SealedLeaf",
    "SeeOthers",
    "Severity",
    "Shows",
    "SplitCriterion",
    "Verdict",
    "Way",
    "Wish",
]
