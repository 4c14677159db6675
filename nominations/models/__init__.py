"""What is competed for, and the entries that compete."""

from nominations.models.catalogue import Category, EntryKind, Hint, Nomination
from nominations.models.channels import CodeUse, EntryCode, Recommendation, RecommendationState
from nominations.models.conditions import Credential, CredentialState, MissingRule, Prerequisite
from nominations.models.entries import (
    NEXT_STATUSES,
    Answer,
    Entry,
    EntryShare,
    EntryStatus,
    Participant,
    ParticipantRole,
    ReadyDraft,
    Reopening,
    Revision,
    ShareRole,
)
from nominations.models.files import Attachment, Page, PagesFault, PagesState, Purpose, Upload
from nominations.models.people import Comment, DiscussionRead, EntryInvitation, Presence
from nominations.models.prompts import Option, Prompt, PromptKind
from nominations.models.vetting import Aspect, Check, CheckItem, Verdict, Vetter

__all__ = [
    "NEXT_STATUSES",
    "Answer",
    "Aspect",
    "Attachment",
    "Category",
    "Check",
    "CheckItem",
    "CodeUse",
    "Comment",
    "Credential",
    "CredentialState",
    "DiscussionRead",
    "Entry",
    "EntryCode",
    "EntryInvitation",
    "EntryKind",
    "EntryShare",
    "EntryStatus",
    "Hint",
    "MissingRule",
    "Nomination",
    "Option",
    "Page",
    "PagesFault",
    "PagesState",
    "Participant",
    "ParticipantRole",
    "Prerequisite",
    "Presence",
    "Prompt",
    "PromptKind",
    "Purpose",
    "ReadyDraft",
    "Recommendation",
    "RecommendationState",
    "Reopening",
    "Revision",
    "ShareRole",
    "Upload",
    "Verdict",
    "Vetter",
]
