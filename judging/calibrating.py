"""How far judges are from the reference marks of samples, and who has scored them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import mean

from judging.bands import shown
from judging.models import Criterion, Judge, ReferenceMark, Round, Sample, Trial, TrialMark
from judging.sheets import Line, Sheet, build_sheet
from judging.totals import scored_of, total_of


@dataclass(frozen=True)
class Apart:
    """One criterion: what was given, what the reference says, and the way between."""

    given: str
    reference: str
    apart: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """A submitted trial against its sample."""

    total: Decimal | None
    reference: Decimal | None

    @property
    def apart(self) -> Decimal | None:
        """Points above the reference; below it they are negative."""
        if self.total is None or self.reference is None:
            return None
        return self.total - self.reference


@dataclass(frozen=True)
class Calibrated:
    """One judge of a round: how many samples, and how far off in points of 100."""

    judge: Judge
    done: int
    of: int
    leaning: float | None
    """The mean way from the reference: above zero is more generous."""
    deviation: float | None
    """The mean distance, in whichever direction."""


def signed(value: Decimal) -> str:
    """A difference with its sign."""
    text = shown(abs(value)) if value else "0"
    return text if not value else f"{'+' if value > 0 else '−'}{text}"


def sheet_of(sample: Sample, trial: Trial | None) -> Sheet:
    """The rubric with the marks a judge gave to a sample."""
    sheet = build_sheet(sample.round, None)
    marks = {mark.criterion_id: mark for mark in trial.marks.all()} if trial else {}
    for line in sheet.lines:
        fill(line, marks.get(line.criterion.pk))
        line.comment_low = line.comment_high = ""
    return sheet


def fill(line: Line, mark: TrialMark | None) -> None:
    """Put a stored mark on its line."""
    if mark is not None:
        line.value = "" if mark.value is None else shown(mark.value)
        line.abstained, line.comment, line.version = mark.abstained, mark.comment, mark.version


def total(criteria: list[Criterion], marks: Iterable[TrialMark | ReferenceMark]) -> Decimal | None:
    """Points of 100, as a scorecard of these marks would have them."""
    return total_of(scored_of(criteria, {mark.criterion_id: mark.value for mark in marks}))


def outcome(criteria: list[Criterion], trial: Trial) -> Outcome:
    """How a submitted trial came out; the reference leaves out what the judge abstained on."""
    marks = list(trial.marks.all())
    judged = {mark.criterion_id for mark in marks if mark.value is not None}
    references = [one for one in trial.sample.references.all() if one.criterion_id in judged]
    return Outcome(total(criteria, marks), total(criteria, references))


def differences(trial: Trial) -> dict[int, Apart]:
    """By criterion; only for a trial that is submitted."""
    if trial.submitted_at is None:
        return {}
    marks = {mark.criterion_id: mark for mark in trial.marks.all()}
    found = {}
    for one in trial.sample.references.all():
        value = marks[one.criterion_id].value if one.criterion_id in marks else None
        found[one.criterion_id] = Apart(
            "—" if value is None else shown(value),
            shown(one.value),
            "—" if value is None else signed(value - one.value),
            str(one.reason),
        )
    return found


def outcomes_of(round_: Round, trials: Iterable[Trial]) -> list[tuple[Trial, Outcome]]:
    """How submitted trials of a round came out."""
    criteria = list(
        Criterion.objects.filter(dimension__rubric=round_.rubric_id).select_related("phase")
    )
    return [(one, outcome(criteria, one)) for one in trials]


def calibrated(round_: Round) -> list[Calibrated]:
    """Every judge of a round with how far off they are, those who have most to do first."""
    samples = set(Sample.objects.filter(round=round_).ready().values_list("pk", flat=True))
    trials = (
        Trial.objects.filter(sample__in=samples, submitted_at__isnull=False)
        .select_related("sample")
        .prefetch_related("marks", "sample__references")
    )
    by_user: dict[int, list[Decimal]] = {}
    done: dict[int, int] = {}
    for trial, came in outcomes_of(round_, trials):
        done[trial.user_id] = done.get(trial.user_id, 0) + 1
        if came.apart is not None:
            by_user.setdefault(trial.user_id, []).append(came.apart)
    seats = Judge.objects.active().filter(jury__rounds=round_).select_related("user")
    people = {seat.user_id: seat for seat in seats.order_by("user__full_name", "pk")}
    rows = [
        Calibrated(
            seat,
            done.get(pk, 0),
            len(samples),
            float(mean(by_user[pk])) if pk in by_user else None,
            float(mean(map(abs, by_user[pk]))) if pk in by_user else None,
        )
        for pk, seat in people.items()
    ]
    return sorted(rows, key=lambda one: one.done)
