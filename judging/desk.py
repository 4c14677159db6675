"""What waits for a judge: rounds with progress, agreements to accept, entries closed to them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from accounts.models import User
from judging.models import (
    Advancement,
    Agreement,
    Assignment,
    AssignmentStatus,
    Consent,
    Correction,
    Criterion,
    Entrants,
    Judge,
    Purpose,
    Round,
    ScorecardStatus,
)
from judging.wishes import rounds_asking
from nominations.models import EntryStatus, Revision
from seasons.models import Season

UPCOMING, OPEN, CLOSED = "upcoming", "open", "closed"


@dataclass
class RoundWork:
    """A judge's share of one round."""

    round: Round
    total: int
    submitted: int
    started: int

    @property
    def closes_at(self) -> datetime:
        return self.round.stage.closes_for()

    @property
    def state(self) -> str:
        now = timezone.now()
        if now < self.round.stage.opens_at:
            return UPCOMING
        return OPEN if now < self.closes_at else CLOSED

    @property
    def left(self) -> int:
        return self.total - self.submitted


@dataclass
class Work:
    """Everything the desk says to one judge."""

    seats: list[Judge] = field(default_factory=list)
    rounds: list[RoundWork] = field(default_factory=list)
    unsigned: list[Season] = field(default_factory=list)
    defences: list[Season] = field(default_factory=list)
    late: list[Assignment] = field(default_factory=list)

    @property
    def asking(self) -> list[Season]:
        """Seasons that wait for the judge's preferences; the agreement comes first."""
        unsigned = {season.pk for season in self.unsigned}
        asked = {
            seat.jury.season_id: seat.jury.season
            for seat in self.seats
            if getattr(seat, "is_asked", False)
        }
        return [season for pk, season in asked.items() if pk not in unsigned]

    @property
    def waiting(self) -> list[Season]:
        """Seasons whose jury the judge is on, agreed, and where nothing is assigned yet."""
        known = {work.round.season_id for work in self.rounds}
        known |= {season.pk for season in self.unsigned}
        known |= {asked.round.season_id for asked in self.late}
        seasons = {seat.jury.season_id: seat.jury.season for seat in self.seats}
        return [season for pk, season in seasons.items() if pk not in known]


def to_score(user: User) -> QuerySet[Assignment]:
    """The judge's own assignments of entries that are still in the competition."""
    return Assignment.objects.of_judge(user).filter(
        Q(round__entrants=Entrants.ADMITTED)
        | Exists(Advancement.objects.filter(round=OuterRef("round"), entry=OuterRef("entry"))),
        entry__status=EntryStatus.ADMITTED,
    )


def late_of(user: User, closed_seasons: set[int]) -> list[Assignment]:
    """Reviews asked for beside a round, the nearest deadline first; those given stand last."""
    latest = Revision.objects.filter(entry=OuterRef("entry")).order_by("-number")
    names = latest.annotate(
        names=JSONObject(nominee_name="content__nominee_name", title="content__title")
    )
    return list(
        to_score(user)
        .exclude(purpose=Purpose.REGULAR)
        .exclude(round__season__in=closed_seasons)
        .filter(Q(until__gt=timezone.now()) | Q(scorecard__status=ScorecardStatus.SUBMITTED))
        .select_related(
            "round__season", "round__stage", "entry__organisation", "entry__nomination", "scorecard"
        )
        .annotate(
            submitted=Subquery(names.values("names")[:1]),
            given=Q(scorecard__status=ScorecardStatus.SUBMITTED),
        )
        .order_by("given", "until", "pk")[:50]
    )


def work_of(user: User) -> Work:
    """Collect a judge's work; the number of queries does not depend on its amount."""
    seats = list(
        Judge.objects.active()
        .filter(user=user)
        .annotate(
            is_asked=Exists(rounds_asking().filter(juries=OuterRef("jury"))),
            has_late=Exists(Assignment.objects.filter(judge=OuterRef("pk"), until__isnull=False)),
        )
        .select_related("jury__season")
        .order_by("-jury__season", "pk")
    )
    if not seats:
        return Work()
    seasons = {seat.jury.season_id: seat.jury.season for seat in seats}
    latest: dict[int, int] = {}
    for pk, season_id in Agreement.objects.filter(season__in=seasons).values_list("pk", "season"):
        latest[season_id] = max(pk, latest.get(season_id, 0))
    signed = set(
        Consent.objects.filter(user=user, agreement__in=latest.values()).values_list(
            "agreement", flat=True
        )
    )
    unsigned = [seasons[pk] for pk, agreement in latest.items() if agreement not in signed]
    closed_seasons = {season.pk for season in unsigned}
    rounds = rounds_of(user, closed_seasons)
    return Work(
        seats=seats,
        rounds=rounds,
        unsigned=unsigned,
        defences=defences_of(rounds),
        late=late_of(user, closed_seasons)
        if any(getattr(seat, "has_late", False) for seat in seats)
        else [],
    )


