"""The last complete state of a draft, kept for the deadline where the season's rule submits it."""

from accounts.models import User
from nominations.drafts import Draft
from nominations.models import Entry, EntryStatus, ReadyDraft
from seasons.models import DraftRule


def remember_if_ready(entry: Entry, by: User) -> None:
    """Keep the draft as it is now if it could be submitted; an incomplete one leaves the last as it was.

    The caller holds the entry's row and has touched it. Nothing is asked where the season leaves
    drafts alone.
    """
    if entry.status != EntryStatus.DRAFT or entry.season.draft_rule != DraftRule.SUBMIT:
        return
    draft = Draft(entry)
    if draft.problems:
        return
    ReadyDraft.objects.update_or_create(
        entry=entry, defaults={"content": draft.content(), "at": entry.changed_at, "by": by}
    )
