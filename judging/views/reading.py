"""What the pages of one entry share in every way of judging: the assignment, and the revision read."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.http import UserRequest
from judging.blind import shown_content
from judging.models import Assignment, Calibration, Scorecard, ScorecardStatus
from judging.permissions import is_calibrated, is_readable
from nominations.content import readable
from nominations.models import Revision


def own_assignments(request: UserRequest) -> QuerySet[Assignment]:
    """What the judge may open, with what their pages need."""
    rows = Assignment.objects.visible_to(request.user).select_related(
        "round__stage", "round__season", "round__rubric", "judge", "entry__nomination"
    )
    return rows.prefetch_related("round__stage__extensions")


def own_assignment(request: UserRequest, pk: int) -> Assignment:
    """The judge's own assignment, or nothing at all."""
    return get_object_or_404(own_assignments(request), pk=pk)


def opens(request: UserRequest, found: Assignment) -> bool:
    """Whether the essay of a row from `own_assignments` is open to its judge now."""
    return is_readable(found) and (
        found.round.calibration != Calibration.REQUIRED
        or is_calibrated(request.user, found.round)
        or Scorecard.objects.filter(assignment=found, status=ScorecardStatus.SUBMITTED).exists()
    )


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


def essay_of(found: Assignment, revision: Revision) -> dict[str, Any]:
    """The frozen entry as the jury may read it, in the reader's language where it has several."""
    content = readable(
        shown_content(found.round, revision.content),
        lambda token: reverse("judging:file", args=[found.pk, token]),
        lambda token, number: reverse("judging:page", args=[found.pk, token, number]),
    )
    return {
        **content,
        "name": content["nominee_name"] or content["organisation"] or content["number"],
    }


class NewRevisionError(DomainError):
    """The nominee submitted again while the judge was reading."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The nominee's essay was replaced by a new revision while you were reading."
                " Read it below, check your marks and save again."
            )
        )


def check_revision(request: UserRequest, found: Assignment) -> None:
    """Refuse marks that were given while reading a revision that has been replaced."""
    latest, read = found.entry.latest_revision(), request.POST.get("revision", "")
    if latest is not None and read and read != str(latest.pk):
        raise NewRevisionError
