"""Comments of the jury come up for review, and an organiser says which of them entrants read."""

from collections.abc import Collection, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.models import Criterion, Round, Scorecard, ScorecardStatus
from nominations.models import Entry
from outbox.jobs import enqueue
from results.comments import comments_of, digest
from results.models import CommentState, Feedback, JuryComment
from results.services.collecting import submitted_scorecards
from results.services.feedback import BATCH, anonymous, sheets_of
from results.traces import Traces
from seasons.models import Season

LONGEST = 10_000
Found = tuple[int, str, str, str]


def collect_comments(season: Season) -> int:
    """Bring every comment of the rounds that are over up for review; return how many are new."""
    kept = JuryComment.objects.filter(round__season=season)
    before = kept.count()
    rounds = {one.slug: one for one in season.rounds.all()}
    keep(rounds, in_feedback(season))
    keep(rounds, in_scorecards(season, rounds_over(season)))
    return kept.count() - before


def rounds_over(season: Season) -> list[Round]:
    """Rounds whose judging has ended: while it runs nobody reads what others wrote."""
    rounds = season.rounds.select_related("stage").prefetch_related("stage__extensions")
    return [one for one in rounds if timezone.now() >= one.stage.closes_for()]


def in_feedback(season: Season) -> Iterator[Found]:
    """The comments that are frozen already."""
    rows = Feedback.objects.filter(entry__nomination__season=season).order_by("pk")
    for entry, content in rows.values_list("entry", "content").iterator(chunk_size=BATCH):
        for round_, criterion, text in comments_of(content):
            yield entry, round_, criterion, text


def in_scorecards(season: Season, rounds: list[Round]) -> Iterator[Found]:
    """The comments of entries without feedback, as it will keep them."""
    scorecards = submitted_scorecards(rounds)
    entries = list(
        Entry.objects.filter(pk__in=scorecards.values("assignment__entry"), feedback=None).order_by(
            "pk"
        )
    )
    traces = Traces(season)
    slugs = {one.pk: one.slug for one in rounds}
    criteria = dict(
        Criterion.objects.filter(dimension__rubric__season=season).values_list("pk", "slug")
    )
    for start in range(0, len(entries), BATCH):
        for entry, sheets in sheets_of(scorecards, entries[start : start + BATCH]).items():
            for sheet in sheets:
                said = {"": sheet.comment} | {
                    criteria[pk]: comment for pk, (_value, comment) in sheet.marks.items()
                }
                for criterion, comment in said.items():
                    if comment.strip():
                        (text,) = anonymous([comment], "", traces)
                        yield entry, slugs[sheet.round_id], criterion, text


def keep(rounds: dict[str, Round], found: Iterator[Found]) -> None:
    """Keep what is not known yet; what was decided about stays decided."""
    while part := list(islice(found, BATCH)):
        JuryComment.objects.bulk_create(
            [
                JuryComment(
                    entry_id=entry,
                    round=rounds[slug],
                    criterion=criterion,
                    sha256=digest(text),
                    text=text,
                )
                for entry, slug, criterion, text in part
            ],
            ignore_conflicts=True,
        )


def collect_waiting() -> int:
    """Have the comments of rounds that are over collected, again only when scorecards were added."""
    asked = 0
    for season in Season.objects.filter(moderate_comments=True):
        for round_ in rounds_over(season):
            cards = Scorecard.objects.filter(
                assignment__round=round_, status=ScorecardStatus.SUBMITTED
            )
            ask_for_comments(season, f"{round_.pk}:{cards.count()}")
            asked += 1
    return asked


def ask_for_comments(season: Season, key: str) -> None:
    """Have comments collected in the background, once for each key."""
    enqueue(
        "collect-comments",
        effect_key=f"comments:{key}",
        args={"season": season.pk},
        about=f"seasons.season:{season.pk}",
    )


@transaction.atomic
def decide_comment(
    comment: JuryComment,
    *,
    by: User,
    decision: str,
    seen: str,
    shown: str = "",
    reason: str = "",
) -> JuryComment:
    """Show it, show another text, or hold it back for a reason that stays in the house.

    `seen` is the state it had on the page: what somebody else decided meanwhile is not overridden unseen.
    """
    comment = JuryComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if not JuryComment.objects.organised_by(by).filter(pk=comment.pk).exists():
        raise DomainError(_("You may not do this in this season, or for this entry."))
    if comment.state != seen:
        raise DomainError(_("Somebody has decided about this comment meanwhile. Look again."))
    if decision not in {CommentState.SHOWN, CommentState.EDITED, CommentState.HELD}:
        raise DomainError(_("Say what becomes of this comment."))
    shown, reason = shown.strip()[:LONGEST], reason.strip()
    if decision == CommentState.EDITED:
        shown = Traces(comment.round.season).removed_from(shown)
        if not shown:
            raise DomainError(_("Write the text that is shown instead."), field="shown")
        if shown == comment.text:
            decision = CommentState.SHOWN
    if decision == CommentState.HELD and not reason:
        raise DomainError(
            _("Say why it is held back; the entrant does not read this."), field="reason"
        )
    comment.state = CommentState(decision)
    comment.shown = shown if decision == CommentState.EDITED else ""
    comment.reason = reason
    comment.decided_by, comment.decided_at = by, timezone.now()
    comment.save(update_fields=["state", "shown", "reason", "decided_by", "decided_at"])
    record(
        "comment.decided",
        by=by,
        about=comment,
        season=comment.round.season.slug,
        data={
            "entry": comment.entry.number,
            "round": comment.round.slug,
            "criterion": comment.criterion,
            "decision": comment.state,
        },
    )
    return comment


@transaction.atomic
def show_comments(season: Season, chosen: Collection[int], *, by: User) -> int:
    """Show every chosen comment that still waits; say how many those were."""
    rows = JuryComment.objects.organised_by(by).filter(
        pk__in=chosen, round__season=season, state=CommentState.WAITING
    )
    waiting = list(
        JuryComment.objects.select_for_update(of=("self",))
        .filter(pk__in=list(rows.values_list("pk", flat=True)), state=CommentState.WAITING)
        .select_related("entry")
    )
    now = timezone.now()
    JuryComment.objects.filter(pk__in=[one.pk for one in waiting]).update(
        state=CommentState.SHOWN, decided_by=by, decided_at=now
    )
    if waiting:
        record(
            "comments.shown",
            by=by,
            about=season,
            season=season.slug,
            data={
                "comments": len(waiting),
                "entries": sorted({one.entry.number for one in waiting}),
            },
        )
    return len(waiting)
