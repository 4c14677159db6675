"""Samples with reference marks: the judge scores them, then sees how far off they are."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import ConflictError, DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy
from judging.bands import shown
from judging.calibrating import calibrated, differences, outcomes_of, sheet_of
from judging.forms.marks import clean_text, read_mark, read_number, read_version
from judging.models import Calibration, Criterion, Round, Sample, Trial, TrialMark
from judging.permissions import can_organise, is_chair
from judging.services.calibration import save_trial, submit_trial
from judging.services.scorecards import MarksMissingError
from judging.sheets import overlay, running
from judging.totals import Given

PER_PAGE = 50


@policy(SIGNED_IN)
@never_cache
@require_safe
def calibration(request: UserRequest, pk: int) -> HttpResponse:
    """The samples of a round, and how one's own marks came out."""
    round_ = get_object_or_404(Round.objects.select_related("season", "stage"), pk=pk)
    samples = list(
        Sample.objects.visible_to(request.user).filter(round=round_).order_by("position", "pk")
    )
    if not samples:
        raise Http404
    trials = (
        Trial.objects.filter(sample__in=samples, user=request.user)
        .select_related("sample")
        .prefetch_related("marks", "sample__references")
    )
    begun = {one.sample_id: one for one in trials}
    submitted = [one for one in begun.values() if one.submitted_at is not None]
    came = {trial.sample_id: how for trial, how in outcomes_of(round_, submitted)}
    context = {
        "season": round_.season,
        "round": round_,
        "rows": [(one, begun.get(one.pk), came.get(one.pk)) for one in samples],
        "left": len(samples) - len(submitted),
        "required": round_.calibration == Calibration.REQUIRED,
        "chairs": is_chair(request.user, round_),
    }
    return render(request, "judging/calibration.html", context)


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: UserRequest, pk: int) -> HttpResponse:
    """One sample beside the rubric; after submitting, the reference marks with their reasons."""
    rows = Sample.objects.visible_to(request.user).select_related(
        "round__season", "round__rubric", "round__stage"
    )
    found = get_object_or_404(rows, pk=pk)
    if request.method != "POST":
        return sample_page(request, found)
    if "criterion" in request.GET:
        return save_one(request, found)
    try:
        save_trial(found, read_marks(request, found), by=request.user)
        if "submit" in request.POST:
            submit_trial(found, by=request.user)
    except DomainError as error:
        return sample_page(request, found, refused=error)
    if "submit" in request.POST:
        messages.success(request, _("Submitted. Below you see the reference marks."))
    else:
        messages.success(request, _("Your marks of the sample are saved, not submitted."))
    return redirect("judging:sample", found.pk)


def save_one(request: UserRequest, found: Sample) -> JsonResponse:
    """Autosave of one criterion."""
    criteria = Criterion.objects.filter(dimension__rubric=found.round.rubric_id)
    criterion = get_object_or_404(criteria, pk=read_version(request.GET["criterion"]))
    marks = TrialMark.objects.filter(
        trial__sample=found, trial__user=request.user, criterion=criterion
    )
    abstained = request.POST.get("abstained") == "1"
    try:
        value = read_number(request.POST.get("value", ""), f"mark-{criterion.pk}")
        given = Given(
            None if abstained else value,
            abstained,
            clean_text(request.POST.get("comment")),
            read_version(request.POST.get("version")),
        )
        trial = save_trial(found, {criterion.pk: given}, by=request.user)
    except DomainError as error:
        answer: dict[str, Any] = {"message": str(error)}
        stored = marks.first() or TrialMark()
        if isinstance(error, ConflictError):
            value = stored.value
            answer["stored"] = {
                "value": "" if value is None else shown(value),
                "abstained": stored.abstained,
                "comment": stored.comment,
                "version": stored.version,
            }
        return JsonResponse(answer, status=409 if "stored" in answer else 422)
    version = getattr(marks.first(), "version", 0)
    return JsonResponse({"version": version, **running(found.round, trial.marks.all())})


def read_marks(request: UserRequest, found: Sample) -> dict[int, Given]:
    """What the form holds, by criterion."""
    given = {}
    for line in sheet_of(found, None).lines:
        typed = read_mark(request.POST, line.criterion, buttons=line.has_buttons)
        if typed is not None:
            given[line.criterion.pk] = Given(
                typed.value, typed.abstained, typed.comment, typed.version
            )
    return given


def sample_page(
    request: UserRequest, found: Sample, *, refused: DomainError | None = None
) -> HttpResponse:
    """The page; after a refusal what was typed stands where it was."""
    trial = (
        Trial.objects.filter(sample=found, user=request.user)
        .select_related("sample")
        .prefetch_related("marks", "sample__references")
        .first()
    )
    locked = trial is not None and trial.submitted_at is not None
    sheet = sheet_of(found, trial)
    missing = refused.criteria if isinstance(refused, MarksMissingError) else []
    for line in sheet.lines:
        if refused is not None and not locked:
            overlay(line, request.POST.dict())
            if refused.field == f"mark-{line.criterion.pk}":
                line.error = str(refused)
            elif line.criterion in missing:
                line.error = str(_("Give a mark, or abstain."))
    context: dict[str, Any] = {
        "season": found.round.season,
        "round": found.round,
        "sample": found,
        "answers": found.answers.order_by("position", "pk"),
        "trial": trial,
        "locked": locked,
        "may_score": not locked,
        "plain": True,
        "save_url": "" if locked else reverse("judging:sample", args=[found.pk]),
        "sheet": sheet,
        "apart": differences(trial) if trial is not None and locked else {},
        "outcome": outcomes_of(found.round, [trial])[0][1]
        if trial is not None and locked
        else None,
        "refused": refused,
        "next": Sample.objects.visible_to(request.user)
        .filter(round=found.round)
        .exclude(pk=found.pk)
        .unanswered_by(request.user)
        .order_by("position", "pk")
        .first()
        if locked
        else None,
    }
    return render(request, "judging/sample.html", context, status=422 if refused else 200)


@policy(SIGNED_IN)
@never_cache
@require_safe
def calibration_judges(request: UserRequest, pk: int) -> HttpResponse:
    """Who has scored the samples and how far off they are, for organisers and chairs who are through."""
    round_ = get_object_or_404(Round.objects.select_related("season", "stage"), pk=pk)
    organises, chairs = can_organise(request.user, round_.season), is_chair(request.user, round_)
    if not (organises or chairs):
        raise Http404
    mine = Sample.objects.visible_to(request.user).filter(round=round_)
    context = {
        "season": round_.season,
        "round": round_,
        "page": Paginator(calibrated(round_), PER_PAGE).get_page(request.GET.get("page")),
        # A chair who judges gives own marks before learning anything of the others'.
        "sees": organises or not mine.unanswered_by(request.user).exists(),
    }
    return render(request, "judging/calibration_judges.html", context)
