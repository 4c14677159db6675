"""The discussion inside an entry: its own people alone, never organisers, never the jury."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from nominations.models import Comment, DiscussionRead, Entry, Prompt
from nominations.permissions import can_edit, can_read_draft
from nominations.services.letters import about_entry
from nominations.services.locks import lock
from nominations.services.people import people_of
from outbox.models import Message, State
from outbox.services import post

MAX_LENGTH = 4_000
MAX_COMMENTS = 1_000
REGRET = timedelta(minutes=10)
"""How long an author may take a comment away."""
GRACE = timedelta(minutes=2)
"""How long a letter waits, so that a comment read or taken away at once is not written of."""
HOUR = timedelta(hours=1)


@transaction.atomic
def add_comment(entry: Entry, *, text: str, by: User, key: UUID, prompt: Prompt | None) -> Comment:
    """Say something about the entry or one answer; the same form sent again says it once."""
    lock(entry)
    if not can_read_draft(by, entry):
        raise PermissionDenied
    if earlier := Comment.objects.filter(idempotency_key=key).first():
        if earlier.entry_id != entry.pk or earlier.author_id != by.pk:
            raise DomainError(_("This form belongs to another entry. Load the page again."))
        return earlier
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise DomainError(_("Write something first."), field="text")
    if len(text) > MAX_LENGTH:
        raise DomainError(
            _("A comment has %(count)d characters at most.") % {"count": MAX_LENGTH}, field="text"
        )
    if prompt is not None and prompt.nomination_id != entry.nomination_id:
        raise DomainError(_("This question belongs to another nomination."), field="prompt")
    if entry.comments.count() >= MAX_COMMENTS:
        raise DomainError(_("This discussion is full."), field="text")
    comment = Comment.objects.create(
        entry=entry, prompt=prompt, author=by, text=text, idempotency_key=key
    )
    record_comment("entry.comment-added", comment, by)
    for person in people_of(entry):
        if person.pk != by.pk:
            post_comments(entry, person, comment.written_at)
    return comment


def post_comments(entry: Entry, person: User, at: datetime) -> None:
    """Plan a letter about what is new, at most one an hour; one that waits will tell this too."""
    about = f"nominations.entry:{entry.pk}"
    earlier = Message.objects.filter(kind="entry-comment", about=about, recipient=person)
    if earlier.filter(state=State.WAITING, due_at__gt=at).exists():
        return
    last = earlier.exclude(state=State.CANCELLED).order_by("-due_at").first()
    due_at = max(at + GRACE, last.due_at + HOUR) if last else at + GRACE
    post(
        "entry-comment",
        effect_key=f"entry-comment:{entry.pk}:{person.pk}:{due_at:%Y%m%d%H%M%S}",
        to=person,
        context={**about_entry(entry, person), "link": link_to(entry)},
        due_at=due_at,
        about=about,
    )


def link_to(entry: Entry) -> str:
    """The page of the discussion."""
    return settings.SITE_URL + reverse("nominations:discussion", args=[entry.pk])


def unread(entry: Entry, person: User, *, after: int = 0) -> list[Comment]:
    """What others wrote, later than a comment, that is open and that the person has not seen."""
    read = DiscussionRead.objects.filter(entry=entry, user=person).first()
    rows = entry.comments.filter(resolved_at=None, pk__gt=after).exclude(author=person)
    if read is not None:
        rows = rows.filter(written_at__gt=read.at)
    return list(rows.select_related("author", "prompt"))


def note_read(entry: Entry, person: User) -> None:
    """The person has the discussion in front of them."""
    DiscussionRead.objects.update_or_create(
        entry=entry, user=person, defaults={"at": timezone.now()}
    )


@transaction.atomic
def resolve_comment(comment: Comment, *, by: User) -> None:
    """Say that it is settled."""
    lock_comment(comment, by)
    if comment.resolved_at is None:
        comment.resolved_at, comment.resolved_by = timezone.now(), by
        comment.save(update_fields=["resolved_at", "resolved_by"])
        record_comment("entry.comment-settled", comment, by)


@transaction.atomic
def reopen_comment(comment: Comment, *, by: User) -> None:
    """Say that it is not settled after all."""
    lock_comment(comment, by)
    if comment.resolved_at is not None:
        comment.resolved_at, comment.resolved_by = None, None
        comment.save(update_fields=["resolved_at", "resolved_by"])
        record_comment("entry.comment-reopened", comment, by)


@transaction.atomic
def delete_comment(comment: Comment, *, by: User) -> None:
    """Take an own comment away, while it is fresh."""
    lock(comment.entry)
    if comment.author_id != by.pk or not can_read_draft(by, comment.entry):
        raise PermissionDenied
    if not can_delete(by, comment):
        raise DomainError(_("A comment can be deleted within ten minutes; it stays now."))
    record_comment("entry.comment-deleted", comment, by)
    comment.delete()


def can_delete(user: User, comment: Comment) -> bool:
    """An own comment, not older than ten minutes."""
    return comment.author_id == user.pk and timezone.now() < comment.written_at + REGRET


def lock_comment(comment: Comment, by: User) -> None:
    """Hold the entry and read the comment anew; editors settle comments, and so does their author."""
    lock(comment.entry)
    comment.refresh_from_db(fields=["resolved_at", "resolved_by"])
    own = comment.author_id == by.pk and can_read_draft(by, comment.entry)
    if not own and not can_edit(by, comment.entry):
        raise PermissionDenied


def record_comment(verb: str, comment: Comment, by: User) -> None:
    """Log that it happened, without the words: they belong to the people of the entry."""
    record(
        verb,
        by=by,
        about=comment.entry,
        season=comment.entry.season.slug,
        data={"comment": comment.pk},
    )