def rounds_of(user: User, closed_seasons: set[int]) -> list[RoundWork]:
    """Rounds with the judge's progress: open ones first, the nearest deadline on top."""
    counts = {
        row["round"]: row
        for row in to_score(user)
        .filter(purpose=Purpose.REGULAR)
        .exclude(round__season__in=closed_seasons)
        .order_by()
        .values("round")
        .annotate(
            total=Count("pk", distinct=True),
            submitted=Count(
                "pk", distinct=True, filter=Q(scorecard__status=ScorecardStatus.SUBMITTED)
            ),
            started=Count("pk", distinct=True, filter=Q(scorecard__status=ScorecardStatus.DRAFT)),
        )
    }
    rounds = (
        Round.objects.filter(pk__in=counts)
        .select_related("season", "stage")
        .prefetch_related("stage__extensions")
    )
    works = [
        RoundWork(one, **{key: counts[one.pk][key] for key in ("total", "submitted", "started")})
        for one in rounds
    ]
    order = {OPEN: 0, UPCOMING: 1, CLOSED: 2}

    def rank(work: RoundWork) -> tuple[int, float]:
        at = work.closes_at.timestamp()
        return order[work.state], -at if work.state == CLOSED else at

    return sorted(works, key=rank)


def defences_of(rounds: list[RoundWork]) -> list[Season]:
    """Seasons in which the judge has finalists to hear."""
    return list({w.round.season_id: w.round.season for w in rounds if w.round.has_defence}.values())


def rows_of(user: User, round_: Round, show: str = "") -> QuerySet[Assignment]:
    """The judge's entries of a round with how far each is; what was started stands first."""
    criteria = (
        Criterion.objects.filter(dimension__rubric=OuterRef("round__rubric"))
        .order_by()
        .values("dimension__rubric")
        .annotate(n=Count("pk"))
        .values("n")
    )
    latest = Revision.objects.filter(entry=OuterRef("entry")).order_by("-number")
    latest = latest.annotate(
        names=JSONObject(nominee_name="content__nominee_name", title="content__title")
    )
    rows = (
        to_score(user)
        .filter(round=round_, purpose=Purpose.REGULAR)
        .select_related("entry__organisation", "entry__nomination", "scorecard", "judge", "round")
        .annotate(
            submitted=Subquery(latest.values("names")[:1]),
            current_total=Coalesce(
                Subquery(
                    Correction.objects.filter(scorecard__assignment=OuterRef("pk"))
                    .order_by("-number")
                    .values("total")[:1]
                ),
                F("scorecard__total"),
            ),
            criteria_count=Subquery(criteria, output_field=IntegerField()),
            answered_count=Count(
                "scorecard__marks",
                filter=Q(scorecard__marks__value__isnull=False)
                | Q(scorecard__marks__abstained=True),
                distinct=True,
            ),
            stage_of_work=Case(
                When(scorecard__status=ScorecardStatus.SUBMITTED, then=Value(2)),
                When(scorecard__status=ScorecardStatus.DRAFT, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
        )
    )
    if show == "todo":
        rows = rows.exclude(stage_of_work=2)
    elif show == "done":
        rows = rows.filter(stage_of_work=2)
    return rows.order_by("stage_of_work", "entry__nomination__number", "entry__number", "pk")


def next_of(user: User, round_: Round, after: int | None = None) -> Assignment | None:
    """The entry to go on with: one that was started, else the next untouched one."""
    rows = rows_of(user, round_, "todo")
    return (rows if after is None else rows.exclude(pk=after)).first()


def following(user: User, found: Assignment) -> Assignment | None:
    """The next entry that is not submitted, in the order of the list; after the last comes the first."""
    rows = (
        to_score(user)
        .filter(round=found.round)
        .exclude(pk=found.pk)
        .exclude(scorecard__status=ScorecardStatus.SUBMITTED)
        .select_related("entry")
    )
    nomination, number, pk = found.entry.nomination.number, found.entry.number, found.pk
    behind = (
        Q(entry__nomination__number__gt=nomination)
        | Q(entry__nomination__number=nomination, entry__number__gt=number)
        | Q(entry__nomination__number=nomination, entry__number=number, pk__gt=pk)
    )
    return (
        rows.annotate(is_behind=Case(When(behind, then=Value(0)), default=Value(1)))
        .order_by("is_behind", "entry__nomination__number", "entry__number", "pk")
        .first()
    )


def closed_to(user: User) -> tuple[list[Assignment], int]:
    """Entries the judge stepped back from, and how many others a conflict closes."""
    mine = Assignment.objects.filter(judge__user=user, judge__removed_at=None)
    recused = list(
        mine.filter(status=AssignmentStatus.RECUSED)
        .select_related("entry", "round__season")
        .order_by("-pk")[:50]
    )
    hidden = mine.filter(status=AssignmentStatus.ACTIVE).exclude(
        pk__in=Assignment.objects.of_judge(user).values("pk")
    )
    return recused, hidden.count()
