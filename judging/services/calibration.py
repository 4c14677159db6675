"""Scoring samples: marks that count for nothing and open the reference marks to whoever gave them."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import ConflictError, DomainError
from judging.bands import shown
from judging.models import Criterion, Sample, Trial, TrialMark
from judging.services.scorecards import MarksMissingError
from judging.totals import Given


def criteria_of(sample: Sample) -> list[Criterion]:
    """What is marked, in the order of the rubric."""
    return list(
        Criterion.objects.filter(dimension__rubric=sample.round.rubric_id)
        .select_related("phase")
        .order_by("dimension__position", "position", "pk")
    )


def locked_trial(sample: Sample, by: User) -> Trial:
    """The person's answer to the sample, held for this transaction; begun when there is none."""
    held = Sample.objects.select_for_update().filter(pk=sample.pk)
    if not held or not Sample.objects.visible_to(by).filter(pk=sample.pk).exists():
        raise DomainError(_("This sample is not yours to score."))
    trial, _made = Trial.objects.get_or_create(sample=sample, user=by)
    return trial


@transaction.atomic
def save_trial(sample: Sample, given: Mapping[int, Given], *, by: User) -> Trial:
    """Keep the marks of a sample while they are a draft; stale ones are refused."""
    trial = locked_trial(sample, by)
    if trial.submitted_at is not None:
        raise DomainError(_("Your marks of this sample are submitted and locked."))
    stored = {mark.criterion_id: mark for mark in trial.marks.all()}
    for criterion in criteria_of(sample):
        if (said := given.get(criterion.pk)) is None:
            continue
        if said.value is not None and not criterion.allows(said.value):
            raise DomainError(
                _("Give a mark from 0 to %(maximum)s in steps of %(step)s.")
                % {"maximum": shown(criterion.maximum), "step": shown(criterion.step)},
                field=f"mark-{criterion.pk}",
            )
        mark = stored.get(criterion.pk) or TrialMark(trial=trial, criterion=criterion)
        if (mark.value, mark.abstained, mark.comment) == (said.value, said.abstained, said.comment):
            continue
        if said.version != mark.version:
            raise ConflictError(
                _("This mark was changed in another window."), field=f"mark-{criterion.pk}"
            )
        mark.value, mark.abstained, mark.comment = said.value, said.abstained, said.comment
        mark.version += 1
        mark.save()
    return trial


@transaction.atomic
def submit_trial(sample: Sample, *, by: User) -> Trial:
    """Lock the marks; from then on the reference marks are shown. Repeating it changes nothing."""
    trial = locked_trial(sample, by)
    if trial.submitted_at is not None:
        return trial
    marks = {mark.criterion_id: mark for mark in trial.marks.all()}
    missing = [
        one
        for one in criteria_of(sample)
        if one.pk not in marks or (marks[one.pk].value is None and not marks[one.pk].abstained)
    ]
    if missing:
        raise MarksMissingError(missing)
    trial.submitted_at = timezone.now()
    trial.save(update_fields=["submitted_at"])
    record(
        "calibration.submitted",
        by=by,
        about=trial,
        season=sample.round.season.slug,
        data={"round": sample.round.slug, "sample": sample.slug},
    )
    return trial
