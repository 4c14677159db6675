"""What the views of a scorecard share: the judge's own assignment, and the revision read."""

from django.shortcuts import get_object_or_404

from common.http import UserRequest
from judging.models import Assignment, Scorecard, ScorecardStatus
from nominations.models import Revision


def own_assignment(request: UserRequest, pk: int) -> Assignment:
    """The judge's own assignment, or nothing at all."""
    rows = Assignment.objects.visible_to(request.user).select_related(
        "round__stage", "round__season", "round__rubric", "judge", "entry__nomination"
    )
    return get_object_or_404(rows.prefetch_related("round__stage__extensions"), pk=pk)


def scorecard_of(assignment: Assignment) -> Scorecard | None:
    """The scorecard, if it was started."""
    return (
        Scorecard.objects.filter(assignment=assignment)
        .select_related("revision")
        .prefetch_related("marks", "quotes__revision")
        .first()
    )


def read_revision(assignment: Assignment, scorecard: Scorecard | None) -> Revision | None:
    """What is read: the revision that was scored, or the latest one while it is a draft."""
    if scorecard is not None and scorecard.status == ScorecardStatus.SUBMITTED:
        return scorecard.revision
    return assignment.entry.latest_revision()


def is_stale(scorecard: Scorecard | None, revision: Revision) -> bool:
    """Whether marks were given to an earlier revision than the one shown."""
    return (
        scorecard is not None
        and scorecard.status == ScorecardStatus.DRAFT
        and scorecard.revision_id != revision.pk
    )
